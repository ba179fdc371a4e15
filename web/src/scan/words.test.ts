import { describe, expect, it } from "vitest";
import { en } from "../i18n/en/scan";
import { en as enCodes } from "../i18n/en/scan-codes";
import { ur } from "../i18n/ur/scan";
import { ur as urCodes } from "../i18n/ur/scan-codes";

/** Every path to a text of a dictionary. */
function paths(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return [`${path}[${value.length}]`];
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => paths(inner, `${path}.${name}`));
}

describe("the scanner's words", () => {
  it("are there in both languages, also those that are looked up by a word of the server", () => {
    expect(paths(ur).sort()).toEqual(paths(en).sort());
    expect(Object.keys(urCodes).sort()).toEqual(Object.keys(enCodes).sort());
  });

  it("are written in their own script", () => {
    for (const text of Object.values(urCodes)) expect(text).toMatch(/[\u0600-\u06ff]/);
    for (const text of Object.values(enCodes)) expect(text).not.toMatch(/[\u0600-\u06ff]/);
  });
});
