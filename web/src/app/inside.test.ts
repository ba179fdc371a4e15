import { expect, test } from "vitest";
import { inside } from "./inside";

test("after signing in one stays inside the console", () => {
  expect(inside("/orders?status=draft")).toBe("/orders?status=draft");
  for (const bad of [undefined, "", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]) expect(inside(bad)).toBe("/");
});
