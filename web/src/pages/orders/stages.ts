/** Where the units of a line are (SM-01), in the order in which they move. */
import type { Schema } from "@/api/react";
import type { Tone } from "@/ui";

export type Quantities = Schema["LineQuantities"];
export type Stage = keyof Quantities;

export const STAGES: [Stage, Tone][] = [
  ["open", "neutral"], ["backordered", "warn"], ["reserved", "info"], ["allocated", "info"], ["picking", "accent"], ["packed", "accent"],
  ["in_transit", "accent"], ["delivered", "good"], ["rto_pending", "warn"], ["returned", "neutral"], ["lost", "bad"], ["canceled", "neutral"],
];

/** Units that may still be canceled: nothing that is, or was, with a carrier. */
const CANCELABLE: Stage[] = ["open", "backordered", "reserved", "allocated", "picking", "packed"];

export function cancelable(q: Quantities): number {
  return CANCELABLE.reduce((n, stage) => n + q[stage], 0);
}

/** Units not on the floor yet, which another warehouse could take over. */
export function movable(q: Quantities): number {
  return q.open + q.backordered + q.reserved + q.allocated;
}

export interface Share {
  stage: Stage;
  tone: Tone;
  units: number;
}

export function shares(q: Quantities): Share[] {
  return STAGES.map(([stage, tone]) => ({ stage, tone, units: q[stage] })).filter((s) => s.units > 0);
}
