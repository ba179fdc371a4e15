import { describe, expect, test } from "vitest";
import { dropRows, mergeHead, type Pages, patchRows } from "./merge";

interface Row {
  id: string;
  version: number;
  at: string;
}

const row = (id: string, at: number, version = 1): Row => ({ id, version, at: `2026-01-01T00:00:${String(at).padStart(2, "0")}Z` });
const pages = (...lists: Row[][]): Pages<Row> => ({
  pages: lists.map((items, i) => ({ items, next: i === lists.length - 1 ? null : `c${i}`, seq: 1 })),
  pageParams: lists.map((_, i) => (i === 0 ? null : `c${i - 1}`)),
});
const ids = (p: Pages<Row>) => p.pages.flatMap((page) => page.items.map((r) => r.id));

describe("mergeHead", () => {
  const known = pages([row("e", 50), row("d", 40)], [row("c", 30), row("b", 20)], [row("a", 10)]);

  test("a new row comes first and nothing is lost or doubled", () => {
    const head = { items: [row("f", 60), row("e", 50)], next: "x", seq: 2 };
    expect(ids(mergeHead(known, head))).toEqual(["f", "e", "d", "c", "b", "a"]);
  });

  test("a row that does not match any more goes", () => {
    const head = { items: [row("d", 40), row("c", 30)], next: "x", seq: 2 };
    expect(ids(mergeHead(known, head))).toEqual(["d", "c", "b", "a"]);
  });

  test("rows of the same instant as the head's end stay", () => {
    const twins = pages([row("z", 50), row("y", 40)], [row("x", 40), row("w", 30)]);
    const head = { items: [row("z", 50), row("y", 40)], next: "x", seq: 2 };
    expect(ids(mergeHead(twins, head))).toEqual(["z", "y", "x", "w"]);
  });

  test("a head that has everything replaces everything", () => {
    expect(ids(mergeHead(known, { items: [row("q", 5)], next: null, seq: 2 }))).toEqual(["q"]);
    expect(ids(mergeHead(known, { items: [], next: null, seq: 2 }))).toEqual([]);
  });

  test("the newer version of a row is shown", () => {
    const head = { items: [row("e", 50, 7), row("d", 40)], next: "x", seq: 2 };
    expect(mergeHead(known, head).pages[0]?.items[0]?.version).toBe(7);
  });

  test("the cursors of pages below stay", () => {
    const merged = mergeHead(known, { items: [row("f", 60), row("e", 50)], next: "x", seq: 2 });
    expect(merged.pageParams).toEqual(known.pageParams);
    expect(merged.pages.at(-1)?.next).toBeNull();
  });

  test("a head far newer than all that is known goes on by its own cursor", () => {
    const far = { items: [row("z", 59), row("y", 5)], next: "own", seq: 2 };
    const merged = mergeHead(pages([row("x", 30)]), far);
    expect(merged.pages).toEqual([far]);
  });
});

describe("patchRows", () => {
  test("only newer rows replace", () => {
    const old = pages([row("b", 20, 5), row("a", 10, 5)]);
    const next = patchRows(old, new Map([["b", row("b", 20, 4)], ["a", row("a", 10, 6)]]));
    expect(next.pages[0]?.items.map((r) => r.version)).toEqual([5, 6]);
  });

  test("nothing newer is the same object", () => {
    const old = pages([row("b", 20, 5)]);
    expect(patchRows(old, new Map([["b", row("b", 20, 5)]]))).toBe(old);
  });
});

test("dropRows takes away what is named", () => {
  const old = pages([row("b", 20)], [row("a", 10)]);
  expect(ids(dropRows(old, new Set(["a"])))).toEqual(["b"]);
  expect(dropRows(old, new Set(["zz"]))).toBe(old);
});
