import { expect, it } from "vitest";
import { parseWhole, wholeWithin } from "./whole";

it("reads whole numbers in every digit that is used here", () => {
  const cases: [string, number][] = [["12", 12], [" -3 ", -3], ["−3", -3], ["۱۲۳", 123], ["٤٥", 45], ["007", 7]];
  for (const [text, value] of cases) expect(parseWhole(text)).toBe(value);
  for (const text of ["", "-", "1.5", "1,000", "12 kg", "1e3", "9".repeat(16)]) expect(parseWhole(text)).toBeNaN();
});

it("takes nothing out of bounds", () => {
  expect(wholeWithin("0", 1)).toBeNaN();
  expect(wholeWithin("256", 0, 255)).toBeNaN();
  expect(wholeWithin("255", 0, 255)).toBe(255);
});
