import { describe, expect, it } from "vitest";
import type { Chk, Delta, Item, Snap } from "../wire/munshi-v1";
import { GaugeMirror, MapMirror, StreamMirror } from "./mirror";
import { MirrorHash } from "./xxh64";

const topic = "wh.w1.orders";
const page = (n: number, last: boolean, rows: [string, number][], off = 88): Snap => ({
  topic,
  epoch: "j",
  off,
  page: n,
  last,
  rows: rows.map(([k, ver]) => ({ k, ver, v: ver })),
});
const delta = (base: number, off: number, more: Partial<Delta> = {}): Delta => ({ topic, epoch: "j", base, off, ...more });
const again = (why: string) => ({ did: "resubscribe", why });

function map(): MapMirror {
  const mirror = new MapMirror();
  expect(mirror.snap(page(0, false, [["o_1", 71]]))).toEqual({ did: "quiet" });
  expect(mirror.stand, "half a snapshot is nothing").toBeUndefined();
  expect(mirror.snap(page(1, true, [["o_2", 88]]))).toEqual({ did: "changed" });
  return mirror;
}

describe("a map", () => {
  it("takes a delta only where it stands", () => {
    const mirror = map();
    const more = { put: [{ k: "o_3", v: 3, ver: 95 }], del: ["o_1", "o_9"] };
    for (const wrong of [delta(87, 95, more), delta(89, 95, more), delta(88, 95, { ...more, epoch: "k" }), delta(88, 87)]) {
      expect(mirror.delta(wrong)).toEqual(again("base_gap"));
      expect(mirror.stand?.off, "and is left alone").toBe(88);
    }
    expect(mirror.delta(delta(88, 95, more)), "offsets need not be contiguous").toEqual({ did: "changed" });
    expect([...mirror.rows.keys()]).toEqual(["o_2", "o_3"]);
    expect(mirror.delta(delta(88, 95, more)), "a delta applies once").toEqual(again("base_gap"));
  });

  it("asks for the snapshot again when pages do not follow each other", () => {
    const mirror = new MapMirror();
    expect(mirror.snap(page(1, true, [])), "the first page is missing").toEqual(again("bad_snapshot"));
    mirror.snap(page(0, false, []));
    expect(mirror.snap(page(1, true, [], 89)), "pages of two snapshots").toEqual(again("bad_snapshot"));
    mirror.snap(page(0, false, []));
    expect(mirror.snap(page(0, false, [])), "a new start replaces the old one").toEqual({ did: "quiet" });
    mirror.dropPages();
    expect(mirror.snap(page(1, true, []))).toEqual(again("bad_snapshot"));
    expect(mirror.stand).toBeUndefined();
  });

  it("is proved by the checksum, and by nothing while pages are under way", () => {
    const hash = new MirrorHash();
    const mirror = map();
    for (const row of mirror.rows.values()) hash.add(row.k, row.ver);
    const chk: Chk = { topic, off: 88, n: 2, h: hash.hex() };
    expect(mirror.chk(chk)).toEqual({ did: "quiet" });
    for (const wrong of [{ off: 89 }, { n: 3 }, { h: "0000000000000000" }]) {
      expect(mirror.chk({ ...chk, ...wrong })).toEqual(again("mirror_mismatch"));
    }
    mirror.delta(delta(88, 90, { put: [{ k: "o_1", v: 0, ver: 90 }] }));
    hash.remove("o_1", 71);
    hash.add("o_1", 90);
    expect(mirror.chk({ ...chk, off: 90, h: hash.hex() })).toEqual({ did: "quiet" });
    mirror.snap(page(0, false, []));
    expect(mirror.chk({ ...chk, n: 99 })).toEqual({ did: "quiet" });
  });
});

describe("a stream", () => {
  const items = (...offs: number[]): Item[] => offs.map((off) => ({ off, v: off }));
  const snap = (epoch: string, off: number, ...offs: number[]): Snap => ({ topic, epoch, off, page: 0, last: true, add: items(...offs) });

  it("delivers each item once per life of its offsets", () => {
    const mirror = new StreamMirror();
    expect(mirror.snap(snap("j", 9, 3, 9))).toEqual({ did: "items", items: items(3, 9) });
    expect(mirror.delta(delta(9, 12, { add: items(9, 12) })), "9 was delivered").toEqual({ did: "items", items: items(12) });
    expect(mirror.snap(snap("j", 15, 12, 15))).toEqual({ did: "items", items: items(15) });
    expect(mirror.unseen, "3 and 9 are no longer retained").toEqual(items(12, 15));
    expect(mirror.seen(12)).toBe(true);
    expect(mirror.seen(12)).toBe(false);
    expect(mirror.unseen).toEqual(items(15));
    expect(mirror.snap(snap("k", 2, 2)), "another journal").toEqual({ did: "items", items: items(2) });
    expect(mirror.seenThrough).toBeUndefined();
  });
});

describe("a gauge", () => {
  it("keeps the newest value whatever its base", () => {
    const mirror = new GaugeMirror();
    const value = (epoch: string, off: number): Delta => ({ topic, epoch, base: 0, off, v: off });
    expect(mirror.delta(value("g", 4))).toEqual(again("base_gap"));
    mirror.snap({ topic, epoch: "g", off: 4, page: 0, last: true, v: 4 });
    expect(mirror.delta(value("g", 9))).toEqual({ did: "changed" });
    expect(mirror.delta(value("h", 10))).toEqual(again("base_gap"));
    expect(mirror.value).toBe(9);
  });
});
