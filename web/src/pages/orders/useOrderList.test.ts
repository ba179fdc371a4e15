import { expect, test } from "vitest";
import { changedIds } from "./changes";
import { type LiveOrders, markRows, type Row } from "./useOrderList";

const live = (versions: Record<string, number>): LiveOrders => ({
  rows: new Map(Object.entries(versions).map(([id, ver]) => [id, { ver, order: {} as never }])),
  head: Math.max(0, ...Object.values(versions)),
  known: true,
});
const row = (id: string, version: number, at: string) => ({ id, version, at }) as Row;

test("what came, changed and left is changed; what stayed is not", () => {
  expect(changedIds(live({ a: 1, b: 2, c: 3 }), live({ a: 1, b: 5, d: 6 })).sort()).toEqual(["b", "c", "d"]);
});

test("rows loaded by scrolling are not marked", () => {
  const marks = markRows(new Map([["a", 1], ["b", 1]]), "2026-01-02", [
    row("n", 1, "2026-01-03"), row("a", 2, "2026-01-02"), row("b", 1, "2026-01-02"), row("old", 1, "2026-01-01"),
  ]);
  expect([...marks]).toEqual([["n", "new"], ["a", "changed"]]);
});
