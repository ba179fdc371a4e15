import { expect, test } from "vitest";
import { actorOf, deedsOf, type Entry, reasonOf, toneOfEntry } from "./story";

const entry = (events: unknown[], more: Partial<Entry> = {}): Entry =>
  ({ seq: 1, version: 1, at: "2026-01-01T00:00:00Z", by: "process:record", command: "X", reason: null, hash: "", events: events as never, ...more }) as Entry;

const vote = { type: "StepDecisionRecorded", decision: { by: "u1", result: "rejected", rationale: "too dear" } };

test("a vote is the voter's, with the voter's reason", () => {
  expect(actorOf(entry([vote]))).toEqual({ user: "u1" });
  expect(reasonOf(entry([vote]))).toBe("too dear");
  expect(toneOfEntry(entry([vote]))).toBe("bad");
  expect(deedsOf(entry([vote]))[0]?.word).toEqual({ group: "decision", word: "reject" });
});

test("users and processes are told apart", () => {
  expect(actorOf(entry([], { by: "user:abc" }))).toEqual({ user: "abc" });
  expect(actorOf(entry([], { by: "process:placement" }))).toEqual({ munshi: "placement" });
  expect(actorOf(entry([], { by: "timer" }))).toEqual({ munshi: "timer" });
});

test("the same thing in several places is one deed with all units", () => {
  const deeds = deedsOf(entry([
    { type: "LineAllocated", quantity: 6, warehouse: "A" }, { type: "LineAllocated", quantity: 40, warehouse: "B" },
    { type: "SourcingEnded" }, { type: "UnitsReleased", lines: [[1, 6], [2, 3]], warehouse: "A" },
  ]));
  expect(deeds).toEqual([
    { type: "LineAllocated", units: 46, places: ["A", "B"], word: null, booking: null },
    { type: "UnitsReleased", units: 9, places: ["A"], word: null, booking: null },
  ]);
});

test("housekeeping is told only if nothing else happened", () => {
  expect(deedsOf(entry([{ type: "SourcingEnded" }])).map((d) => d.type)).toEqual(["SourcingEnded"]);
});

test("events of a shape that is not known do no harm", () => {
  expect(deedsOf(entry([null, 7, "x", {}]))).toEqual([{ type: "X", units: 0, places: [], word: null, booking: null }]);
});

test("a booking names the carrier and its number; two bookings are two", () => {
  const booked = (tracking: unknown) => ({ type: "ConsignmentBooked", parcel: 1, carrier: "TCS", tracking });
  expect(deedsOf(entry([booked("TCS-1"), booked("TCS-2")])).map((d) => d.booking)).toEqual(["TCS TCS-1", "TCS TCS-2"]);
  expect(deedsOf(entry([booked("")])).map((d) => d.booking)).toEqual(["TCS"]);
  expect(deedsOf(entry([{ ...booked(7), carrier: null }])).map((d) => d.booking)).toEqual([null]);
});
