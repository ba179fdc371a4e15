import { describe, expect, it } from "vitest";
import { groupDigits, money, stationOf } from "./model";

describe("amounts on the tracking page", () => {
  it("groups digits without arithmetic", () => {
    const cases: [string, string][] = [
      ["0.00", "0"],
      ["999.00", "999"],
      ["1000.00", "1,000"],
      ["1234567.50", "1,234,567.50"],
      ["-1500.05", "-1,500.05"],
      ["12345678901234567890.01", "12,345,678,901,234,567,890.01"],
      ["what", "what"],
    ];
    for (const [given, wanted] of cases) expect(groupDigits(given)).toBe(wanted);
  });

  it("names the currency", () => {
    expect(money("7390.00", "PKR")).toBe("Rs 7,390");
    expect(money("10.50", "JPY")).toBe("JPY 10.50");
    expect(money("10.50", "")).toBe("10.50");
    expect(money(null, "PKR")).toBe("");
  });
});

describe("stations", () => {
  it("has none for an order that is on no way to the customer", () => {
    expect(["received", "preparing", "on_the_way", "delivered"].map(stationOf)).toEqual([0, 1, 2, 3]);
    for (const status of ["canceled", "rejected", "returned", "expired", "a_later_word"])
      expect(stationOf(status)).toBeNull();
  });
});
