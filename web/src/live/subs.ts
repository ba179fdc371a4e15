// A client's subscriptions and their mirrors.
//
// Invariant: frames of a topic count only between the answer to the newest `sub` for it and the next one, so frames of
// an older subscription, rate or window never reach the mirror.
import type { FrameId, Since, Sub, SubReason, Subscription, Topic, Window } from "../wire/munshi-v1";
import { bytes } from "./frames";
import { type Mirror, newMirror } from "./mirror";
import { classOf, windowKey } from "./topics";

/** Not more often than this is a topic subscribed again because its mirror did not fit. */
const AGAIN_MS = 1_000;

/** Where a subscription is. */
export type SubState =
  | { at: "wanted"; from: number; why?: SubReason }
  | { at: "greeted" }
  | { at: "asked"; id: FrameId }
  | { at: "live" }
  | { at: "refused" };

/** One subscription. */
export class Entry {
  state: SubState = { at: "wanted", from: 0 };
  /** What the user has seen is still to be told, once the mirror stands. */
  seenDue = false;
  /** The mirror is wrong: ask without `since`. */
  #whole = false;
  #asked: number | undefined;

  constructor(
    readonly topic: Topic,
    public maxHz: number | undefined,
    readonly window: Window | undefined,
    public mirror: Mirror,
  ) {}

  /** The subscription as `hello` and `sub` carry it. */
  wish(): Subscription {
    const since: Since | undefined = this.#whole ? undefined : this.mirror.stand;
    return {
      topic: this.topic,
      ...(since && { since: { epoch: since.epoch, off: since.off } }),
      ...(this.maxHz !== undefined && { max_hz: this.maxHz }),
      ...(this.window && { window: this.window }),
    };
  }

  /** It stands; its frames count from here. */
  granted(): void {
    this.state = { at: "live" };
    this.#whole = false;
    this.seenDue = true;
    this.mirror.dropPages();
  }

  /** The mirror does not fit: asks again. */
  again(now: number, why: SubReason): void {
    this.mirror.dropPages();
    this.#whole = why === "mirror_mismatch";
    const from = this.#asked === undefined ? now : Math.max(this.#asked + AGAIN_MS, now);
    this.state = { at: "wanted", from, why };
  }

  asked(now: number, id: FrameId): Sub {
    const why = this.state.at === "wanted" ? this.state.why : undefined;
    this.state = { at: "asked", id };
    this.#asked = now;
    return { ...this.wish(), ...(why && { why }) };
  }
}

/** All of them, by topic. */
export class Subs {
  readonly entries = new Map<Topic, Entry>();

  /** The entry, if its frames count. */
  live(topic: Topic): Entry | undefined {
    const entry = this.entries.get(topic);
    return entry?.state.at === "live" ? entry : undefined;
  }

  /** Wants a topic, or the same topic otherwise. Another window is another set of rows: the mirror starts anew. */
  want(topic: Topic, maxHz: number | undefined, window: Window | undefined): void {
    const old = this.entries.get(topic);
    if (old && windowKey(old.window) === windowKey(window)) {
      old.maxHz = maxHz;
      old.state = { at: "wanted", from: 0 };
      old.mirror.dropPages();
    } else {
      this.entries.set(topic, new Entry(topic, maxHz, window, newMirror(classOf(topic))));
    }
  }

  /** The connection is gone: everything is to be asked for again, refusals too, for roles may have changed. */
  disconnected(): void {
    for (const entry of this.entries.values()) {
      entry.mirror.dropPages();
      entry.state = { at: "wanted", from: 0 };
    }
  }

  /** For a `hello` of at most `room` more bytes. What does not fit is asked for after `welcome`. */
  greet(room: number): Subscription[] {
    const named: Subscription[] = [];
    let left = room;
    for (const entry of this.entries.values()) {
      const wish = entry.wish();
      const size = bytes(JSON.stringify(wish)) + 1;
      if (size > left) break;
      left -= size;
      entry.state = { at: "greeted" };
      named.push(wish);
    }
    return named;
  }

  /** The next that is due. */
  due(now: number): Entry | undefined {
    for (const entry of this.entries.values()) {
      if (entry.state.at === "wanted" && entry.state.from <= now) return entry;
    }
    return undefined;
  }

  /** When the next is due. */
  dueAt(): number | undefined {
    let first: number | undefined;
    for (const { state } of this.entries.values()) {
      if (state.at === "wanted") first = Math.min(first ?? state.from, state.from);
    }
    return first;
  }

  /** The one that was asked for by this frame. */
  askedBy(id: FrameId | undefined): Entry | undefined {
    if (id === undefined) return undefined;
    for (const entry of this.entries.values()) {
      if (entry.state.at === "asked" && entry.state.id === id) return entry;
    }
    return undefined;
  }
}
