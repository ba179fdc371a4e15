// What pages see of mirrors: unchanging snapshots, made anew when something changed.
//
// Invariant: a row's object stays the same as long as its version does, so a list draws only what changed. Marks tell
// what changed under the user's eyes; the first sight of a topic marks nothing, a reconnect marks what is different.
import type { CodeWord, Item, Row } from "../wire/munshi-v1";
import type { Entry } from "./subs";

/** How current a topic's data is. */
export type Freshness =
  /** Nothing of it is here yet. */
  | "loading"
  /** As the server has it. */
  | "live"
  /** Was true when the connection was lost. */
  | "stale"
  /** The server does not show it to this user. */
  | "refused";

/** How long a change is marked. */
export const MARK_MS = 2_500;

/** A row as a page sees it. */
export interface LiveRow<V> {
  readonly k: string;
  readonly v: V;
  readonly ver: number;
  /** It appeared or changed a moment ago. */
  readonly mark?: "new" | "changed";
}

/** A topic as a page sees it. */
export interface TopicView<V> {
  readonly state: Freshness;
  /** Why it was refused. */
  readonly code?: CodeWord;
  readonly rows: ReadonlyMap<string, LiveRow<V>>;
}

/** What a stream has that was not seen. */
export interface StreamView<V> {
  readonly state: Freshness;
  readonly code?: CodeWord;
  readonly items: readonly (Omit<Item, "v"> & { v: V })[];
}

/** A gauge's newest value. */
export interface GaugeView<V> {
  readonly state: Freshness;
  readonly code?: CodeWord;
  readonly value: V | undefined;
}

const NO_ROWS: ReadonlyMap<string, LiveRow<unknown>> = new Map();

/** Before anything is known of a topic. */
export const LOADING: TopicView<never> & StreamView<never> & GaugeView<never> = {
  state: "loading",
  rows: NO_ROWS as ReadonlyMap<string, LiveRow<never>>,
  items: [],
  value: undefined,
};

/** How current an entry is, while the machine is connected or not. */
export function freshness(entry: Entry | undefined, connected: boolean): Freshness {
  if (!entry) return "loading";
  if (entry.state.at === "refused") return "refused";
  if (entry.mirror.kind === "gauge" && connected && entry.state.at === "live") return "live";
  if (!entry.mirror.stand) return "loading";
  return connected && entry.state.at === "live" && !entry.mirror.paging ? "live" : "stale";
}

/** Makes the snapshots of one Map topic. */
export class MapViews {
  #rows: ReadonlyMap<string, LiveRow<unknown>> = NO_ROWS;
  #marks = new Map<string, { mark: "new" | "changed"; until: number }>();
  #seen = false;

  /** The rows now. The same object is answered as long as nothing changed. */
  take(rows: ReadonlyMap<string, Row>, stands: boolean, now: number): ReadonlyMap<string, LiveRow<unknown>> {
    let changed = rows.size !== this.#rows.size;
    for (const [key, mark] of this.#marks) if (mark.until <= now) this.#marks.delete(key);
    const next = new Map<string, LiveRow<unknown>>();
    for (const row of rows.values()) {
      const old = this.#rows.get(row.k);
      if (old?.ver !== row.ver && this.#seen) {
        this.#marks.set(row.k, { mark: old ? "changed" : "new", until: now + MARK_MS });
      }
      const mark = this.#marks.get(row.k)?.mark;
      const kept = old?.ver === row.ver && old.mark === mark ? old : undefined;
      changed ||= !kept;
      next.set(row.k, kept ?? { k: row.k, v: row.v, ver: row.ver, ...(mark && { mark }) });
    }
    this.#seen ||= stands;
    if (changed) this.#rows = next;
    return this.#rows;
  }

  /** When a mark ends, if there is one. */
  markEnds(): number | undefined {
    let first: number | undefined;
    for (const { until } of this.#marks.values()) first = Math.min(first ?? until, until);
    return first;
  }
}
