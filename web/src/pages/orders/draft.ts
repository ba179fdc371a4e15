/** An order that is being made or edited: what is typed, and how it becomes a request. */
import type { Schema } from "@/api/react";

export type Address = Schema["Address"];
type Create = Schema["CreateOrder"];
type Patch = Schema["PatchOrder"];
type Order = Schema["OrderView"];

export interface DraftLine {
  key: string;
  /** Its number on the order, if it is on it already. */
  line: number | null;
  sku: string;
  title: string;
  quantity: number;
  /** Set only if it differs from the catalogue's. */
  unitPrice: string;
  discount: string;
  note: string;
  backorder: boolean;
}

export interface Draft {
  customer: { id: string; name: string } | null;
  inline: { name: string; phone: string; email: string } | null;
  address: Record<AddressField, string>;
  lines: DraftLine[];
  payment: string;
  channel: string;
  priority: string;
  fee: string;
  note: string;
  po: string;
  tags: string;
  complete: boolean;
}

export const ADDRESS_FIELDS = ["name", "phone", "line1", "line2", "landmark", "city", "province", "postcode"] as const;
export type AddressField = (typeof ADDRESS_FIELDS)[number];

export const EMPTY: Draft = {
  customer: null, inline: null, address: { name: "", phone: "", line1: "", line2: "", landmark: "", city: "", province: "", postcode: "" },
  lines: [], payment: "cod", channel: "offline", priority: "normal", fee: "", note: "", po: "", tags: "", complete: false,
};

export function addressOf(given: Address): Draft["address"] {
  return Object.fromEntries(ADDRESS_FIELDS.map((f) => [f, given[f] ?? ""])) as Draft["address"];
}

/** The same address but for white space; such one need not be asked for again. */
export function sameAddress(a: Draft["address"], b: Draft["address"]): boolean {
  return ADDRESS_FIELDS.every((f) => a[f].trim() === b[f].trim());
}

export function fromOrder(order: Order): Draft {
  return {
    customer: { id: order.customer.id, name: order.customer.name }, inline: null, address: addressOf(order.shipping_address),
    lines: order.lines.map((l) => ({
      key: `line-${l.line}`, line: l.line, sku: l.sku, title: l.title, quantity: l.quantity, unitPrice: l.unit_price, discount: nought(l.discount) ? "" : l.discount,
      note: l.note ?? "", backorder: false,
    })),
    payment: order.payment_method, channel: order.channel, priority: order.priority, fee: nought(order.totals.shipping) ? "" : order.totals.shipping,
    note: order.note ?? "", po: order.po_number ?? "", tags: order.tags.join(", "), complete: order.ship_complete,
  };
}

function nought(amount: string): boolean {
  return /^0*(\.0*)?$/.test(amount);
}

/** Whether there is enough for the server to make a draft of it. */
export function complete(draft: Draft): boolean {
  const who = draft.customer !== null || (draft.inline !== null && draft.inline.name.trim() !== "" && draft.inline.phone.trim() !== "");
  const where = draft.address.line1.trim() !== "" && draft.address.city.trim() !== "";
  return who && where && draft.lines.length > 0 && draft.lines.every((l) => Number.isSafeInteger(l.quantity) && l.quantity > 0);
}

function text(value: string): string | null {
  return value.trim() === "" ? null : value.trim();
}

export function tagsOf(tags: string): string[] {
  return [...new Set(tags.split(/[,،]/).map((t) => t.trim()).filter((t) => t !== ""))];
}

function address(draft: Draft): Address {
  const fields = Object.fromEntries(ADDRESS_FIELDS.map((f) => [f, text(draft.address[f])]));
  return { ...fields, line1: draft.address.line1.trim(), city: draft.address.city.trim(), country: "PK" };
}

function lines(draft: Draft): Create["lines"] {
  return draft.lines.map((l) => ({
    sku: l.sku, quantity: l.quantity,
    ...(l.line !== null && { line: l.line }), ...(text(l.unitPrice) && { unit_price: text(l.unitPrice) }),
    // On a line that is there already, what is left out would stay as it is.
    ...(l.line !== null ? { discount: text(l.discount) ?? "0", note: l.note.trim() } : { ...(text(l.discount) && { discount: text(l.discount) }), ...(text(l.note) && { note: text(l.note) }) }),
  }));
}

function shared(draft: Draft) {
  return { lines: lines(draft), shipping_address: address(draft), tags: tagsOf(draft.tags) };
}

export function toCreate(draft: Draft): Create {
  const inline = draft.inline && { name: draft.inline.name.trim(), phone: draft.inline.phone.trim(), email: text(draft.inline.email) };
  return {
    ...shared(draft), ...(draft.customer ? { customer_id: draft.customer.id } : { customer: inline }),
    payment_method: draft.payment, channel: draft.channel, priority: draft.priority, ship_complete: draft.complete,
    ...(text(draft.fee) && { shipping_fee: text(draft.fee) }), ...(text(draft.note) && { note: text(draft.note) }), ...(text(draft.po) && { po_number: text(draft.po) }),
  };
}

/** All of a draft anew. What was emptied is said so, because what is left out would stay. */
export function toDraftPatch(draft: Draft): Patch {
  return {
    ...toPlacedPatch(draft), ...(draft.customer && { customer_id: draft.customer.id }),
    payment_method: draft.payment, channel: draft.channel, priority: draft.priority, ship_complete: draft.complete,
  };
}

/** What may be changed of a placed order. */
export function toPlacedPatch(draft: Draft): Patch {
  return { ...shared(draft), shipping_fee: text(draft.fee) ?? "0", note: draft.note.trim(), po_number: draft.po.trim() };
}

/** Only what differs from `before`: a placed order is asked to change nothing that nobody changed. */
export function changes(before: Patch, after: Patch): Patch {
  const entries = Object.entries(after) as [keyof Patch, unknown][];
  return Object.fromEntries(entries.filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value))) as Patch;
}

/** Takes over the numbers that the server gave to new lines, so that the next request keeps them. */
export function numbered(all: DraftLine[], order: Pick<Order, "lines">): DraftLine[] {
  const free = order.lines.filter((o) => !all.some((l) => l.line === o.line));
  return all.map((l) => {
    if (l.line !== null) return l;
    const at = free.findIndex((o) => o.sku === l.sku);
    return at < 0 ? l : { ...l, line: free.splice(at, 1)[0]!.line };
  });
}

/** Adds a product, or one more of it. */
export function addProduct(all: DraftLine[], product: Schema["ProductView"], key: string): DraftLine[] {
  const known = all.find((l) => l.sku === product.sku);
  if (known) return all.map((l) => (l === known ? { ...l, quantity: l.quantity + 1 } : l));
  return [...all, {
    key, line: null, sku: product.sku, title: product.title, quantity: Math.max(1, product.min_quantity), unitPrice: "", discount: "", note: "", backorder: product.backorder,
  }];
}
