import { describe, expect, it } from "vitest";
import { blank, complete, details, draftOf } from "./draft";

const product = {
  sku: "CHD-008-1", version: 3, active: true, title: "Chaddar", price: { amount: "7390.00", currency: "PKR" },
  compare_at: { amount: "8000.00", currency: "PKR" }, brand: "Gulbagh", category: "Chaddar", handle: "chaddar-008",
  barcode: null, description: "چادر", image: null, tax_code: null, weight_grams: 520, min_quantity: 1, stocked: true,
  backorder: false, options: [{ name: "Size", value: "L" }],
};

describe("a product's form", () => {
  it("says again all that it was shown, because saving replaces everything", () => {
    const { sku, version, active, ...rest } = product;
    expect(details(draftOf(product))).toMatchObject({ ...rest, barcode: undefined, image: undefined, tax_code: undefined });
  });

  it("needs a title and an amount", () => {
    const draft = { ...blank("PKR"), title: "Shawl", amount: "1500.50" };
    expect(complete(draft)).toBe(true);
    for (const amount of ["", "1,500", "-3", "1.23456", "free"]) expect(complete({ ...draft, amount })).toBe(false);
    expect(complete({ ...draft, title: "  " })).toBe(false);
    expect(complete({ ...draft, compareAt: "x" })).toBe(false);
  });

  it("leaves out options that are not filled in", () => {
    const options = [{ name: "Size", value: "" }, { name: "Color", value: "Teal" }];
    expect(details({ ...blank("PKR"), options }).options).toEqual([{ name: "Color", value: "Teal" }]);
  });
});
