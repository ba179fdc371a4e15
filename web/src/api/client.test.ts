import { expect, test } from "vitest";
import { address, fill } from "./client";
import { outcomeOf, readProblem, retryAfter } from "./problem";

test("empty filters are no part of an address", () => {
  expect(address("/x", { q: "a b", status: "", tag: null, limit: 0, live: false })).toBe("/x?q=a+b&limit=0&live=false");
  expect(address("/x", {})).toBe("/x");
});

test("what fills a path cannot leave it", () => {
  expect(fill("/products/{sku}/stock", { sku: "../a b/ک" })).toBe("/products/..%2Fa%20b%2F%DA%A9/stock");
  expect(() => fill("/x/{id}", {})).toThrow();
});

test("an answer says whether something happened", () => {
  expect([400, 409, 412, 422, 429, 500, 502, 503, 504].map(outcomeOf)).toEqual([
    "refused", "refused", "refused", "refused", "later", "unknown", "unknown", "later", "unknown",
  ]);
});

test("Retry-After is seconds or a date", () => {
  expect(retryAfter("3")).toBe(3000);
  expect(retryAfter("Thu, 01 Jan 2026 00:00:10 GMT", Date.parse("2026-01-01T00:00:00Z"))).toBe(10_000);
  expect(retryAfter(null)).toBeNull();
  expect(retryAfter("soon")).toBeNull();
});

test("a refusal that is no problem document still is one", async () => {
  const problem = await readProblem(new Response("<html>gateway</html>", { status: 502, statusText: "Bad Gateway" }));
  expect(problem).toMatchObject({ status: 502, code: "http_502", outcome: "unknown" });
  const asked = await readProblem(new Response("", { status: 504 }), "GET");
  expect(asked).toMatchObject({ outcome: "later", offline: true });
  const typed = await readProblem(Response.json({ status: 409, code: "order_on_hold", detail: "on hold", fix: "release the hold first", field: null }, { status: 409 }));
  expect(typed).toMatchObject({ code: "order_on_hold", fix: "release the hold first", outcome: "refused" });
});
