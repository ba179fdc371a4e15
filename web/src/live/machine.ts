// The client's side of the protocol, without a socket, a clock or storage: it is told what happened and answers what to
// do (`poll`). It behaves as protocols/src/clientsm does; time is milliseconds of a clock that never goes back.
//
// Invariants: a stored command is sent until it is answered, with one key and, but for a rebase, one number; a mirror is
// only what the server said; the machine reconnects by itself unless the server forbids it; every wait has an end.
//
// This file is the connection's life; what the server's frames do is in receive.ts.
import type {
  ClientFrame,
  Cmd,
  CmdKey,
  CmdSeq,
  CodeWord,
  FrameId,
  Limits,
  Reading,
  Retry,
  Subscribed,
  Token,
  Topic,
  Welcome,
  Window,
} from "../wire/munshi-v1";
import { CLOSE_LOST, CLOSE_NORMAL, reaction, retryOf } from "./codes";
import type { Config, Event, Order, Output, Phase, StopReason } from "./events";
import { bytes, decodeMessage, encode } from "./frames";
import { hello } from "./hello";
import { BACKOFF_RESET_MS, GAUGE_HZ_MAX, HEARTBEAT_GRACE_MS, standardLimits } from "./limits";
import type { Mirror } from "./mirror";
import { Backoff } from "./pace";
import { Pending } from "./pending";
import { type Change, type DeviceCmd, DeviceQueue, type Replacement, type Unable } from "./queue";
import { frame, subRefused, tellSeen } from "./receive";
import { Subs } from "./subs";

/** The queue a machine begins with. A console has none. */
export interface Stored {
  queue: DeviceCmd[];
  next: CmdSeq;
}

/** A client of either sort. */
export class Machine {
  phase: Phase = { at: "idle" };
  readonly subs = new Subs();
  readonly queue: DeviceQueue;
  readonly pending = new Pending();
  readonly backoff = new Backoff();
  limits: Limits;
  /** When the server asked to connect anew. */
  drainAt: number | undefined;
  /** When we knew the wall clock, and what it showed: for pongs. */
  wall: { at: number; wallMs: number } | undefined;
  #token: Token | undefined;
  #ticket: Token | undefined;
  #nextId: FrameId = 1;
  #nextPing = 1;
  #out: Output[] = [];

  constructor(
    readonly config: Config,
    readonly random: () => number,
    stored: Stored = { queue: [], next: 1 },
  ) {
    this.limits = standardLimits(config.identity.kind);
    this.queue = new DeviceQueue(stored.queue, stored.next);
  }

  /** What to do next, if anything. */
  poll(): Output | undefined {
    return this.#out.shift();
  }

  /** Connects, now or as soon as there is a token. */
  start(now: number): void {
    if (this.phase.at === "idle" || this.phase.at === "stopped") {
      this.backoff.reset();
      this.#connect(now);
    }
  }

  /** Says farewell and stays away until `start`. */
  stop(now: number): void {
    if (this.isLive) this.send({ t: "bye", d: {} });
    this.#stopFor(now, { why: "asked" });
  }

  /** Whether `welcome` came on the present connection. */
  get isLive(): boolean {
    return this.phase.at === "live";
  }

  /** The network or the page came back: does not wait out a backoff, and finds out whether the connection lives. */
  wake(now: number): void {
    const { phase } = this;
    if (phase.at === "waiting" && this.drainAt === undefined) {
      this.#connect(now);
    } else if (phase.at === "live" && !phase.pinged) {
      // From here on only the grace is left for an answer.
      phase.heard = now - phase.hb;
      this.tick(now);
    }
  }

  /** Brings a token: the first, or a fresh one. It replaces the ticket of an older connection. */
  setToken(now: number, token: Token): void {
    this.#token = token;
    this.#ticket = undefined;
    if (this.phase.at === "no_token") {
      this.#connect(now);
    } else if (this.isLive) {
      this.send({ t: "auth", id: this.id(), d: { token } });
      this.flush(now);
    }
  }

  /** Wants a topic. Again for one it has, it changes rate or window. */
  subscribe(now: number, topic: Topic, options: { maxHz?: number; window?: Window } = {}): Unable | undefined {
    if (!this.subs.entries.has(topic) && this.subs.entries.size >= this.limits.topics) return "too_many_topics";
    const { maxHz } = options;
    const hz = maxHz === undefined ? undefined : Math.round(Math.min(Math.max(maxHz, 1), GAUGE_HZ_MAX));
    this.subs.want(topic, hz, options.window);
    this.flush(now);
    return undefined;
  }

  /** Wants a topic no longer; its mirror is gone. */
  unsubscribe(topic: Topic): void {
    const state = this.subs.entries.get(topic)?.state.at;
    this.subs.entries.delete(topic);
    if (state && state !== "wanted" && this.isLive) this.send({ t: "unsub", id: this.id(), d: { topic } });
  }

  /** The user has dealt with the items of a stream up to `off`. */
  seen(topic: Topic, off: number): void {
    const entry = this.subs.entries.get(topic);
    if (entry?.mirror.kind !== "stream") return;
    if (entry.mirror.seen(off) && entry.state.at === "live") this.send({ t: "seen", d: { topic, off } });
  }

  /** Numbers a device's command. It has to be durable before `stored` is called with it, and may beep after that. */
  prepare(order: Order, at: Reading): DeviceCmd | Unable {
    return this.config.identity.kind === "device" ? this.queue.prepare({ ...order, at }) : "wrong_kind";
  }

  /** The command is durable. */
  stored(now: number, cmd: DeviceCmd): void {
    this.queue.append(cmd);
    this.flush(now);
  }

  /** Takes a command of a console. */
  command(now: number, order: Order): Unable | undefined {
    if (this.config.identity.kind !== "console") return "wrong_kind";
    if (this.pending.size >= this.config.pending) return "queue_full";
    const cmd: Cmd = { ...order };
    if (bytes(JSON.stringify(cmd)) + 64 > this.limits.message_bytes) return "too_large";
    this.pending.push(cmd, now);
    this.flush(now);
    return undefined;
  }

  /** The mirror of a topic, once it was subscribed. */
  mirror(topic: Topic): Mirror | undefined {
    return this.subs.entries.get(topic)?.mirror;
  }

  /** The connection is open. `clock` goes into a device's `hello`. */
  opened(now: number, clock: Reading): void {
    if (this.phase.at !== "connecting") return;
    this.wall = { at: now, wallMs: clock.wall_ms };
    // One of the two suffices, and both might not fit.
    const pass = this.#ticket !== undefined ? { ticket: this.#ticket } : { token: this.#token };
    this.send(hello(this.config, pass, this.queue.first, clock, this.subs));
    this.phase = { at: "greeting", until: now + this.config.helloMs };
  }

  /** A text message came. What cannot be read closes the connection. */
  received(now: number, message: string): void {
    if (this.phase.at === "live") {
      this.phase.heard = now;
      this.phase.pinged = false;
    }
    try {
      for (const one of decodeMessage(message)) {
        if (this.phase.at !== "greeting" && this.phase.at !== "live") return;
        frame(this, now, one);
      }
    } catch {
      return this.hangUp(now);
    }
    this.flush(now);
  }

  welcome(now: number, welcome: Welcome): void {
    if (this.phase.at !== "greeting") return;
    this.phase = { at: "live", since: now, heard: now, pinged: false, hb: welcome.hb_ms };
    this.#ticket = welcome.ticket ?? this.#ticket;
    this.limits = welcome.limits;
    this.tell({ is: "connected", resumed: welcome.resumed, timeMs: welcome.time_ms });
    this.queue.connected(this.limits);
    this.pending.connected(now);
    if (welcome.expect !== undefined && this.queue.needsRebase(welcome.expect)) this.rebase(welcome.expect);
    for (const outcome of welcome.subs) this.#greeted(now, outcome);
    // What the server did not mention is asked for once more.
    for (const entry of this.subs.entries.values()) {
      if (entry.state.at === "greeted") entry.state = { at: "wanted", from: now };
    }
    this.flush(now);
  }

  #greeted(now: number, outcome: Subscribed): void {
    const entry = this.subs.entries.get(outcome.topic);
    if (entry?.state.at !== "greeted") return;
    if (outcome.outcome === "refused") {
      const code = outcome.code ?? "sub_denied";
      subRefused(this, now, entry, code, retryOf(code), undefined);
    } else {
      entry.granted();
      if (outcome.outcome === "resumed") tellSeen(this, entry);
      this.tell({ is: "changed", topic: entry.topic });
    }
  }

  /** Numbers the queue from `from`, or sets a command aside: durable before anything is sent. */
  change(change: Change): void {
    this.queue.begin(change);
    this.#out.push({ do: "change" });
  }

  rebase(from: CmdSeq): void {
    this.change({ kind: "renumber", from });
  }

  /** The store holds what the change asked for, or could not do it. */
  changed(now: number, change: Change, held: Replacement | undefined): void {
    // Another connection may have asked for another change meanwhile; the store is asked for that one too.
    if (this.queue.changing !== change) return;
    if (!held) {
      // Sent under the old numbers, commands would be taken for others: try again on another connection.
      this.queue.abandon();
      this.tell({ is: "store_failed" });
      return this.hangUp(now);
    }
    this.queue.finish(held);
    if (change.kind === "park") this.tell({ is: "not_taken", cmd: change.cmd, code: change.code });
    else this.tell({ is: "rebased", from: change.from });
    this.flush(now);
  }

  /** The connection was closed or could not be opened. 1006 stands for "without a close code". */
  closed(now: number, close: number): void {
    if (["idle", "waiting", "no_token", "stopped"].includes(this.phase.at)) return;
    const react = reaction(close);
    if (react === "reconnect") return this.#reconnect(now);
    if (react === "stop") return this.#stopFor(now, { why: "closed", close });
    this.#lost(now);
    this.#needToken();
  }

  /** Closes from this side and connects again later. */
  hangUp(now: number): void {
    this.#out.push({ do: "close", code: CLOSE_NORMAL });
    this.closed(now, CLOSE_LOST);
  }

  /** `hello` was refused. */
  helloRefused(now: number, code: CodeWord, retry: Retry, retryMs: number | undefined): void {
    if (retry === "no" || retry === "update_app") return this.#stopFor(now, { why: "refused", code });
    const hadTicket = this.#ticket !== undefined;
    this.hangUp(now);
    if (retry === "reauth") {
      this.#ticket = undefined;
      // A ticket may have expired before the token it was made from.
      if (!hadTicket || this.#token === undefined) this.#needToken();
    } else if (this.phase.at === "waiting" && retryMs !== undefined) {
      this.phase.until = Math.max(this.phase.until, now + retryMs);
    }
  }

  #connect(now: number): void {
    this.drainAt = undefined;
    if (this.#token === undefined && this.#ticket === undefined) return this.#needToken();
    this.phase = { at: "connecting", until: now + this.config.connectMs };
    this.#out.push({ do: "connect" });
  }

  #needToken(): void {
    this.#token = undefined;
    this.#ticket = undefined;
    this.phase = { at: "no_token" };
    this.tell({ is: "token_needed" });
  }

  #stopFor(now: number, reason: StopReason): void {
    const open = ["connecting", "greeting", "live"].includes(this.phase.at);
    this.#lost(now);
    if (open) this.#out.push({ do: "close", code: CLOSE_NORMAL });
    this.phase = { at: "stopped", reason };
    this.tell({ is: "stopped", reason });
  }

  #lost(now: number): void {
    if (this.phase.at === "live") {
      if (now - this.phase.since >= BACKOFF_RESET_MS) this.backoff.reset();
      this.tell({ is: "disconnected" });
    }
    this.subs.disconnected();
    this.phase = { at: "idle" };
  }

  #reconnect(now: number): void {
    this.#lost(now);
    const delay = this.backoff.delay(this.random());
    // The server spread its clients by `after_ms`; jitter on top would undo it.
    this.phase = { at: "waiting", until: Math.max(this.drainAt ?? now + delay, now) };
  }

  /** When to call `tick` at the latest; nothing while only outside events matter. */
  deadline(now: number): number | undefined {
    const { phase } = this;
    switch (phase.at) {
      case "waiting":
      case "connecting":
      case "greeting":
        return phase.until;
      case "live": {
        const beat = phase.heard + phase.hb + (phase.pinged ? HEARTBEAT_GRACE_MS : 0);
        const flight = this.queue.oldestFlight;
        const due = [beat, flight && flight.sent + this.config.answerMs, this.drainAt];
        if (this.drainAt === undefined) due.push(this.queue.sendAt(now), this.pending.dueAt(), this.subs.dueAt());
        return Math.min(...due.filter((at) => at !== undefined));
      }
      default:
        return undefined;
    }
  }

  /** Time has passed. */
  tick(now: number): void {
    const { phase } = this;
    if (phase.at === "waiting" && phase.until <= now) this.#connect(now);
    else if ((phase.at === "connecting" || phase.at === "greeting") && phase.until <= now) this.hangUp(now);
    else if (phase.at === "live") this.#tickLive(now, phase);
  }

  #tickLive(now: number, live: Extract<Phase, { at: "live" }>): void {
    if (this.drainAt !== undefined && this.drainAt <= now) {
      this.send({ t: "bye", d: {} });
      this.hangUp(now);
      return this.tick(now);
    }
    const beat = live.heard + live.hb;
    if (beat + HEARTBEAT_GRACE_MS <= now) return this.hangUp(now);
    if (beat <= now && !live.pinged) {
      // The server pings only who is silent; whoever sends but hears nothing asks for itself.
      this.send({ t: "ping", d: { n: this.#nextPing++ } });
      live.pinged = true;
    }
    const flight = this.queue.oldestFlight;
    if (flight && flight.sent + this.config.answerMs <= now) this.queue.rewind(flight.first);
    this.flush(now);
  }

  /** Sends what may go now. */
  flush(now: number): void {
    if (!this.isLive || this.drainAt !== undefined) return;
    for (let entry = this.subs.due(now); entry; entry = this.subs.due(now)) {
      const id = this.id();
      this.send({ t: "sub", id, d: entry.asked(now, id) });
    }
    for (let next = this.queue.frame(now, this.#nextId); next; next = this.queue.frame(now, this.#nextId)) {
      this.#nextId += 1;
      this.send(next);
    }
    for (let waiting = this.pending.due(now); waiting; waiting = this.pending.due(now)) {
      if (waiting.id !== undefined) this.tell({ is: "unanswered", key: waiting.cmd.key });
      waiting.id = this.id();
      waiting.due = now + this.config.answerMs;
      this.send({ t: "cmd", id: waiting.id, d: waiting.cmd });
    }
  }

  id(): FrameId {
    return this.#nextId++;
  }

  send(frame: ClientFrame): void {
    this.#out.push({ do: "send", text: encode(frame) });
  }

  tell(event: Event): void {
    this.#out.push({ do: "tell", event });
  }

  /** The store may forget these commands. */
  forget(keys: CmdKey[]): void {
    if (keys.length > 0) this.#out.push({ do: "forget", keys });
  }
}
