/** Rows of the stock list, from the live topic or, where that is not to be had, from the REST list. */
import type { Schema } from "@/api/react";
import type { LiveRow } from "@/live/react";
import type { StockRow } from "@/wire/munshi-v1";

export interface Shelf {
  key: string;
  sku: string;
  onHand: number;
  held: number;
  available: number;
  low: boolean;
  mark?: "new" | "changed";
}

export type Which = "all" | "low" | "out";

/** Quantities of the topic are decimal text; of stock in whole units they are whole. */
export function fromTopic(row: LiveRow<StockRow>): Shelf {
  return {
    key: row.k, sku: row.v.sku ?? row.k, onHand: Number(row.v.on_hand), held: Number(row.v.reserved),
    available: Number(row.v.available), low: row.v.low, mark: row.mark,
  };
}

export function fromList(row: Schema["StockView"]): Shelf {
  const low = row.low_stock > 0 && row.available <= row.low_stock;
  return { key: row.sku, sku: row.sku, onHand: row.on_hand, held: row.reserved + row.allocated, available: row.available, low };
}

/** In order of SKU, those that fit. */
export function pick(rows: Iterable<Shelf>, begins: string, which: Which): Shelf[] {
  const wanted = begins.trim().toLowerCase();
  const fits = (row: Shelf) =>
    row.sku.toLowerCase().includes(wanted) && (which === "all" || (which === "low" ? row.low : row.available <= 0));
  return [...rows].filter(fits).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
