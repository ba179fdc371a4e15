import { expect, test } from "vitest";
import { drawn, match, pressed } from "./shortcuts";

const key = (k: string, code: string, mods: Partial<KeyboardEvent> = {}) => ({ key: k, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...mods });

test("sequences are found in what was typed last", () => {
  const all = ["g o", "g h", "j", "?"];
  expect(match(all, ["g"])).toEqual({ hit: null, prefix: true });
  expect(match(all, ["x", "g", "o"])).toEqual({ hit: "g o", prefix: false });
  expect(match(all, ["g", "j"])).toEqual({ hit: "j", prefix: false });
  expect(match(all, ["z"])).toEqual({ hit: null, prefix: false });
});

test("with an Urdu keyboard keys go by where they are", () => {
  expect(pressed(key("ج", "KeyJ"))).toBe("j");
  expect(pressed(key("j", "KeyJ"))).toBe("j");
});

test("another Latin layout keeps its letters, and signs are signs", () => {
  expect(pressed(key("a", "KeyQ"))).toBe("a");
  expect(pressed(key("?", "Slash", { shiftKey: true }))).toBe("?");
  expect(pressed(key("k", "KeyK", { ctrlKey: true }))).toBe("mod+k");
  expect(pressed(key("Enter", "Enter", { metaKey: true }))).toBe("mod+enter");
});

test("keys are drawn as people know them", () => {
  expect(drawn("g o")).toEqual(["G", "O"]);
  expect(drawn("/")).toEqual(["/"]);
});
