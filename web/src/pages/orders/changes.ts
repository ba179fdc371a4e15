/**
 * Tells a list which orders changed, at a bounded rate. In a busy shop changes never pause, so they are gathered for a
 * moment and told together, and what came meanwhile is told next: nothing waits for calm, and nothing under way is
 * given up for what is newer.
 */
import { useEffect, useRef } from "react";
import type { LiveOrders } from "./useOrderList";

/** How long changes are gathered. */
const GATHER_MS = 150;
/** How long until what could not be told is tried again. */
const AGAIN_MS = 2_000;

/** Which orders a change of the topics is about: new ones, changed ones, and those that left. */
export function changedIds(before: LiveOrders, now: LiveOrders): string[] {
  const ids: string[] = [];
  for (const [id, { ver }] of now.rows) if (before.rows.get(id)?.ver !== ver) ids.push(id);
  for (const id of before.rows.keys()) if (!now.rows.has(id)) ids.push(id);
  return ids;
}

type Renew = (ids: string[], seq: number, signal: AbortSignal) => Promise<void>;

/** Gathers what changed and passes it on, one call at a time. `tell` refuses what it could not do: it is told again. */
export class Gatherer {
  #ids = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  readonly #stop = new AbortController();

  constructor(private readonly tell: (ids: string[], signal: AbortSignal) => Promise<void>) {}

  add(ids: readonly string[]): void {
    for (const id of ids) this.#ids.add(id);
    this.#schedule(GATHER_MS);
  }

  /** Nobody looks any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#busy || this.#ids.size === 0 || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#busy = true;
    const ids = [...this.#ids];
    this.#ids.clear();
    const done = await this.tell(ids, this.#stop.signal).then(() => true, () => false);
    this.#busy = false;
    if (!done) for (const id of ids) this.#ids.add(id);
    this.#schedule(done ? GATHER_MS : AGAIN_MS);
  }
}

/** Calls `renew` with the orders that changed since the topics were first known, and how far the newest change is. */
export function useChanges(live: LiveOrders, list: readonly unknown[], renew: Renew): void {
  const before = useRef<LiveOrders | null>(null);
  const now = useRef({ live, renew });
  now.current = { live, renew };
  const gatherer = useRef<Gatherer | null>(null);
  const name = JSON.stringify(list);
  useEffect(() => {
    const mine = new Gatherer((ids, signal) => now.current.renew(ids, now.current.live.head, signal));
    gatherer.current = mine;
    return () => mine.end();
  }, [name]);
  useEffect(() => {
    const old = before.current;
    before.current = live;
    if (!old?.known || !live.known) return;
    const ids = changedIds(old, live);
    if (ids.length > 0) gatherer.current?.add(ids);
  }, [live]);
}
