import { describe, expect, it } from "vitest";
import { MirrorHash, xxh64 } from "./xxh64";

const bytes = (text: string) => new TextEncoder().encode(text);

/** XXH64 written plainly in BigInt, after the specification: slow, and hard to get wrong. */
function plain(input: Uint8Array): string {
  const [p1, p2, p3, p4, p5] = [
    0x9e3779b185ebca87n,
    0xc2b2ae3d27d4eb4fn,
    0x165667b19e3779f9n,
    0x85ebca77c2b2ae63n,
    0x27d4eb2f165667c5n,
  ];
  const wrap = (value: bigint) => BigInt.asUintN(64, value);
  const rotl = (value: bigint, by: bigint) => wrap((value << by) | (value >> (64n - by)));
  const word = (at: number, size: number) =>
    input.slice(at, at + size).reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
  const round = (lane: bigint, value: bigint) => wrap(rotl(wrap(lane + value * p2), 31n) * p1);
  let at = 0;
  let hash = p5;
  if (input.length >= 32) {
    const lanes = [wrap(p1 + p2), p2, 0n, wrap(-p1)];
    for (; at + 32 <= input.length; at += 32) lanes.forEach((lane, n) => (lanes[n] = round(lane, word(at + n * 8, 8))));
    hash = wrap([1n, 7n, 12n, 18n].reduce((sum, by, n) => sum + rotl(lanes[n]!, by), 0n));
    for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * p1 + p4);
  }
  hash = wrap(hash + BigInt(input.length));
  for (; at + 8 <= input.length; at += 8) hash = wrap(rotl(hash ^ round(0n, word(at, 8)), 27n) * p1 + p4);
  if (at + 4 <= input.length) {
    hash = wrap(rotl(hash ^ wrap(word(at, 4) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < input.length; at++) hash = wrap(rotl(hash ^ wrap(word(at, 1) * p5), 11n) * p1);
  hash = wrap((hash ^ (hash >> 33n)) * p2);
  hash = wrap((hash ^ (hash >> 29n)) * p3);
  return (hash ^ (hash >> 32n)).toString(16).padStart(16, "0");
}

describe("xxh64", () => {
  it.each([
    ["", "ef46db3751d8e999"],
    ["a", "d24ec4f1a98c6e5b"],
    ["as", "1c330fb2d66be179"],
    ["asd", "631c37ce72a97393"],
    ["asdf", "415872f599cea71e"],
    ["Call me Ishmael. Some years ago--never mind how long precisely-", "02a2e85470d6fd96"],
    ["Nobody inspects the spammish repetition", "fbcea83c8a378bf1"],
  ])("agrees with the published value of %j", (text, hash) => {
    expect(xxh64(bytes(text))).toBe(hash);
  });

  it("agrees with the plain reading of the specification for every length", () => {
    let state = 42;
    const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
    for (let length = 0; length < 200; length++) {
      const input = Uint8Array.from({ length }, random);
      expect(xxh64(input), `seed 42, length ${length}`).toBe(plain(input));
      expect(xxh64(new Uint8Array(length).fill(0xff)), `length ${length}`).toBe(plain(new Uint8Array(length).fill(0xff)));
    }
  });
});

describe("the checksum of a mirror", () => {
  const rows: [string, number][] = [
    ["o_1", 71],
    ["o_2", 3],
    ["کرتا", Number.MAX_SAFE_INTEGER],
    ["x".repeat(300), 2 ** 40 + 7],
  ];

  it("is the sum over rows of key, zero byte and version", () => {
    const sum = rows.reduce((sum, [key, ver]) => {
      const tail = Uint8Array.from({ length: 9 }, (_, at) => (at === 0 ? 0 : Number((BigInt(ver) >> BigInt(8 * (at - 1))) & 255n)));
      return sum + BigInt(`0x${plain(Uint8Array.from([...bytes(key), ...tail]))}`);
    }, 0n);
    const hash = new MirrorHash();
    for (const [key, ver] of rows) hash.add(key, ver);
    expect(hash.hex()).toBe(BigInt.asUintN(64, sum).toString(16).padStart(16, "0"));
  });

  it("forgets order and removed rows, and counts versions", () => {
    const [forth, back] = [new MirrorHash(), new MirrorHash()];
    for (const [key, ver] of rows) forth.add(key, ver);
    for (const [key, ver] of rows.toReversed()) back.add(key, ver);
    expect(forth.hex()).toBe(back.hex());
    back.remove("o_1", 71);
    back.add("o_1", 72);
    expect(forth.hex()).not.toBe(back.hex());
    for (const [key, ver] of rows) forth.remove(key, ver);
    expect(forth.hex()).toBe("0000000000000000");
  });
});
