import { expect, test } from "vitest";
import { fit, least } from "./fit";

const columns = [{ width: "10rem" }, { width: "minmax(10rem, 2fr)" }, { width: "10rem", wide: true }];

test("the least width of a track is read off", () => {
  expect(least("9.5rem")).toBe(9.5);
  expect(least("minmax(8rem, 1fr)")).toBe(8);
  expect(least("1fr")).toBe(6);
});

test("wide columns go first, then the table becomes cards", () => {
  expect(fit(columns, 1000, false)).toEqual({ columns, narrow: false });
  expect(fit(columns, 400, false)).toEqual({ columns: columns.slice(0, 2), narrow: false });
  expect(fit(columns, 330, false).narrow).toBe(true);
  expect(fit(columns, 360, true).narrow).toBe(true);
});

test("before it is measured nothing is left out", () => {
  expect(fit(columns, null, true)).toEqual({ columns, narrow: false });
});
