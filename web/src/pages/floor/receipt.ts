/** A document of expected goods as a form holds it. */
import type { Schema } from "@/api/react";
import { given } from "@/pages/parts/numbers";

export type Kind = "order" | "announced" | "blind";
export const KINDS: Kind[] = ["order", "announced", "blind"];

export interface Line {
  line: number;
  sku: string;
  expected: number;
}

export interface Goods {
  sku: string;
  units: number;
  lot: string;
  expiry: string;
}

export interface Plate {
  number: string;
  goods: Goods[];
}

export interface Draft {
  receipt: string;
  kind: Kind;
  exclusive: boolean;
  lines: Line[];
  plates: Plate[];
}

export const NO_GOODS: Goods = { sku: "", units: NaN, lot: "", expiry: "" };

export function blank(): Draft {
  return { receipt: "", kind: "order", exclusive: false, lines: [{ line: 1, sku: "", expected: NaN }], plates: [{ number: "", goods: [NO_GOODS] }] };
}

/** A line's number is its identity: new ones come after the highest, so that none is taken twice. */
export function nextLine(lines: Line[]): number {
  return Math.max(0, ...lines.map((line) => line.line)) + 1;
}

const filled = (goods: Goods) => goods.sku.trim() !== "" && goods.units > 0;

export function complete(draft: Draft): boolean {
  if (draft.receipt.trim() === "") return false;
  if (draft.kind === "order") return draft.lines.length > 0 && draft.lines.every((line) => line.sku.trim() !== "" && line.expected > 0);
  if (draft.kind === "blind") return true;
  const numbers = draft.plates.map((plate) => plate.number.trim());
  return numbers.length > 0 && new Set(numbers).size === numbers.length && draft.plates.every((plate) => plate.number.trim() !== "" && plate.goods.every(filled));
}

export function body(draft: Draft): Schema["ExpectReceipt"] {
  const { kind, exclusive } = draft;
  if (kind === "blind") return { kind, exclusive };
  if (kind === "order") return { kind, exclusive, lines: draft.lines.map((line) => ({ ...line, sku: line.sku.trim() })) };
  const goods = (one: Goods) => ({ sku: one.sku.trim(), units: one.units, lot: given(one.lot) ?? null, expiry: given(one.expiry) ?? null });
  return { kind, exclusive, plates: Object.fromEntries(draft.plates.map((plate) => [plate.number.trim(), plate.goods.map(goods)])) };
}
