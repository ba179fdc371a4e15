import { expect, test } from "vitest";
import { adopted, type Look } from "./look";

test("a browser's own choice wins over the account's", () => {
  const look: Look = { language: "ur", theme: "dark" };
  expect(adopted(look, { language: false, theme: false })).toEqual(look);
  expect(adopted(look, { language: true, theme: false })).toEqual({ theme: "dark" });
  expect(adopted(look, { language: true, theme: true })).toEqual({});
});

test("what this version does not know is not taken over", () => {
  expect(adopted({ language: "fr" as never, theme: "sepia" as never }, { language: false, theme: false })).toEqual({});
});
