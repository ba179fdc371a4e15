import { expect, it } from "vitest";
import { span } from "./model";

it("splits a span into days, hours and minutes", () => {
  expect(span(59)).toEqual([0, 0, 0]);
  expect(span(3_660)).toEqual([0, 1, 1]);
  expect(span(2 * 86_400 + 3 * 3_600 + 4 * 60 + 59)).toEqual([2, 3, 4]);
  expect(span(-5)).toEqual([0, 0, 0]);
});
