/**
 * The ledger of a SKU as a story that adds up: each movement with the units on the shelf after it, and what each cause
 * brought or took in all. It never invents an opening balance: what is not loaded yet is named as such.
 */
export interface Movement {
  at?: string | null;
  cause: string;
  condition: string;
  delta: number;
  order?: string | null;
  reason?: string | null;
  /** The user who did it. */
  by?: string | null;
  version: number;
}

/** The condition whose units are "on hand": fit to be sold. */
export const SELLABLE = "sellable";

export interface Entry extends Movement {
  /** Units in that condition after the movement. */
  balance: number;
  key: string;
}

export interface Part {
  cause: string;
  units: number;
}

export interface Story {
  /** Newest first. */
  entries: Entry[];
  /** What each cause changed of the units fit to be sold, in order of size. */
  parts: Part[];
  /** Units fit to be sold before the oldest loaded movement; 0 when all are loaded. */
  before: number;
  onHand: number;
}

/**
 * `movements` newest first. If they are all there are, balances count up from nothing, so that they are exact even while
 * `now` is a moment newer; else they count down from `now`, by condition.
 */
export function story(movements: Movement[], all: boolean, now: Record<string, number>): Story {
  const balance: Record<string, number> = {};
  const sums = new Map<string, number>();
  for (const one of movements) {
    balance[one.condition] = (balance[one.condition] ?? 0) + one.delta;
    if (one.condition === SELLABLE) sums.set(one.cause, (sums.get(one.cause) ?? 0) + one.delta);
  }
  const moved = balance[SELLABLE] ?? 0;
  const end: Record<string, number> = all ? balance : { ...now };
  const onHand = end[SELLABLE] ?? 0;
  const entries = movements.map((one, index) => {
    const after = end[one.condition] ?? 0;
    end[one.condition] = after - one.delta;
    return { ...one, balance: after, key: `${one.version}/${one.condition}/${index}` };
  });
  const parts = [...sums].filter(([, units]) => units !== 0).map(([cause, units]) => ({ cause, units }));
  parts.sort((left, right) => Math.abs(right.units) - Math.abs(left.units));
  return { entries, parts, before: onHand - moved, onHand };
}
