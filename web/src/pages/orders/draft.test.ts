import { expect, test } from "vitest";
import type { Schema } from "@/api/react";
import { addProduct, changes, complete, type Draft, EMPTY, fromOrder, numbered, tagsOf, toCreate, toDraftPatch, toPlacedPatch } from "./draft";

const line = { key: "k", line: null, sku: "A", title: "a", quantity: 2, unitPrice: "", discount: "", note: "", backorder: false };
const draft: Draft = { ...EMPTY, customer: { id: "c1", name: "C" }, address: { ...EMPTY.address, line1: " House 1 ", city: "Lahore" }, lines: [line] };
const product = { sku: "A", title: "a", min_quantity: 3, backorder: true } as Schema["ProductView"];

test("a draft is made only when the server could make one", () => {
  expect(complete(draft)).toBe(true);
  expect(complete({ ...draft, lines: [] })).toBe(false);
  expect(complete({ ...draft, lines: [{ ...line, quantity: Number.NaN }] })).toBe(false);
  expect(complete({ ...draft, address: { ...draft.address, city: " " } })).toBe(false);
  expect(complete({ ...draft, customer: null, inline: { name: "N", phone: "", email: "" } })).toBe(false);
  expect(complete({ ...draft, customer: null, inline: { name: "N", phone: "0300", email: "" } })).toBe(true);
});

test("an existing customer goes by id, a new one by name and phone, never both", () => {
  expect(toCreate(draft)).toMatchObject({ customer_id: "c1", shipping_address: { line1: "House 1", city: "Lahore", line2: null } });
  expect("customer" in toCreate(draft)).toBe(false);
  const fresh = toCreate({ ...draft, customer: null, inline: { name: " N ", phone: "0300 1", email: "" } });
  expect(fresh.customer).toEqual({ name: "N", phone: "0300 1", email: null });
  expect("customer_id" in fresh).toBe(false);
});

test("what was emptied is sent as empty, not left out", () => {
  expect(toDraftPatch(draft)).toMatchObject({ note: "", po_number: "", shipping_fee: "0", tags: [] });
});

test("a placed order is asked to change only what differs", () => {
  const before = toPlacedPatch(draft);
  expect(changes(before, before)).toEqual({});
  expect(changes(before, toPlacedPatch({ ...draft, note: "ring twice" }))).toEqual({ note: "ring twice" });
});

test("the price of the catalogue is not written down as one's own", () => {
  expect(toCreate(draft).lines[0]).toEqual({ sku: "A", quantity: 2 });
  expect(toCreate({ ...draft, lines: [{ ...line, line: 4, unitPrice: "10", discount: "1" }] }).lines[0]).toEqual({ sku: "A", quantity: 2, line: 4, unit_price: "10", discount: "1", note: "" });
});

test("the same product again is one more of it", () => {
  const once = addProduct([], product, "x");
  expect(once).toMatchObject([{ sku: "A", quantity: 3, backorder: true }]);
  expect(addProduct(once, product, "y")).toMatchObject([{ sku: "A", quantity: 4 }]);
});

test("tags are told apart by either comma and once only", () => {
  expect(tagsOf(" eid, gift ،eid,, ")).toEqual(["eid", "gift"]);
});

test("an order becomes the draft it came from", () => {
  const order = {
    customer: { id: "c1", name: "C" }, shipping_address: { line1: "H", city: "L" }, payment_method: "cod", channel: "online", priority: "high", note: null, po_number: null, tags: ["a"],
    ship_complete: true, totals: { shipping: "0.00" }, lines: [{ line: 3, sku: "A", title: "a", quantity: 2, unit_price: "5.00", discount: "0.00", note: null }],
  } as unknown as Schema["OrderView"];
  expect(fromOrder(order)).toMatchObject({ fee: "", tags: "a", complete: true, lines: [{ line: 3, discount: "", unitPrice: "5.00" }] });
});

test("new lines keep the numbers the server gave them, each once", () => {
  const order = { lines: [{ line: 7, sku: "A" }, { line: 8, sku: "B" }] } as never;
  const lines = numbered([{ ...line, sku: "B" }, { ...line, line: 7 }, { ...line, sku: "C" }], order);
  expect(lines.map((l) => l.line)).toEqual([8, 7, null]);
});

test("a discount that was taken away is taken away on the order too", () => {
  expect(toDraftPatch({ ...draft, lines: [{ ...line, line: 1 }] }).lines).toEqual([{ sku: "A", quantity: 2, line: 1, discount: "0", note: "" }]);
});
