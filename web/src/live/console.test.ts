// One connection for all pages of a tab: who holds what, what is drawn, what is told.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientFrame, ServerFrame, Sub } from "../wire/munshi-v1";
import { LiveConsole, NotDone } from "./console";
import { welcome } from "./testing";
import { SignedOut } from "./token";
import { MARK_MS, type TopicView } from "./views";

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket | undefined;
  static count = 0;
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  constructor() {
    FakeSocket.last = this;
    FakeSocket.count += 1;
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  say(...frames: ServerFrame[]) {
    this.onmessage?.({ data: frames.map((frame) => JSON.stringify(frame)).join("\n") });
  }
  subs(): Sub[] {
    return this.sent.filter((frame) => frame.t === "sub").map((frame) => frame.d as Sub);
  }
}

const ORDERS = "wh.w1.orders";
let token: () => Promise<string>;
let live: LiveConsole;
const drawn = () => vi.advanceTimersByTimeAsync(60);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.count = 0;
  token = () => Promise.resolve("token-1");
  live = new LiveConsole({ url: "ws://test/ws/console", app: "1.0", tokens: { get: () => token() } });
});

afterEach(() => {
  live.end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Connects, with a topic held, and answers what its subscription asked. */
async function connected(topic = ORDERS): Promise<{ socket: FakeSocket; told: ReturnType<typeof vi.fn>; letGo: () => void }> {
  const told = vi.fn();
  const letGo = live.hold(topic, {}, told);
  await vi.advanceTimersByTimeAsync(1);
  const socket = FakeSocket.last!;
  socket.readyState = FakeSocket.OPEN;
  socket.onopen?.();
  socket.say(welcome(1, [{ topic, outcome: "snapshot", epoch: "j", off: 5 }]));
  return { socket, told, letGo };
}

const snap = (off: number, keys: string[]): ServerFrame => ({
  t: "snap",
  d: { topic: ORDERS, epoch: "j", off, page: 0, last: true, rows: keys.map((k) => ({ k, v: { status: k }, ver: off })) },
});
const put = (base: number, off: number, k: string): ServerFrame => ({
  t: "delta",
  d: { topic: ORDERS, epoch: "j", base, off, put: [{ k, v: { status: k }, ver: off }] },
});
const rows = () => (live.view(ORDERS) as TopicView<unknown>).rows;
const marks = () => Object.fromEntries([...rows().values()].map((row) => [row.k, row.mark]));

describe("a topic", () => {
  it("is drawn once a frame, keeps the objects of rows that did not change, and marks what did", async () => {
    const { socket, told } = await connected();
    expect(live.connection()).toEqual({ state: "catching_up", topics: 1 });
    expect(live.view(ORDERS).state).toBe("loading");
    socket.say(snap(5, ["a", "b"]));
    expect(live.connection()).toEqual({ state: "live" });
    await drawn();
    expect([live.view(ORDERS).state, marks()]).toEqual(["live", { a: undefined, b: undefined }]);
    const before = rows();
    told.mockClear();
    socket.say(put(5, 6, "a"), put(6, 7, "a"), put(7, 8, "c"));
    expect(rows(), "not yet").toBe(before);
    await drawn();
    expect(told).toHaveBeenCalledTimes(1);
    expect(marks()).toEqual({ a: "changed", b: undefined, c: "new" });
    expect(rows().get("b")).toBe(before.get("b"));
    await vi.advanceTimersByTimeAsync(MARK_MS + 100);
    expect(marks()).toEqual({ a: undefined, b: undefined, c: undefined });
    const after = live.view(ORDERS);
    await drawn();
    expect(live.view(ORDERS), "nothing changes by itself").toBe(after);
  });

  it("says that it is stale while the connection is away, and marks what is different afterwards", async () => {
    const { socket } = await connected();
    socket.say(snap(5, ["a", "b"]));
    await drawn();
    socket.onclose?.({ code: 1006 });
    expect(live.connection().state).toBe("reconnecting");
    await drawn();
    expect([live.view(ORDERS).state, rows().size]).toEqual(["stale", 2]);
    live.start();
    const again = FakeSocket.last!;
    expect(again).not.toBe(socket);
    again.readyState = FakeSocket.OPEN;
    again.onopen?.();
    expect(again.sent[0]?.d).toMatchObject({ ticket: "ticket-1", subs: [{ topic: ORDERS, since: { epoch: "j", off: 5 } }] });
    again.say(welcome(1, [{ topic: ORDERS, outcome: "resumed", epoch: "j", off: 9 }]), put(5, 9, "b"));
    await drawn();
    expect([live.view(ORDERS).state, marks()]).toEqual(["live", { a: undefined, b: "changed" }]);
  });

  it("is shared: two windows of it are one subscription without one", async () => {
    const { socket } = await connected();
    const stock = "wh.w1.stock";
    const one = live.hold(stock, { window: { zone: ["a"] } }, () => undefined);
    live.hold(stock, { window: { zone: ["a"] } }, () => undefined);
    expect(socket.subs().map((sub) => sub.window)).toEqual([{ zone: ["a"] }]);
    const other = live.hold(stock, { window: { zone: ["b"] } }, () => undefined);
    expect(socket.subs().map((sub) => sub.window)).toEqual([{ zone: ["a"] }, undefined]);
    expect(live.windowOf(stock)).toBeUndefined();
    other();
    one();
    live.hold(stock, { window: { zone: ["a"] } }, () => undefined);
    expect(live.windowOf(stock)).toEqual({ zone: ["a"] });
  });

  it("is let go some time after nobody holds it any more", async () => {
    const { socket, letGo } = await connected();
    const pass = async (seconds: number) => {
      for (let n = 0; n < seconds; n += 5) {
        await vi.advanceTimersByTimeAsync(5_000);
        socket.say({ t: "ping", d: { n, time_ms: 1 } });
      }
    };
    letGo();
    await pass(5);
    const again = live.hold(ORDERS, {}, () => undefined);
    await pass(20);
    expect(socket.sent.some((frame) => frame.t === "unsub")).toBe(false);
    again();
    await pass(15);
    expect(socket.sent.filter((frame) => frame.t === "unsub").map((frame) => frame.d)).toEqual([{ topic: ORDERS }]);
  });

  it("that has no value yet is live all the same, if it is a gauge", async () => {
    const { socket } = await connected("dash.w1.throughput");
    await drawn();
    expect([live.connection(), live.view("dash.w1.throughput")]).toEqual([{ state: "live" }, { state: "live", value: undefined }]);
    socket.say({ t: "snap", d: { topic: "dash.w1.throughput", epoch: "g", off: 1, page: 0, last: true, v: { picks_1m: 3 } } });
    await drawn();
    expect(live.view("dash.w1.throughput")).toEqual({ state: "live", value: { picks_1m: 3 } });
  });

  it("that is refused says why", async () => {
    await connected();
    live.hold("approvals.finance", {}, () => undefined);
    const socket = FakeSocket.last!;
    const { id } = socket.sent.at(-1)!;
    socket.say({ t: "err", id: id!, d: { code: "sub_denied", num: 2103, retry: "no", msg: "" } });
    await drawn();
    expect(live.view("approvals.finance")).toMatchObject({ state: "refused", code: "sub_denied" });
  });
});

describe("the connection", () => {
  it("waits for a session and says that there is none", async () => {
    token = () => Promise.reject(new SignedOut());
    live.hold(ORDERS, {}, () => undefined);
    await vi.advanceTimersByTimeAsync(1);
    expect([live.connection(), FakeSocket.count]).toEqual([{ state: "signed_out" }, 0]);
    token = () => Promise.resolve("token-2");
    live.start();
    await vi.advanceTimersByTimeAsync(1);
    expect([live.connection().state, FakeSocket.count]).toEqual(["connecting", 1]);
  });

  it("asks again for a token that could not be fetched, and for a fresh one when it has expired", async () => {
    let tries = 0;
    token = () => (++tries < 3 ? Promise.reject(new Error("no network")) : Promise.resolve(`token-${tries}`));
    live.hold(ORDERS, {}, () => undefined);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([tries, FakeSocket.count]).toEqual([3, 1]);
    const socket = FakeSocket.last!;
    socket.readyState = FakeSocket.OPEN;
    socket.onopen?.();
    socket.say(welcome(1));
    socket.onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(1);
    expect([tries, FakeSocket.count]).toEqual([4, 2]);
  });

  it("says why it was refused and tries no more by itself", async () => {
    const { socket } = await connected();
    socket.onclose?.({ code: 4504 });
    expect(live.connection()).toEqual({ state: "refused", reason: "connection_limit" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(FakeSocket.count).toBe(1);
    live.start();
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.count).toBe(2);
  });
});

describe("a command", () => {
  it("is answered, over a reconnect too, or refused", async () => {
    const { socket } = await connected();
    const one = live.command("order.cancel", { id: "1" }, 7);
    const sent = socket.sent.at(-1);
    expect(sent).toMatchObject({ t: "cmd", d: { op: "order.cancel", rev: 7, a: { id: "1" } } });
    const key = sent?.t === "cmd" ? sent.d.key : "";
    socket.onclose?.({ code: 1006 });
    live.start();
    const again = FakeSocket.last!;
    again.readyState = FakeSocket.OPEN;
    again.onopen?.();
    again.say(welcome(1));
    expect(again.sent.find((frame) => frame.t === "cmd")?.d).toMatchObject({ key });
    again.say({ t: "ack", d: { r: [{ key, st: "duplicate" }] } });
    await expect(one).resolves.toEqual({ key, st: "duplicate" });
    const two = live.command("dance", {});
    const { id } = again.sent.at(-1)!;
    again.say({ t: "err", id: id!, d: { code: "unknown_type", num: 1002, retry: "no", msg: "" } });
    await expect(two).rejects.toEqual(new NotDone("unknown_type"));
    const three = live.command("order.cancel", {});
    live.end();
    await expect(three).rejects.toEqual(new NotDone("gone"));
  });
});
