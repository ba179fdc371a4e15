// What the tests of this directory share: a machine and a server that says what a test wants.
import type { ClientFrame, Reading, ServerFrame, Subscribed, Welcome } from "../wire/munshi-v1";
import { config, type Event, type Identity, type Output } from "./events";
import { standardLimits } from "./limits";
import { Machine, type Stored } from "./machine";

export const DEVICE: Identity = { kind: "device", device: "dev_7", install: "in_1", gen: 1 };
export const CONSOLE: Identity = { kind: "console", client: "tab_1" };
export const READING: Reading = { wall_ms: 1_760_000_000_000, mono_ms: 5, boot: "b_1" };
export const ORDERS = "wh.w1.orders";

/** A machine whose randomness is one half. */
export function machine(identity: Identity, stored?: Stored): Machine {
  return new Machine(config(identity, "1.0"), () => 0.5, stored);
}

/** One that has said `hello`. */
export function greeting(identity: Identity, stored?: Stored): Machine {
  const m = machine(identity, stored);
  m.setToken(0, "token-1");
  m.start(0);
  m.opened(0, READING);
  return m;
}

export function welcome(expect: number, subs: Subscribed[] = []): ServerFrame {
  const d: Welcome = {
    ticket: "ticket-1",
    resumed: false,
    ack: expect - 1,
    expect,
    hb_ms: 10_000,
    time_ms: 0,
    schema: "sha256:0",
    limits: standardLimits("device"),
    subs,
  };
  return { t: "welcome", d };
}

/** One that is live. */
export function live(identity: Identity, stored?: Stored): Machine {
  const m = greeting(identity, stored);
  say(m, 0, welcome(1));
  drain(m);
  return m;
}

/** The server says frames, in one message. */
export function say(m: Machine, now: number, ...frames: ServerFrame[]): void {
  m.received(now, frames.map((frame) => JSON.stringify(frame)).join("\n"));
}

/** What came out: frames, events and the rest. Changes of the store succeed at once. */
export function drain(m: Machine): { sent: ClientFrame[]; events: Event[]; other: Output["do"][] } {
  const sent: ClientFrame[] = [];
  const events: Event[] = [];
  const other: Output["do"][] = [];
  for (let output = m.poll(); output; output = m.poll()) {
    if (output.do === "send") sent.push(JSON.parse(output.text) as ClientFrame);
    else if (output.do === "tell") events.push(output.event);
    else other.push(output.do);
    const change = m.queue.changing;
    if (output.do === "change" && change) m.changed(0, change, m.queue.changed());
  }
  return { sent, events, other };
}

/** Records a device's command as its driver does, with a store that takes everything. */
export function record(m: Machine, now: number, n: number): void {
  const cmd = m.prepare({ key: key(n), op: "scan", a: { raw: `R-${n}` } }, READING);
  if (typeof cmd === "string") throw new Error(cmd);
  m.stored(now, cmd);
}

export function key(n: number): string {
  return `017f22e2-79b0-7cc3-98c4-${n.toString(16).padStart(12, "0")}`;
}

/** Numbers of the commands in these frames. */
export function seqs(frames: ClientFrame[]): number[] {
  return frames.flatMap((frame) => {
    if (frame.t === "cmd") return [frame.d.seq ?? -1];
    return frame.t === "batch" ? frame.d.cmds.map((cmd) => cmd.seq ?? -1) : [];
  });
}

export function ack(through: number, answers: number[]): ServerFrame {
  return { t: "ack", d: { through, r: answers.map((seq) => ({ seq, st: "applied" })) } };
}
