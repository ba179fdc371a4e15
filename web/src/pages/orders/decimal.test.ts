import { expect, test } from "vitest";
import { add, compare, equal } from "./decimal";

test("sums are exact where floats are not", () => {
  expect(add("0.10", "0.20")).toBe("0.30");
  expect(add("9007199254740993.00", "0.01")).toBe("9007199254740993.01");
  expect(add("-0.05", "0.01")).toBe("-0.04");
  expect(add("1", "0.005")).toBe("1.005");
});

test("noughts at the end do not matter", () => {
  expect(equal("1500", "1500.00")).toBe(true);
  expect(equal("1500.01", "1500.0")).toBe(false);
  expect(compare("-2.5", "-2.49")).toBe(-1);
  expect(compare("10", "9.99")).toBe(1);
});

test("what is no decimal is refused", () => {
  expect(() => add("1e3", "0")).toThrow(RangeError);
  expect(() => add("", "0")).toThrow(RangeError);
});
