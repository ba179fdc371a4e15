// A device's queue as the machine sees it: what is stored, what is sent, what is answered.
//
// Invariants: only what is durable stands here, so only that is sent. A command leaves when it was sent on this
// connection and answered there, or when it was parked; a lost answer is asked for again, and the server answers it as a
// duplicate. Numbers are consecutive within the queue.
//
// The store writes asynchronously. A change of numbers is therefore made in two steps: `begin` stops all sending, the
// store replaces what it has by `changed()`, and only then `finish` makes it the queue. Nothing is ever sent under a
// number that is not durable.
import type { Ack, Answer, ClientFrame, Cmd, CmdKey, CmdSeq, CodeWord, FrameId, Limits } from "../wire/munshi-v1";
import { bytes } from "./frames";
import { BATCH_COMMANDS, QUEUE_COMMANDS, standardLimits } from "./limits";
import { Pace } from "./pace";

/** A device's command: numbered and dated. */
export type DeviceCmd = Cmd & { seq: CmdSeq };

/** A frame with commands that has no answer yet. */
export interface Flight {
  /** Its number; nothing once a part of it is sent again, for then a refusal of it says nothing about the rest. */
  id: FrameId | undefined;
  first: CmdSeq;
  /** The number after its last command. */
  end: CmdSeq;
  sent: number;
}

/** A change of numbers on its way into the store. */
export type Change =
  | { kind: "renumber"; from: CmdSeq }
  /** A command that the server cannot read is set aside; those behind it take its number, for it was not used. */
  | { kind: "park"; from: CmdSeq; cmd: DeviceCmd; code: CodeWord };

/** What the store has to hold instead of what it holds. */
export interface Replacement {
  queue: DeviceCmd[];
  next: CmdSeq;
  parked: { cmd: DeviceCmd; code: CodeWord } | undefined;
}

/** Why a command is not taken. */
export type Unable = "queue_full" | "store_failed" | "wrong_kind" | "too_many_topics" | "too_large";

/** Commands sent and unanswered at most: two batches. */
const WINDOW = 2 * BATCH_COMMANDS;
/** Bytes around the commands of a frame. */
const FRAME = 64;
/** Largest number that all sides hold exactly. */
const SAFE_MAX = Number.MAX_SAFE_INTEGER;

/** The queue. */
export class DeviceQueue {
  /** Not before this time. */
  pauseUntil = 0;
  /** An identity alarm forbids sending. */
  blocked = false;
  #queue: DeviceCmd[];
  #next: CmdSeq;
  /** The first command not yet sent on this connection. */
  #cursor: CmdSeq;
  /** The number after the highest one sent on this connection. */
  #sentEnd: CmdSeq;
  #flights: Flight[] = [];
  #answered = new Set<CmdSeq>();
  /** Commands below are sent one by one, for one of them cannot be read. */
  #single: CmdSeq | undefined;
  #change: Change | undefined;
  #limits: Limits = standardLimits("device");
  #commands = new Pace(this.#limits.commands_per_s);
  #frames = new Pace(this.#limits.frames_per_s);

  constructor(queue: DeviceCmd[], next: CmdSeq) {
    this.#queue = [...queue];
    this.#next = next;
    this.#cursor = this.#sentEnd = this.first;
  }

  /** The oldest unanswered number, or the next. */
  get first(): CmdSeq {
    return this.#queue[0]?.seq ?? this.#next;
  }

  get size(): number {
    return this.#queue.length;
  }

  /** The commands, oldest first. */
  get commands(): readonly DeviceCmd[] {
    return this.#queue;
  }

  /** Numbers a command, or tells why it cannot be taken. It is not in the queue before `append`. */
  prepare(cmd: Cmd): DeviceCmd | Unable {
    if (this.#queue.length >= QUEUE_COMMANDS || this.#next >= SAFE_MAX) return "queue_full";
    const numbered = { ...cmd, seq: this.#next };
    return encoded(numbered) + FRAME > this.#limits.message_bytes ? "too_large" : numbered;
  }

  /** The command is durable. */
  append(cmd: DeviceCmd): void {
    this.#queue.push({ ...cmd, seq: this.#next });
    this.#next += 1;
  }

  /** A connection is live: everything is sent again from the oldest. */
  connected(limits: Limits): void {
    this.#limits = limits;
    this.#commands = new Pace(limits.commands_per_s);
    this.#frames = new Pace(limits.frames_per_s);
    this.#startOver();
  }

  #startOver(): void {
    this.#flights = [];
    this.#cursor = this.#sentEnd = this.first;
  }

  /**
   * Sends again from `seq`. Answers to frames sent before still count, by number; those to commands below `seq` are
   * waited for as before, for nobody else would ask for them. What was never sent is not passed over, whatever `seq` is:
   * its answers would not count.
   */
  rewind(seq: CmdSeq): void {
    const left = this.#flights.filter((flight) => flight.first < seq);
    this.#flights = left.map((flight) => (flight.end > seq ? { ...flight, id: undefined, end: seq } : flight));
    this.#cursor = Math.max(Math.min(seq, this.#cursor), this.first);
  }

  /**
   * Whether what the server expects lies below what this queue holds. Beyond its end, the storage was set back or
   * cloned: numbering on would hide that. The server will say so.
   */
  needsRebase(expect: CmdSeq): boolean {
    return expect < this.first;
  }

  /** A change is under way: nothing is sent, no answer counts. */
  get changing(): Change | undefined {
    return this.#change;
  }

  begin(change: Change): void {
    this.#change = change;
  }

  /** What the store has to hold for the change; nothing where numbers run out. */
  changed(): Replacement | undefined {
    const change = this.#change;
    if (!change || change.from + this.#queue.length > SAFE_MAX) return undefined;
    const parked = change.kind === "park" ? { cmd: change.cmd, code: change.code } : undefined;
    const left = this.#queue.filter((cmd) => cmd.key !== parked?.cmd.key);
    const queue = left.map((cmd, at) => ({ ...cmd, seq: change.from + at }));
    return { queue, next: change.from + queue.length, parked };
  }

  /** The store holds it. */
  finish(held: Replacement): void {
    this.#queue = [...held.queue];
    this.#next = held.next;
    this.#answered.clear();
    this.#single = undefined;
    this.blocked = false;
    this.#change = undefined;
    this.#startOver();
  }

  /** The store could not do it: everything is as it was. */
  abandon(): void {
    this.#change = undefined;
  }

  /** The next frame, if one may go now. */
  frame(now: number, id: FrameId): ClientFrame | undefined {
    const at = this.sendAt(now);
    if (at === undefined || at > now) return undefined;
    const alone = this.#single !== undefined && this.#cursor < this.#single;
    const room = alone ? 1 : Math.min(this.#commands.room(now), this.#limits.batch_commands, WINDOW - this.#inFlight());
    const cmds = this.#following(room);
    const first = cmds[0];
    const last = cmds.at(-1);
    if (!first || !last) return undefined;
    this.#commands.spend(now, cmds.length);
    this.#frames.spend(now, 1);
    this.#cursor = last.seq + 1;
    this.#sentEnd = Math.max(this.#sentEnd, this.#cursor);
    this.#flights.push({ id, first: first.seq, end: this.#cursor, sent: now });
    return cmds.length === 1 ? { t: "cmd", id, d: first } : { t: "batch", id, d: { cmds } };
  }

  #following(room: number): DeviceCmd[] {
    const cmds: DeviceCmd[] = [];
    const start = this.#cursor - this.first;
    let size = FRAME;
    for (const cmd of this.#queue.slice(start, start + room)) {
      size += encoded(cmd) + 1;
      if (cmds.length > 0 && size > this.#limits.batch_bytes) break;
      cmds.push(cmd);
    }
    return cmds;
  }

  #inFlight(): number {
    return this.#flights.reduce((sum, flight) => sum + flight.end - flight.first, 0);
  }

  /** When the next frame may go, if there is something to send and room for it. */
  sendAt(now: number): number | undefined {
    const alone = this.#single !== undefined && this.#cursor < this.#single;
    const full = this.#inFlight() >= WINDOW || (alone && this.#flights.length > 0);
    if (this.blocked || this.#change || full || this.#cursor >= this.#next) return undefined;
    const wait = this.#commands.room(now) === 0 || this.#frames.room(now) === 0;
    return Math.max(wait ? Math.max(this.#commands.due(), this.#frames.due()) : now, this.pauseUntil);
  }

  /** The oldest frame without an answer. */
  get oldestFlight(): Flight | undefined {
    return this.#flights[0];
  }

  flight(id: FrameId | undefined): Flight | undefined {
    return id === undefined ? undefined : this.#flights.find((flight) => flight.id === id);
  }

  /**
   * Takes answers. Answers what was settled and which keys the store may forget.
   *
   * A command is settled by its own answer, never by `through`: an answer may have been lost with an older connection,
   * and a store that was set back may hold other commands under numbers decided long ago.
   */
  ack(ack: Ack): { settled: { cmd: DeviceCmd; answer: Answer }[]; gone: CmdKey[] } {
    const settled: { cmd: DeviceCmd; answer: Answer }[] = [];
    if (this.#change) return { settled, gone: [] };
    for (const answer of ack.r) {
      if (answer.seq === undefined || answer.seq >= this.#sentEnd) continue;
      const cmd = this.#queue[answer.seq - this.first];
      if (!cmd || this.#answered.has(answer.seq)) continue;
      this.#answered.add(answer.seq);
      settled.push({ cmd, answer });
    }
    return { settled, gone: this.#forgetAnswered() };
  }

  /** Removes the answered ones at the front: those behind an unanswered one wait, so numbers stay consecutive. */
  #forgetAnswered(): CmdKey[] {
    let count = 0;
    while (count < this.#queue.length && this.#answered.delete(this.#queue[count]!.seq)) count += 1;
    const gone = this.#queue.splice(0, count).map((cmd) => cmd.key);
    const { first } = this;
    this.#cursor = Math.max(this.#cursor, first);
    this.#flights = this.#flights.filter((flight) => flight.end > first);
    if (this.#single !== undefined && this.#single <= first) this.#single = undefined;
    return gone;
  }

  /**
   * A frame with commands cannot be read by the server. Several are sent one by one, and nothing is answered; one alone
   * is to be parked.
   */
  unreadable(flight: Flight, code: CodeWord): Change | undefined {
    if (flight.first + 1 !== flight.end) {
      this.#single = flight.end;
      this.rewind(flight.first);
      return undefined;
    }
    const cmd = this.#queue[flight.first - this.first];
    return cmd && { kind: "park", from: Math.min(this.first, flight.first), cmd, code };
  }
}

function encoded(cmd: Cmd): number {
  return bytes(JSON.stringify(cmd));
}
