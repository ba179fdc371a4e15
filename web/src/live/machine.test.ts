// The scenarios of protocols/src/clientsm/tests.rs, told to this machine.
import { describe, expect, it } from "vitest";
import type { Delta, Err, ServerFrame, Snap, Subscribed } from "../wire/munshi-v1";
import { reaction } from "./codes";
import { Backoff, Pace } from "./pace";
import { ack, CONSOLE, DEVICE, drain, greeting, key, live, machine, ORDERS, READING, record, say, seqs, welcome } from "./testing";

const err = (code: string, retry: Err["retry"], more: Partial<Err> = {}, id?: number): ServerFrame => ({
  t: "err",
  ...(id !== undefined && { id }),
  d: { code, num: 0, retry, msg: "", ...more },
});
const snap = (off: number, more: Partial<Snap> = {}): ServerFrame => ({
  t: "snap",
  d: { topic: ORDERS, epoch: "j", off, page: 0, last: true, rows: [{ k: "o_1", v: {}, ver: off }], ...more },
});
const delta = (base: number, off: number, more: Partial<Delta> = {}): ServerFrame => ({
  t: "delta",
  d: { topic: ORDERS, epoch: "j", base, off, ...more },
});
const granted = (outcome: Subscribed["outcome"], off: number): Subscribed => ({ topic: ORDERS, outcome, epoch: "j", off });

describe("connecting", () => {
  it.each([
    [4000, "reconnect"], [4004, "reconnect"], [4008, "reconnect"], [4010, "reconnect"], [4012, "reconnect"],
    [4013, "reconnect"], [4401, "reauth"], [4500, "stop"], [4501, "stop"], [4502, "stop"], [4503, "stop"],
    [4504, "stop"], [4505, "stop"], [4506, "stop"], [1002, "stop"], [1003, "stop"], [1007, "stop"], [1009, "stop"],
    [1000, "reconnect"], [1001, "reconnect"], [1006, "reconnect"], [1011, "reconnect"], [4499, "reconnect"], [4777, "stop"],
  ] as const)("a close with %i means %s", (close, react) => {
    expect(reaction(close)).toBe(react);
    const m = live(DEVICE);
    m.closed(1, close);
    const { events } = drain(m);
    if (react === "reconnect") expect(m.phase.at).toBe("waiting");
    if (react === "stop") {
      expect(events).toContainEqual({ is: "stopped", reason: { why: "closed", close } });
      expect(m.deadline(1), "it stays stopped").toBeUndefined();
    }
    if (react === "reauth") {
      expect(events).toContainEqual({ is: "token_needed" });
      m.setToken(2, "token-2");
      expect(drain(m).other).toEqual(["connect"]);
    }
  });

  it.each([
    ["busy", "later", "waiting"],
    ["not_ready", "resync", "waiting"],
    ["token_expired", "reauth", "no_token"],
    ["device_revoked", "no", "stopped"],
    ["app_too_old", "update_app", "stopped"],
  ] as const)("hello refused with %s (%s) leads to %s", (code, retry, phase) => {
    const m = greeting(DEVICE);
    drain(m);
    say(m, 1, err(code, retry, { retry_ms: 9_000 }));
    expect(m.phase.at).toBe(phase);
    if (m.phase.at === "waiting") expect(m.phase.until).toBe(9_001);
  });

  it("asks for a token, and falls back to it when a ticket is dead", () => {
    const m = machine(CONSOLE);
    m.start(0);
    expect(drain(m).events).toEqual([{ is: "token_needed" }]);
    m.setToken(0, "token-1");
    m.opened(0, READING);
    say(m, 0, welcome(1));
    m.closed(1, 1006);
    m.tick(1_000);
    m.opened(1_000, READING);
    expect(drain(m).sent.at(-1)?.d).toMatchObject({ ticket: "ticket-1" });
    say(m, 1_000, err("token_expired", "reauth"));
    expect(m.phase.at, "the ticket was refused; the token may live").toBe("waiting");
    m.tick(40_000);
    m.opened(40_000, READING);
    expect(drain(m).sent.at(-1)?.d).toMatchObject({ token: "token-1" });
    say(m, 40_000, err("token_expired", "reauth"));
    expect(drain(m).events).toContainEqual({ is: "token_needed" });
    m.setToken(40_001, "token-2");
    m.opened(40_001, READING);
    say(m, 40_001, welcome(1));
    drain(m);
    m.setToken(40_002, "token-3");
    expect(drain(m).sent, "refreshed in place").toEqual([{ t: "auth", id: expect.any(Number) as number, d: { token: "token-3" } }]);
  });

  it("leaves a silent server, and wakes with the page", () => {
    const m = live(DEVICE);
    expect(m.deadline(0)).toBe(10_000);
    m.tick(10_000);
    expect(drain(m).sent).toEqual([{ t: "ping", d: { n: 1 } }]);
    m.tick(10_001);
    expect(drain(m).sent, "asked once").toEqual([]);
    expect(m.deadline(10_001)).toBe(15_000);
    m.tick(15_000);
    expect(drain(m).other).toContain("close");
    expect(m.phase.at).toBe("waiting");
    m.wake(15_001);
    expect(drain(m).other, "the page is visible again").toEqual(["connect"]);
    const other = live(DEVICE);
    other.wake(3_000);
    expect(drain(other).sent, "a live connection is asked").toEqual([{ t: "ping", d: { n: 1 } }]);
    expect(other.deadline(3_000)).toBe(8_000);
  });

  it("gives up on a connection that does not open or is not welcomed", () => {
    const m = machine(CONSOLE);
    m.setToken(0, "t");
    m.start(0);
    drain(m);
    m.tick(10_000);
    expect([m.phase.at, drain(m).other]).toEqual(["waiting", ["close"]]);
    const mute = greeting(CONSOLE);
    mute.tick(10_000);
    expect(mute.phase.at).toBe("waiting");
  });

  it("goes when a draining server said, without jitter, and keeps what is recorded meanwhile", () => {
    const m = live(DEVICE);
    say(m, 10, { t: "drain", d: { after_ms: 3_170, why: "deploy" } });
    record(m, 11, 1);
    expect(seqs(drain(m).sent)).toEqual([]);
    expect(m.deadline(11)).toBe(3_180);
    m.closed(100, 4000);
    expect(m.deadline(100)).toBe(3_180);
    m.wake(200);
    expect(m.phase.at, "waking would undo the spreading").toBe("waiting");
    m.tick(3_180);
    expect(drain(m).other).toContain("connect");
  });

  it("closes on what it cannot read and passes over what is new", () => {
    const m = live(DEVICE);
    m.received(1, '{"t":"fireworks","d":{}}');
    expect(m.isLive).toBe(true);
    m.received(1, '{"t":"pong","d":{"n":');
    expect(m.phase.at, "cut off in the middle").toBe("waiting");
  });

  it("names in hello what fits 4 KiB and asks for the rest afterwards", () => {
    const m = machine(CONSOLE);
    m.setToken(0, "t".repeat(2_000));
    const topics = Array.from({ length: 32 }, (_, n) => `wh.${String(n).padStart(32, "0")}.orders`);
    for (const topic of topics) expect(m.subscribe(0, topic, { window: { status: ["picking", "packing"] } })).toBeUndefined();
    expect(m.subscribe(0, "wh.w33.orders")).toBe("too_many_topics");
    m.start(0);
    m.opened(0, READING);
    const hello = drain(m).sent[0];
    const named = hello?.t === "hello" ? hello.d.subs.map((sub) => sub.topic) : [];
    expect(JSON.stringify(hello).length).toBeLessThanOrEqual(4_096);
    expect(named.length).toBeGreaterThan(3);
    say(m, 0, welcome(1, named.map((topic) => ({ topic, outcome: "snapshot", epoch: "j", off: 1 }))));
    const asked = drain(m).sent.map((frame) => (frame.t === "sub" ? frame.d.topic : frame.t));
    expect([...named, ...asked]).toEqual(topics);
  });
});

describe("backoff and pace", () => {
  it("doubles bounds from a quarter second to half a minute, with full jitter", () => {
    const backoff = new Backoff();
    expect(Array.from({ length: 9 }, () => backoff.delay(0.999_999_999))).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(backoff.delay(0)).toBe(0);
    backoff.reset();
    expect(backoff.delay(0.999_999_999)).toBe(250);
  });

  it("begins anew only after ten stable seconds", () => {
    const m = live(CONSOLE);
    for (let n = 0; n < 5; n++) m.backoff.delay(0);
    m.closed(9_999, 1006);
    expect(m.backoff.attempt).toBe(6);
    const stable = live(CONSOLE);
    for (let n = 0; n < 5; n++) stable.backoff.delay(0);
    stable.closed(10_000, 1006);
    expect(stable.backoff.attempt).toBe(1);
  });

  it("allows a burst and then the rate", () => {
    const pace = new Pace(20);
    let sent = 0;
    for (let now = 1_000; now < 11_000; now = pace.due()) {
      for (; pace.room(now) > 0; sent++) pace.spend(now, 1);
      expect(pace.due()).toBeGreaterThan(now);
    }
    expect(sent).toBeGreaterThanOrEqual(200);
    expect(sent).toBeLessThanOrEqual(211);
  });
});

describe("topics", () => {
  it("resume where they stand, within the same epoch and window", () => {
    const m = greeting(CONSOLE);
    m.subscribe(0, ORDERS);
    say(m, 0, welcome(1));
    const asked = drain(m).sent.find((frame) => frame.t === "sub");
    say(m, 0, { t: "ok", id: asked?.id ?? 0, d: { topic: ORDERS, outcome: "snapshot", epoch: "j", off: 5 } }, snap(5), delta(5, 9));
    m.closed(1, 1006);
    m.tick(m.deadline(1) ?? 0);
    m.opened(500, READING);
    const hello = drain(m).sent.at(-1);
    expect(hello?.d).toMatchObject({ subs: [{ topic: ORDERS, since: { epoch: "j", off: 9 } }] });
    say(m, 500, welcome(1, [granted("resumed", 12)]), delta(9, 12, { del: ["o_1"] }));
    expect(m.mirror(ORDERS)).toMatchObject({ stand: { epoch: "j", off: 12 }, rows: new Map() });
    drain(m);
    m.subscribe(600, ORDERS, { window: { status: ["picking"] } });
    expect(drain(m).sent[0]?.d, "another window is another set of rows").toEqual({ topic: ORDERS, window: { status: ["picking"] } });
  });

  it("that do not fit are asked for again, and older frames do not count", () => {
    const m = greeting(CONSOLE);
    m.subscribe(0, ORDERS);
    say(m, 0, welcome(1));
    const first = drain(m).sent.find((frame) => frame.t === "sub");
    say(m, 0, { t: "ok", id: first?.id ?? 0, d: { topic: ORDERS, outcome: "snapshot" } }, snap(5), delta(5, 9));
    drain(m);
    say(m, 1_001, delta(10, 12));
    const { sent } = drain(m);
    expect(sent[0]?.d).toEqual({ topic: ORDERS, since: { epoch: "j", off: 9 }, why: "base_gap" });
    say(m, 1_001, delta(9, 12));
    expect(m.mirror(ORDERS)?.stand?.off).toBe(9);
    say(m, 1_002, { t: "ok", id: sent[0]?.id ?? 0, d: { topic: ORDERS, outcome: "resumed" } }, delta(9, 12));
    expect(m.mirror(ORDERS)?.stand?.off).toBe(12);
    drain(m);
    say(m, 1_003, { t: "chk", d: { topic: ORDERS, off: 12, n: 7, h: "0000000000000000" } });
    const mismatch = drain(m);
    expect(mismatch.events).toContainEqual({ is: "mirror_mismatch", topic: ORDERS });
    expect(mismatch.sent, "not at once: a defect must not become a storm").toEqual([]);
    m.tick(2_001);
    expect(drain(m).sent[0]?.d, "the mirror is worth nothing").toEqual({ topic: ORDERS, why: "mirror_mismatch" });
  });

  it("that are taken away are forgotten, and those refused for now asked for again", () => {
    const m = live(CONSOLE);
    m.subscribe(0, ORDERS);
    const [first] = drain(m).sent;
    say(m, 0, { t: "ok", id: first?.id ?? 0, d: { topic: ORDERS, outcome: "snapshot" } }, snap(5));
    say(m, 1, { t: "unsub", d: { topic: ORDERS, code: "busy", retry: "later", retry_ms: 500 } });
    expect(m.mirror(ORDERS)?.stand?.off, "kept to resume from").toBe(5);
    expect(m.deadline(1)).toBe(501);
    m.tick(501);
    const [again] = drain(m).sent;
    expect(again?.d).toMatchObject({ since: { off: 5 } });
    say(m, 502, err("sub_denied", "no", {}, again?.id));
    expect(drain(m).events).toContainEqual({ is: "refused", topic: ORDERS, code: "sub_denied" });
    expect(m.mirror(ORDERS)?.stand).toBeUndefined();
    m.closed(503, 1006);
    m.tick(m.deadline(503) ?? 0);
    m.opened(1_000, READING);
    expect(drain(m).sent.at(-1)?.d, "roles may have changed").toMatchObject({ subs: [{ topic: ORDERS }] });
  });
});

describe("commands of a console", () => {
  it("are sent again with their key until they are answered", () => {
    const m = live(CONSOLE);
    m.command(0, { key: key(1), op: "order.cancel", a: {} });
    const [first] = drain(m).sent;
    say(m, 1, err("busy", "later", { retry_ms: 250 }, first?.id));
    m.tick(251);
    const [second] = drain(m).sent;
    expect(second?.d).toEqual(first?.d);
    m.closed(300, 1006);
    m.tick(m.deadline(300) ?? 0);
    m.opened(900, READING);
    say(m, 900, welcome(1));
    expect(drain(m).sent.filter((frame) => frame.t === "cmd").map((frame) => frame.d)).toEqual([first?.d]);
    m.tick(m.deadline(900) ?? 0);
    m.received(10_901, '{"t":"pong","d":{"n":1}}');
    m.tick(15_900);
    expect(drain(m).events, "no answer in time").toContainEqual({ is: "unanswered", key: key(1) });
    const answer = { key: key(1), st: "duplicate" as const };
    say(m, 15_901, { t: "ack", d: { r: [answer, answer] } });
    expect(drain(m).events).toEqual([{ is: "settled", cmd: expect.anything() as object, answer }]);
    expect(m.pending.size).toBe(0);
  });

  it("are dropped when they are refused for good, and bounded", () => {
    const m = live(CONSOLE);
    m.command(0, { key: key(1), op: "order.dance", a: {} });
    say(m, 1, err("unknown_type", "no", {}, drain(m).sent[0]?.id));
    expect(drain(m).events).toMatchObject([{ is: "not_taken", code: "unknown_type" }]);
    for (let n = 0; n < 64; n++) expect(m.command(1, { key: key(n), op: "order.cancel", a: {} })).toBeUndefined();
    expect(m.command(1, { key: key(99), op: "order.cancel", a: {} })).toBe("queue_full");
    expect(live(DEVICE).command(1, { key: key(1), op: "scan", a: {} })).toBe("wrong_kind");
    expect(live(CONSOLE).command(1, { key: key(1), op: "x", a: "y".repeat(65_536) })).toBe("too_large");
  });
});

describe("commands of a device", () => {
  it("leave by their own answer, in order, never by `through`", () => {
    const m = live(DEVICE);
    for (let n = 1; n <= 3; n++) record(m, 0, n);
    expect(seqs(drain(m).sent)).toEqual([1, 2, 3]);
    say(m, 1, { t: "ack", d: { through: 3, r: [{ seq: 2, st: "applied" }] } });
    expect(m.queue.size, "2 waits for 1").toBe(3);
    say(m, 2, ack(3, [1]));
    expect(m.queue.size).toBe(1);
    const out: string[] = [];
    for (let o = m.poll(); o; o = m.poll()) if (o.do === "forget") out.push(...o.keys);
    expect(out).toEqual([key(1), key(2)]);
  });

  it("whose answers were lost are asked for again, and a set-back store loses nothing", () => {
    const m = live(DEVICE);
    for (let n = 1; n <= 3; n++) record(m, 0, n);
    m.closed(1, 1006);
    m.tick(m.deadline(1) ?? 0);
    m.opened(500, READING);
    expect(drain(m).sent.at(-1)?.d).toMatchObject({ seq_next: 1 });
    say(m, 500, welcome(9));
    const { sent, events } = drain(m);
    expect(seqs(sent), "their answers are wanted").toEqual([1, 2, 3]);
    expect(events.some((event) => event.is === "rebased")).toBe(false);
    say(m, 501, ack(8, [1, 2]));
    expect(m.queue.size, "3 was decided too, but has no answer here yet").toBe(1);
  });

  it("are numbered anew for a new installation, durably before anything is sent", () => {
    const m = machine(DEVICE);
    m.setToken(0, "t");
    record(m, 0, 1);
    record(m, 0, 2);
    m.start(0);
    m.opened(0, READING);
    drain(m);
    say(m, 1, err("rebase", "resync", { expect: 9 }), welcome(9));
    const out = [];
    for (let o = m.poll(); o; o = m.poll()) out.push(o.do === "send" ? JSON.parse(o.text).t : o.do);
    expect(out, "nothing is sent while the store changes").toEqual(["change", "tell"]);
    expect(m.queue.changed()).toMatchObject({ queue: [{ seq: 9, key: key(1) }, { seq: 10, key: key(2) }], next: 11 });
    m.changed(2, m.queue.changing!, m.queue.changed());
    const { sent, events } = drain(m);
    expect(events).toEqual([{ is: "rebased", from: 9 }]);
    expect(seqs(sent)).toEqual([9, 10]);
  });

  it("are not sent when the store could not number them; another connection tries again", () => {
    const m = greeting(DEVICE);
    record(m, 0, 1);
    say(m, 1, err("rebase", "resync", { expect: 9 }), welcome(9));
    m.changed(2, m.queue.changing!, undefined);
    const { sent, events } = drain(m);
    expect(seqs(sent)).toEqual([]);
    expect(events).toContainEqual({ is: "store_failed" });
    expect(m.phase.at).toBe("waiting");
  });

  it("go under the numbers that a server expects that was set back", () => {
    const m = live(DEVICE);
    record(m, 0, 1);
    say(m, 1, ack(1, [1]));
    record(m, 1, 2);
    m.closed(2, 1006);
    m.tick(m.deadline(2) ?? 0);
    m.opened(500, READING);
    drain(m);
    say(m, 500, welcome(1));
    const { sent, events } = drain(m);
    expect(events).toContainEqual({ is: "rebased", from: 1 });
    expect(seqs(sent)).toEqual([1]);
  });

  it("are sent from where a gap begins, after a pause", () => {
    const m = live(DEVICE);
    for (let n = 1; n <= 3; n++) record(m, 0, n);
    const { sent } = drain(m);
    say(m, 1, ack(1, [1]), err("seq_gap", "resync", { expect: 2 }, sent[2]?.id));
    expect(drain(m).sent).toEqual([]);
    m.tick(1_001);
    expect(seqs(drain(m).sent)).toEqual([2, 3]);
  });

  it("below a gap whose answers were lost are asked for again", () => {
    const m = live(DEVICE);
    record(m, 0, 1);
    drain(m);
    for (let n = 2; n <= 4; n++) record(m, 1, n);
    const { sent } = drain(m);
    // 1 and 2 were decided, and their answers lost.
    say(m, 2, err("seq_gap", "resync", { expect: 3 }, sent[2]?.id));
    m.tick(1_002);
    expect(seqs(drain(m).sent)).toEqual([3, 4]);
    say(m, 1_003, ack(4, [3, 4]));
    expect(m.queue.size).toBe(4);
    for (const now of [10_000, 19_999]) say(m, now, { t: "pong", d: { n: 0 } });
    expect(seqs(drain(m).sent)).toEqual([]);
    m.tick(20_000);
    expect(seqs(drain(m).sent)).toEqual([1, 2, 3, 4]);
    say(m, 20_001, ack(4, [1, 2]));
    expect(m.queue.size).toBe(0);
  });

  it("beyond which the server expects more are not passed over", () => {
    const m = live(DEVICE);
    record(m, 0, 1);
    const { sent } = drain(m);
    m.queue.pauseUntil = 3_000;
    for (let n = 2; n <= 4; n++) record(m, 1, n);
    say(m, 2, err("seq_gap", "resync", { expect: 4 }, sent[0]?.id));
    m.tick(3_000);
    expect(seqs(drain(m).sent)).toEqual([2, 3, 4]);
  });

  it("are kept and no longer sent when the identity is cloned", () => {
    const m = live(DEVICE);
    record(m, 0, 1);
    say(m, 1, err("key_reuse", "no", {}, drain(m).sent[0]?.id));
    expect(drain(m).events).toEqual([{ is: "identity_alarm" }]);
    m.tick(9_000);
    expect(seqs(drain(m).sent)).toEqual([]);
    expect(m.queue.size).toBe(1);
  });

  it("pause when the server asks for it", () => {
    const m = live(DEVICE);
    say(m, 1, { t: "throttle", d: { retry_ms: 1_500 } });
    record(m, 2, 1);
    expect(seqs(drain(m).sent)).toEqual([]);
    expect(m.deadline(2)).toBe(1_501);
    m.tick(1_501);
    expect(seqs(drain(m).sent)).toEqual([1]);
  });

  it("find the one that cannot be read, set it aside, and go on under its number", () => {
    const m = live(DEVICE);
    say(m, 0, { t: "throttle", d: { retry_ms: 10 } });
    for (let n = 1; n <= 5; n++) record(m, 1, n);
    let now = 10;
    let expect_ = 1;
    const settled: string[] = [];
    const parked: string[] = [];
    for (let turn = 0; turn < 50 && m.queue.size > 0; turn++) {
      m.tick(now);
      const { sent, events } = drain(m);
      for (const event of events) {
        if (event.is === "settled") settled.push(event.cmd.key);
        if (event.is === "not_taken") parked.push(event.cmd.key);
      }
      for (const frame of sent) {
        const cmds = frame.t === "cmd" ? [frame.d] : frame.t === "batch" ? frame.d.cmds : [];
        if (cmds.some((cmd) => cmd.key === key(3))) {
          say(m, now, err("bad_field", "no", {}, frame.id));
          continue;
        }
        for (const cmd of cmds) {
          expect(cmd.seq).toBe(expect_);
          say(m, now, ack(expect_, [expect_]));
          expect_ += 1;
        }
      }
      now = Math.max(m.deadline(now) ?? now, now + 1);
    }
    for (const event of drain(m).events) if (event.is === "settled") settled.push(event.cmd.key);
    expect(parked).toEqual([key(3)]);
    expect(settled).toEqual([1, 2, 4, 5].map(key));
  });

  it("are sent in batches within size and rate, two batches ahead at most", () => {
    const m = machine(DEVICE);
    for (let n = 1; n <= 1_000; n++) record(m, 0, n);
    m.setToken(0, "t");
    m.start(0);
    m.opened(0, READING);
    say(m, 0, welcome(1));
    const { sent } = drain(m);
    expect(seqs(sent)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    for (const frame of sent) {
      expect(JSON.stringify(frame).length).toBeLessThanOrEqual(16 * 1024);
      if (frame.t === "batch") expect(frame.d.cmds.length).toBeLessThanOrEqual(100);
    }
    let now = 0;
    let through = 200;
    say(m, now, ack(through, seqs(sent)));
    while (m.queue.size > 0 && now < 10_000) {
      now = Math.max(m.deadline(now) ?? now, now + 1);
      m.tick(now);
      const more = seqs(drain(m).sent);
      through = more.at(-1) ?? through;
      if (more.length > 0) say(m, now, ack(through, more));
    }
    expect(through).toBe(1_000);
    expect(now, "500 a second with half a second's burst").toBeGreaterThan(1_300);
    expect(now).toBeLessThan(2_500);
  });

  it("are bounded, and too large ones are not taken", () => {
    const m = live(DEVICE);
    say(m, 0, { t: "throttle", d: { retry_ms: 60_000 } });
    for (let n = 0; n < 5_000; n++) record(m, 0, n);
    expect(m.prepare({ key: key(1), op: "scan", a: {} }, READING)).toBe("queue_full");
    expect(live(DEVICE).prepare({ key: key(1), op: "scan", a: { raw: "x".repeat(65_536) } }, READING)).toBe("too_large");
    expect(live(CONSOLE).prepare({ key: key(1), op: "scan", a: {} }, READING)).toBe("wrong_kind");
  });
});
