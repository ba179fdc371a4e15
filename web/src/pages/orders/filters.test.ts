import { expect, test } from "vitest";
import { count, readFilters, sameFilters, toQuery } from "./filters";

test("an address is read without what is no filter", () => {
  expect(readFilters({ status: "draft", q: "  ", view: "columns", evil: "1" })).toEqual({ status: "draft" });
});

test("a day means all of it where one is", () => {
  const query = toQuery({ from: "2026-03-01", to: "2026-03-01" });
  const [from, to] = [new Date(query.from!), new Date(query.to!)];
  expect(from.getHours()).toBe(0);
  expect(to.getTime() - from.getTime()).toBe(86_399_999);
});

test("a day that is none is no filter", () => {
  expect(toQuery({ from: "someday" })).toEqual({});
});

test("views are the same whatever the order of their filters", () => {
  expect(sameFilters({ status: "draft", q: "x" }, { q: "x", status: "draft" })).toBe(true);
  expect(sameFilters({ status: "draft" }, {})).toBe(false);
});

test("the search text is no filter to count", () => {
  expect(count({ q: "x", status: "draft" })).toBe(1);
});
