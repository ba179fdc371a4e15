import { expect, test } from "vitest";
import type { TopicView } from "@/live/react";
import type { ApprovalRow } from "@/wire/munshi-v1";
import { combine, nextAfter, type Step, type Waiting } from "./waiting";

const listed = (step: string, role: string, at: number, state = "active") =>
  ({ step, queue: `q-${role}`, role, state, order: `o-${step}`, hash: "h", amount: { amount: "1.00", currency: "PKR" }, opened_at: new Date(at).toISOString(), votes: [], version: 1, edition: 1 }) as unknown as Step;
const view = (state: TopicView<ApprovalRow>["state"], rows: Record<string, [string, number]>): TopicView<ApprovalRow> => ({
  state,
  rows: new Map(Object.entries(rows).map(([k, [s, at]]) => [k, { k, ver: 1, v: { state: s, rev: 1, order: `o-${k}`, number: `N-${k}`, hash: "h2", amount: "2.00", currency: "PKR", reasons: [], opened_at: at } as ApprovalRow }])),
});

test("a topic that stands has the last word about its role", () => {
  const rows = combine([listed("a", "finance", 1), listed("b", "sales_manager", 2)], new Map([["approvals.finance", view("live", { c: ["active", 5] })]]));
  expect(rows.map((r) => [r.step, r.queue])).toEqual([["b", "q-sales_manager"], ["c", null]]);
});

test("without a topic the list is shown, without what is decided", () => {
  const rows = combine([listed("a", "finance", 2), listed("b", "finance", 1), listed("c", "finance", 0, "approved")], new Map([["approvals.finance", view("refused", {})]]));
  expect(rows.map((r) => r.step)).toEqual(["b", "a"]);
});

test("rows that are decided go, and the queue is found in the list", () => {
  const rows = combine([listed("a", "finance", 2)], new Map([["approvals.finance", view("live", { a: ["active", 2], b: ["approved", 1] })]]));
  expect(rows.map((r) => [r.step, r.queue, r.number])).toEqual([["a", "q-finance", "N-a"]]);
});

test("after a decision the following one is looked at", () => {
  const w = (step: string) => ({ step }) as Waiting;
  const before = [w("a"), w("b"), w("c"), w("d")];
  expect(nextAfter([w("a"), w("d")], "b", before)).toBe("d");
  expect(nextAfter([w("a")], "d", before)).toBe("a");
  expect(nextAfter([], "a", before)).toBeNull();
});
