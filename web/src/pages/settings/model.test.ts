import { describe, expect, it } from "vitest";
import { patch, type Shop, timeIn } from "./model";

const shop = {
  name: "Gulmohar House", tax_rates: { standard: "18", zero: "0" }, sourcing: ["KHI-1"], confirm_cod: false,
} as unknown as Shop;

describe("changes of settings", () => {
  it("holds only what differs", () => {
    expect(patch(shop, { ...shop })).toEqual({});
    expect(patch(shop, { ...shop, confirm_cod: true, sourcing: ["LHE-1", "KHI-1"] })).toEqual({
      confirm_cod: true,
      sourcing: ["LHE-1", "KHI-1"],
    });
  });

  it("takes a tax code away by null, because a merge would keep it", () => {
    expect(patch(shop, { ...shop, tax_rates: { standard: "17" } })).toEqual({ tax_rates: { standard: "17", zero: null } });
  });
});

describe("time zones", () => {
  it("knows a zone or says that it does not", () => {
    const noon = new Date("2026-11-21T07:00:00Z");
    expect(timeIn("Asia/Karachi", noon, "en-GB")).toContain("12:00");
    expect(timeIn("Asia/Nowhere", noon, "en-GB")).toBeNull();
  });
});
