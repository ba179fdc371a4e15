// A client's mirrors of topics.
//
// Invariant: a mirror is changed only by a snapshot that arrived whole, or by a delta that starts exactly where the
// mirror stands. Anything else asks for a new subscription and leaves the mirror as it is, so what a user sees was true
// at one offset. Offsets are never tested for `last + 1`: the journal is shared by all topics.
import type { Chk, Delta, Item, Row, Since, Snap, SubReason } from "../wire/munshi-v1";
import type { TopicClass } from "./topics";
import { MirrorHash } from "./xxh64";

/** What a frame did to a mirror. */
export type Taken =
  | { did: "changed" }
  | { did: "items"; items: Item[] }
  | { did: "quiet" }
  | { did: "resubscribe"; why: SubReason };

const CHANGED: Taken = { did: "changed" };
const QUIET: Taken = { did: "quiet" };
const again = (why: SubReason): Taken => ({ did: "resubscribe", why });

/** Pages of a snapshot that is not whole yet. */
interface Pages<T> {
  stand: Since;
  next: number;
  parts: T[];
}

/** What mirrors of all classes have. */
abstract class Base<T> {
  /** Where it stands, once it has a whole state. */
  stand: Since | undefined;
  protected pages: Pages<T> | undefined;

  get paging(): boolean {
    return this.pages !== undefined;
  }

  /** Throws half-received pages away: their connection is gone, or another subscription was made. */
  dropPages(): void {
    this.pages = undefined;
  }

  protected fits(delta: Delta): boolean {
    const { stand } = this;
    return stand !== undefined && stand.epoch === delta.epoch && stand.off === delta.base && delta.off >= delta.base;
  }

  /** Adds a page: the whole once it is there, nothing before, or `false` for a page that does not follow. */
  protected page(snap: Snap, part: T[]): { stand: Since; parts: T[] } | undefined | false {
    if (snap.page === 0) this.pages = { stand: { epoch: snap.epoch, off: snap.off }, next: 0, parts: [] };
    const open = this.pages;
    if (!open || open.next !== snap.page || open.stand.epoch !== snap.epoch || open.stand.off !== snap.off) {
      this.pages = undefined;
      return false;
    }
    open.next += 1;
    for (const one of part) open.parts.push(one);
    if (!snap.last) return undefined;
    this.pages = undefined;
    return open;
  }
}

/** Rows by key, as they stood at one offset. */
export class MapMirror extends Base<Row> {
  readonly kind = "map";
  rows = new Map<string, Row>();
  #hash = new MirrorHash();

  snap(snap: Snap): Taken {
    const whole = this.page(snap, snap.rows ?? []);
    if (whole === false) return again("bad_snapshot");
    if (!whole) return QUIET;
    this.rows = new Map();
    this.#hash = new MirrorHash();
    for (const row of whole.parts) this.#put(row);
    this.stand = whole.stand;
    return CHANGED;
  }

  delta(delta: Delta): Taken {
    if (this.paging || !this.fits(delta)) return again("base_gap");
    for (const row of delta.put ?? []) this.#put(row);
    for (const key of delta.del ?? []) {
      const row = this.rows.get(key);
      if (!row) continue;
      this.rows.delete(key);
      this.#hash.remove(row.k, row.ver);
    }
    this.stand = { epoch: delta.epoch, off: delta.off };
    return CHANGED;
  }

  chk(chk: Chk): Taken {
    // A checksum comes in order with deltas: while pages are under way there is nothing to compare with.
    if (this.paging) return QUIET;
    const agrees = this.stand?.off === chk.off && this.rows.size === chk.n && this.#hash.hex() === chk.h;
    return agrees ? QUIET : again("mirror_mismatch");
  }

  #put(row: Row): void {
    const old = this.rows.get(row.k);
    if (old) this.#hash.remove(old.k, old.ver);
    this.#hash.add(row.k, row.ver);
    this.rows.set(row.k, row);
  }
}

/**
 * What was delivered of a stream, and what is not seen yet. Each item is delivered once per life of its offsets. The
 * items kept are those the user has not seen; the server retains no more than that either, which bounds them.
 */
export class StreamMirror extends Base<Item> {
  readonly kind = "stream";
  /** Items not yet seen, oldest first. */
  unseen: Item[] = [];
  #delivered = 0;
  #seen = 0;

  /** The user has dealt with everything up to `off`, or to the last item delivered. Answers whether that is news. */
  seen(off: number): boolean {
    const through = Math.min(off, this.#delivered);
    if (through <= this.#seen) return false;
    this.#seen = through;
    this.unseen = this.unseen.filter((item) => item.off > through);
    return true;
  }

  /** Up to where the user has dealt with the items, if anywhere. */
  get seenThrough(): number | undefined {
    return this.#seen > 0 ? this.#seen : undefined;
  }

  snap(snap: Snap): Taken {
    const whole = this.page(snap, snap.add ?? []);
    if (whole === false) return again("bad_snapshot");
    if (!whole) return QUIET;
    if (this.stand?.epoch !== whole.stand.epoch) {
      // Offsets of another life say nothing about what was delivered: at least once.
      this.#delivered = 0;
      this.#seen = 0;
      this.unseen = [];
    }
    // What the server no longer retains was seen, resolved or has expired.
    const first = whole.parts[0]?.off ?? whole.stand.off + 1;
    this.unseen = this.unseen.filter((item) => item.off >= first);
    this.stand = whole.stand;
    return this.#deliver(whole.parts);
  }

  delta(delta: Delta): Taken {
    if (this.paging || !this.fits(delta)) return again("base_gap");
    this.stand = { epoch: delta.epoch, off: delta.off };
    return this.#deliver(delta.add ?? []);
  }

  chk(): Taken {
    return QUIET;
  }

  #deliver(items: Item[]): Taken {
    const fresh = items.filter((item) => {
      if (item.off <= this.#delivered) return false;
      this.#delivered = item.off;
      return true;
    });
    if (fresh.length === 0) return QUIET;
    this.unseen = [...this.unseen, ...fresh];
    return { did: "items", items: fresh };
  }
}

/** The newest value of a gauge. It is complete in itself, so an older base is no gap. */
export class GaugeMirror extends Base<never> {
  readonly kind = "gauge";
  value: unknown;

  snap(snap: Snap): Taken {
    this.stand = { epoch: snap.epoch, off: snap.off };
    this.value = snap.v;
    return CHANGED;
  }

  delta(delta: Delta): Taken {
    if (!this.stand || this.stand.epoch !== delta.epoch || delta.off < this.stand.off) return again("base_gap");
    this.stand = { epoch: delta.epoch, off: delta.off };
    this.value = delta.v;
    return CHANGED;
  }

  chk(): Taken {
    return QUIET;
  }
}

/** A mirror of any class. */
export type Mirror = MapMirror | StreamMirror | GaugeMirror;

/** An empty mirror. */
export function newMirror(kind: TopicClass): Mirror {
  if (kind === "map") return new MapMirror();
  return kind === "stream" ? new StreamMirror() : new GaugeMirror();
}
