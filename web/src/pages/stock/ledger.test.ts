import { describe, expect, it } from "vitest";
import { type Movement, story } from "./ledger";

const move = (version: number, delta: number, cause: string, condition = "sellable"): Movement => ({
  version, delta, cause, condition,
});
// Newest first: 60 came, 12 left, one was lost, one came back and was put back on the shelf.
const all = [
  move(5, 1, "restocked"),
  move(5, -1, "restocked", "returns"),
  move(4, 1, "returned", "returns"),
  move(3, -2, "adjusted"),
  move(2, -12, "shipped"),
  move(1, 60, "received"),
];

describe("why is on-hand 47?", () => {
  it("adds up from nothing when every movement is known", () => {
    const told = story(all, true, { sellable: 99 });
    expect(told.onHand).toBe(47);
    expect(told.before).toBe(0);
    expect(told.parts).toEqual([
      { cause: "received", units: 60 },
      { cause: "shipped", units: -12 },
      { cause: "adjusted", units: -2 },
      { cause: "restocked", units: 1 },
    ]);
    expect(told.parts.reduce((sum, part) => sum + part.units, 0)).toBe(47);
    expect(told.entries.map((entry) => entry.balance)).toEqual([47, 0, 1, 46, 48, 60]);
  });

  it("counts down from what is there when older movements are not loaded", () => {
    const told = story(all.slice(0, 4), false, { sellable: 47, returns: 3 });
    expect(told.before).toBe(48);
    expect(told.entries.map((entry) => entry.balance)).toEqual([47, 3, 4, 46]);
  });

  it("gives every entry a key of its own", () => {
    const keys = story(all, true, {}).entries.map((entry) => entry.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
