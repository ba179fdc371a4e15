import { expect, test } from "vitest";
import { byNeed, looked, unreadIn, viewOf } from "./order";
import { clock, minuteOf, quietHours } from "./quiet";
import { replayBody } from "./replay";
import { readThread } from "./thread";
import type { ConversationRow, ThreadEntry } from "./types";
import { addressFault, failing, ROOM_KINDS, roomChanged, roomOf } from "./vendors";

const AT = "2026-11-21T10:00:00.000Z";
let version = 0;
const entry = (event: ThreadEntry["event"], text: string | null = null): ThreadEntry => ({ version: (version += 1), at: AT, event, text });
const queued = (id: string) =>
  entry({ type: "MessageQueued", message: { id, kind: "order_placed", route: ["whatsapp", "sms"], language: "ur", status: "queued" } }, "آرڈر");
const sending = (message: string, attempt: number, channel: string) => entry({ type: "SendRequested", message, attempt, channel, form: "template", at: AT });
const status = (message: string, attempt: number, word: string, code?: string) =>
  entry({ type: "StatusRecorded", message, attempt, status: word, code, at: AT });
/** As the server answers: newest first. */
const read = (...oldestFirst: ThreadEntry[]) => readThread([...oldestFirst].reverse());

test("a message stands once, as far as it came", () => {
  const items = read(queued("m"), sending("m", 1, "whatsapp"), status("m", 1, "accepted"), status("m", 1, "read"));
  expect(items).toMatchObject([{ kind: "sent", channel: "whatsapp", status: "read", text: "آرڈر", about: "order_placed", author: null }]);
});

test("the next channel's attempt counts, and late news of the one before does not, unless it arrived after all", () => {
  const start = [queued("m"), sending("m", 1, "whatsapp"), status("m", 1, "failed", "63016"), sending("m", 2, "sms")];
  expect(read(...start.slice(0, 3))).toMatchObject([{ status: "failed", code: "63016" }]);
  expect(read(...start)).toMatchObject([{ status: "queued", channel: "sms", code: null, attempts: 2 }]);
  expect(read(...start, status("m", 1, "failed"))).toMatchObject([{ status: "queued" }]);
  expect(read(...start, status("m", 1, "delivered"))).toMatchObject([{ status: "delivered" }]);
});

test("what was not sent says why, and news of a message on an older page is left out", () => {
  expect(read(queued("m"), entry({ type: "MessageSuppressed", message: "m", code: "opted_out" }))).toMatchObject([{ status: "suppressed", code: "opted_out" }]);
  expect(read(queued("m"), entry({ type: "MessageExpired", message: "m" }))).toMatchObject([{ status: "expired", code: null }]);
  expect(read(status("gone", 1, "read"))).toEqual([]);
});

test("buttons, pictures, calls and assignments are read", () => {
  const inbound = (body: object) => entry({ type: "InboundReceived", inbound: { channel: "whatsapp", body } }, "Yes");
  const items = read(
    inbound({ type: "button", choice: "yes", text: "Yes" }), inbound({ type: "media", media: "audio/ogg", text: "" }),
    entry({ type: "CallNoted", note: "He waits.", outcome: "confirmed", by: "u1", at: AT }),
    entry({ type: "ConversationAssigned", to: null, why: "unsure", at: AT }), entry({ type: "OrderLinked", order: {} }),
    entry({ type: "RungTaken", rung: 1, call: false }), entry({ type: "RungTaken", rung: 2, call: true }),
  );
  expect(items).toMatchObject([
    { kind: "received", button: true, media: null }, { kind: "received", button: false, media: "audio/ogg" },
    { kind: "called", outcome: "confirmed", by: "u1", note: "He waits." }, { kind: "noted", what: "assigned", word: "unsure", who: null },
    { kind: "noted", what: "call_due" },
  ]);
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
});

const row = (id: string, of: Partial<ConversationRow> = {}): ConversationRow => ({
  id, name: id, customer_id: null, user_id: null, language: null, needs_agent: false, why: null, assigned_to: null, call_due: false,
  call_until: null, open_questions: 0, last_inbound_at: null, orders: [], ...of,
});

test("calls come first by their end, then who needs a person, each once", () => {
  const late = row("late", { call_due: true, call_until: "2026-11-22T00:00:00Z" });
  const soon = row("soon", { call_due: true, call_until: "2026-11-21T00:00:00Z", needs_agent: true });
  const agent = row("agent", { needs_agent: true });
  expect(byNeed([soon, agent], [late, soon], [row("rest"), agent, late]).map((one) => one.id)).toEqual(["soon", "late", "agent", "rest"]);
  expect(viewOf("calls")).toBe("calls");
  expect(viewOf("nonsense")).toBe("all");
});

test("a thread is unread until it was looked at, and again when the person writes", () => {
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const thread = row("a", { last_inbound_at: AT });
  expect(unreadIn(store)(thread)).toBe(true);
  expect(unreadIn(store)(row("silent"))).toBe(false);
  looked("a", AT, store);
  expect(unreadIn(store)(thread)).toBe(false);
  expect(unreadIn(store)({ ...thread, last_inbound_at: "2026-11-21T10:00:01.000Z" })).toBe(true);
  looked("a", "2026-11-20T00:00:00.000Z", store);
  expect(unreadIn(store)(thread)).toBe(false);
  for (let n = 0; n < 600; n += 1) looked(`t${n}`, AT, store);
  expect(unreadIn(store)(thread)).toBe(true);
  expect(unreadIn(store)(row("t599", { last_inbound_at: AT }))).toBe(false);
  kept.set("munshi.threads.seen", "{");
  expect(unreadIn(store)(thread)).toBe(true);
});

test("a dead letter is sent again with what differs, and nothing else", () => {
  const now = new Date("2026-11-21T10:00:00Z");
  expect(replayBody({ name: "Sana" }, { name: "Sana" }, " ", null, now)).toEqual({});
  expect(replayBody({ name: "Sana", total: "5" }, { name: "Sana", total: "6" }, " typo ", 4, now)).toEqual({
    values: { total: "6" }, reason: "typo", expires_at: "2026-11-21T14:00:00.000Z",
  });
});

test("hours of the day are minutes of the shop's clock", () => {
  expect([0, 435, 1_439].map(clock)).toEqual(["00:00", "07:15", "23:59"]);
  expect([0, 435, 1_439].map((minute) => minuteOf(clock(minute)))).toEqual([0, 435, 1_439]);
  expect(["", "24:00", "7:15", "12:60"].map(minuteOf)).toEqual([NaN, NaN, NaN, NaN]);
  expect(quietHours({ messaging: { quiet_from_minute: 1_260, quiet_until_minute: 540 } })).toEqual({ from: 1_260, until: 540 });
  expect(quietHours(undefined)).toBeNull();
});

test("what waits may be tried again while a vendor fails", () => {
  const health = { breaker: "closed", planned: 1, in_flight: 0, unknown: 0, position: 9, lag: 0, last_ok: AT, last_failure: "2026-11-21T10:00:01.000Z" };
  expect(failing(health)).toBe(true);
  expect(failing({ ...health, planned: 0 })).toBe(false);
  expect(failing({ ...health, last_ok: "2026-11-21T10:00:02.000Z" })).toBe(false);
  expect(failing({ ...health, last_ok: null })).toBe(true);
  expect(failing({ ...health, planned: 0, breaker: "open" })).toBe(true);
});

test("a room says what it hears of, and only what differs is sent", () => {
  const fresh = roomOf({});
  expect(fresh).toEqual({ roles: [], kinds: ROOM_KINDS, language: "en" });
  expect(roomChanged({}, { ...fresh, roles: ["admin"] })).toEqual({ roles: ["admin"] });
  const was = { roles: ["finance", "admin"], kinds: ["low_stock"], language: "ur" };
  expect(roomChanged(was, roomOf(was))).toEqual({});
  expect(roomChanged(was, { roles: ["admin", "finance"], kinds: ["low_stock", "error_alert"], language: "en" })).toEqual({
    kinds: ["low_stock", "error_alert"], language: "en",
  });
});

test("a room's address is looked at before it is sent", () => {
  const slack = "https://hooks.slack.com/services/T0/B0/x";
  expect([slack, ` ${slack} `].map((text) => addressFault("slack", "live", text))).toEqual([null, null]);
  expect(["", "slack", "ftp://x.example/", "https://a b.example/", "https://me@hooks.slack.com/x"].map((text) => addressFault("slack", "practice", text))).toEqual(
    Array(5).fill("addressNot"),
  );
  expect(addressFault("slack", "live", slack.replace("https", "http"))).toBe("addressPlain");
  expect(addressFault("slack", "live", "https://hooks.slack.com.evil.example/x")).toBe("addressSlack");
  expect(addressFault("teams", "live", "https://prod-1.westeurope.logic.azure.com/workflows/1")).toBeNull();
  expect(addressFault("slack", "practice", "http://127.0.0.1:7400/slack/T000-practice")).toBeNull();
});
