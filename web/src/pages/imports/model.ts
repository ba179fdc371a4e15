/** Imports as the server tells them, and what may be sent. */
import type { Schema } from "@/api/react";

export type ImportView = Schema["ImportView"];

export const KINDS = ["products", "customers", "stock", "orders"] as const;
export type Kind = (typeof KINDS)[number];
export const MAX_BYTES = 64 * 1024 * 1024;

/** Layouts that hold a kind (the command line's table); the empty one is told from the headers. */
export const LAYOUTS: Record<Kind, string[]> = {
  products: ["", "native", "shopify"],
  customers: ["", "native"],
  stock: ["", "native"],
  orders: ["", "native", "online-retail"],
};

/** Kinds whose rows may need a warehouse. */
export const WITH_WAREHOUSE: Kind[] = ["products", "stock"];

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The media type by the file's name: browsers guess differently, and some send none. */
export function mediaType(name: string): string | null {
  if (/\.csv$/i.test(name)) return "text/csv";
  return /\.xlsx$/i.test(name) ? XLSX : null;
}

export type FileFault = "wrongType" | "tooLarge" | null;

export function faultOf(file: { name: string; size: number }): FileFault {
  if (mediaType(file.name) === null) return "wrongType";
  return file.size > MAX_BYTES ? "tooLarge" : null;
}

export const ended = (one: ImportView) => one.state === "done" || one.state === "failed" || one.state === "stopped";
