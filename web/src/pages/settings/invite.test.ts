import { expect, it } from "vitest";
import { machineName } from "./InviteDialog";

it("makes names for machines out of names for people", () => {
  const cases: [string, string][] = [
    ["Front desk 2", "front-desk-2"],
    ["  Zebra #7!  ", "zebra-7"],
    ["ہاتھ والا", ""],
    ["a".repeat(40), "a".repeat(32)],
  ];
  for (const [label, name] of cases) expect(machineName(label)).toBe(name);
});
