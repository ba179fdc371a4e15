import { describe, expect, it } from "vitest";
import { fromList, fromTopic, pick, type Shelf } from "./rows";

const row = (sku: string, available: number, low = false): Shelf => ({ key: sku, sku, onHand: 9, held: 1, available, low });
const rows = [row("KUR-2", 3), row("CHD-1", 0), row("CHD-2", -4, true), row("ABC", 2, true)];

describe("the stock list", () => {
  it("is in order of SKU and narrows by what is typed", () => {
    expect(pick(rows, "", "all").map((one) => one.sku)).toEqual(["ABC", "CHD-1", "CHD-2", "KUR-2"]);
    expect(pick(rows, " chd", "all").map((one) => one.sku)).toEqual(["CHD-1", "CHD-2"]);
  });

  it("finds what is low and what nobody can be promised", () => {
    expect(pick(rows, "", "low").map((one) => one.sku)).toEqual(["ABC", "CHD-2"]);
    expect(pick(rows, "", "out").map((one) => one.sku)).toEqual(["CHD-1", "CHD-2"]);
  });

  it("reads both sources alike", () => {
    const live = fromTopic({ k: "sha:00", ver: 1, v: { sku: "A/B", rev: 1, on_hand: "40", reserved: "3", available: "37", low: false } });
    expect(live).toMatchObject({ key: "sha:00", sku: "A/B", onHand: 40, held: 3, available: 37 });
    const listed = fromList({
      warehouse: "KHI", sku: "A", version: 1, on_hand: 40, reserved: 1, allocated: 2, waiting: 0, available: 37, safety: 0,
      low_stock: 40, conditions: {},
    });
    expect(listed).toMatchObject({ held: 3, low: true });
  });
});
