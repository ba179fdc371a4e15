import { expect, test } from "vitest";
import { dayAt, height, mainCurrency } from "./report";

test("the currency of most days is shown", () => {
  const day = (value: Record<string, string>) => ({ date: "2026-01-01", orders: 1, value });
  expect(mainCurrency([day({ PKR: "1" }), day({ PKR: "2", USD: "9" }), day({})])).toBe("PKR");
  expect(mainCurrency([day({})])).toBeNull();
});

test("a day stays the same day in every time zone", () => {
  expect(dayAt("2026-11-21").getDate()).toBe(21);
});

test("what is no amount has no height", () => {
  expect(height(undefined)).toBe(0);
  expect(height("-5")).toBe(0);
  expect(height("12.5")).toBe(12.5);
});
