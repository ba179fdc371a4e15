// The queue's durability: what a page, a battery or another page does to it.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientFrame, ServerFrame } from "../wire/munshi-v1";
import { LiveDevice, NotStored } from "./device";
import { deleteStore, openStore, type IdbStore } from "./idb";
import { Fenced } from "./store";
import { key, READING, welcome } from "./testing";

/** A socket whose other end is the test. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }
  say(...frames: ServerFrame[]) {
    this.onmessage?.({ data: frames.map((frame) => JSON.stringify(frame)).join("\n") });
  }
  get commands() {
    return this.sent.flatMap((frame) => (frame.t === "cmd" ? [frame.d] : frame.t === "batch" ? frame.d.cmds : []));
  }
}

const stores: IdbStore[] = [];
let name = "";
let page = 0;

async function store(): Promise<IdbStore> {
  const made = await openStore(name, `page_${page++}`);
  stores.push(made);
  return made;
}

async function device(over?: Partial<IdbStore>) {
  const kept = Object.assign(await store(), over);
  const answers: string[] = [];
  const live = await LiveDevice.open({
    url: "ws://test/ws/device",
    app: "1.0",
    identity: { device: "dev_7", install: "in_1", gen: 1 },
    tokens: { get: () => Promise.resolve("token") },
    store: kept,
    handlers: { answer: (cmd, answer) => answers.push(`${cmd.key} ${answer.st}`), parked: () => undefined, told: () => undefined },
  });
  return { live, answers, kept };
}

async function connected(live: LiveDevice, expect_ = 1): Promise<FakeSocket> {
  const before = FakeSocket.all.length;
  live.start();
  await vi.waitFor(() => expect(FakeSocket.all.length).toBeGreaterThan(before));
  const socket = FakeSocket.all.at(-1)!;
  socket.open();
  socket.say(welcome(expect_));
  return socket;
}

beforeEach(() => {
  name = `test_${page++}`;
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(async () => {
  for (const one of stores.splice(0)) one.close();
  await deleteStore(name);
  vi.unstubAllGlobals();
});

describe("a device's queue", () => {
  it("survives a page that is gone, with numbers and keys", async () => {
    const { live } = await device();
    const cmds = [];
    for (let n = 0; n < 3; n++) cmds.push(await live.record("scan", { raw: `R-${n}` }));
    live.end();
    const { live: again } = await device();
    expect(again.state().pending).toEqual(cmds);
    expect((await again.record("scan", { raw: "R-3" })).seq).toBe(4);
    const socket = await connected(again);
    expect(socket.commands.map((cmd) => [cmd.seq, cmd.key])).toEqual(again.state().pending.map((cmd) => [cmd.seq, cmd.key]));
    expect(socket.commands.slice(0, 3)).toEqual(cmds);
  });

  it("is durable before it answers, and sends nothing that is not", async () => {
    let stored: (() => void) | undefined;
    const { live, kept } = await device();
    const append = kept.append.bind(kept);
    kept.append = (cmd) => append(cmd).then(() => new Promise<void>((resolve) => (stored = resolve)));
    const socket = await connected(live);
    let beeped = false;
    const recorded = live.record("scan", { raw: "R" }).then(() => (beeped = true));
    await vi.waitFor(() => expect(stored).toBeDefined());
    expect([beeped, socket.commands]).toEqual([false, []]);
    stored?.();
    await recorded;
    expect(socket.commands).toHaveLength(1);
  });

  it("takes nothing when the store is full, and goes on under the same number when it is not", async () => {
    const { live, kept } = await device();
    const append = kept.append.bind(kept);
    kept.append = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));
    await expect(live.record("scan", { raw: "R" })).rejects.toEqual(new NotStored("store_failed"));
    expect([live.state().pending, live.state().storeFailed]).toEqual([[], true]);
    kept.append = append;
    expect((await live.record("scan", { raw: "R" })).seq).toBe(1);
    expect(live.state().storeFailed).toBe(false);
  });

  it("forgets a command by its own answer, also in the store", async () => {
    const { live, answers } = await device();
    const socket = await connected(live);
    const first = await live.record("scan", { raw: "A" });
    const second = await live.record("scan", { raw: "B" });
    socket.say({ t: "ack", d: { through: 2, r: [{ seq: 1, st: "applied" }] } });
    expect(answers).toEqual([`${first.key} applied`]);
    const third = await live.record("scan", { raw: "C" });
    const { queue, next } = await (await store()).load();
    expect(queue.map((cmd) => cmd.key)).toEqual([second.key, third.key]);
    expect(next).toBe(4);
  });

  it("is numbered anew in one step, also with commands that come meanwhile", async () => {
    const { live } = await device();
    const first = await live.record("scan", { raw: "A" });
    const socket = await connected(live, 9);
    // A server that expects less was set back; one that says rebase expects more.
    socket.onclose?.({ code: 1006 });
    live.start();
    await vi.waitFor(() => expect(FakeSocket.all.length).toBe(2));
    const again = FakeSocket.all[1]!;
    again.open();
    again.say({ t: "err", d: { code: "rebase", num: 1013, retry: "resync", msg: "", expect: 20 } }, welcome(20));
    const second = await live.record("scan", { raw: "B" });
    await vi.waitFor(() => expect(again.commands).toHaveLength(2));
    expect(again.commands.map((cmd) => [cmd.seq, cmd.key])).toEqual([[20, first.key], [21, second.key]]);
    const { queue, next } = await (await store()).load();
    expect(queue.map((cmd) => [cmd.seq, cmd.key])).toEqual([[20, first.key], [21, second.key]]);
    expect(next).toBe(22);
  });

  it("sets one aside durably, and forgets it when a person has seen to it", async () => {
    const { live } = await device();
    const socket = await connected(live);
    const bad = await live.record("dance", {});
    socket.say({ t: "err", id: socket.sent.at(-1)!.id!, d: { code: "unknown_type", num: 1002, retry: "no", msg: "" } });
    await vi.waitFor(() => expect(live.state().parked).toHaveLength(1));
    const good = await live.record("scan", { raw: "A" });
    expect(good.seq, "the number was not used").toBe(1);
    const reader = await openStore(name, "reader");
    stores.push(reader);
    const tx = reader.db.transaction("parked").objectStore("parked").getAll();
    await vi.waitFor(() => expect(tx.readyState).toBe("done"));
    expect(tx.result).toEqual([{ cmd: bad, code: "unknown_type" }]);
    await live.dismiss(bad.key);
    expect(live.state().parked).toEqual([]);
    expect((await (await store()).load()).parked).toEqual([]);
  });

  it("stores no PIN, and sends it all the same", async () => {
    const { live } = await device();
    const socket = await connected(live);
    await live.record("sign_on", { badge: "B1", pin: "471147" });
    await vi.waitFor(() => expect(socket.commands).toHaveLength(1));
    expect(socket.commands[0]!.a).toEqual({ badge: "B1", pin: "471147" });
    const { queue } = await (await store()).load();
    expect(queue.map((cmd) => cmd.a)).toEqual([{ badge: "B1", pin: "" }]);
  });

  it("belongs to the page that opened it last", async () => {
    const { live: old, kept } = await device();
    await old.record("scan", { raw: "A" });
    const { live: young } = await device();
    await expect(old.record("scan", { raw: "B" })).rejects.toEqual(new NotStored("store_failed"));
    expect(old.state().connection).toEqual({ state: "refused", reason: "replaced" });
    await expect(kept.forget([key(1)])).rejects.toBeInstanceOf(Fenced);
    await young.record("scan", { raw: "C" });
    const { queue } = await (await store()).load();
    expect(queue.map((cmd) => [cmd.seq, (cmd.a as { raw: string }).raw])).toEqual([[1, "A"], [2, "C"]]);
  });

  it("writes a whole command or nothing", async () => {
    const one = await store();
    await one.load();
    const cmd = { seq: 1, key: key(1), op: "scan", a: {}, at: READING };
    await one.append(cmd);
    await expect(one.append({ ...cmd, seq: 2 }), "the key is there already").rejects.toThrow();
    expect(await (await store()).load()).toMatchObject({ queue: [cmd], next: 2 });
  });
});
