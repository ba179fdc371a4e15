// XXH64 with seed 0, and the checksum over the rows of a Map topic that is made of it.
//
// Written after the public specification (Cyan4973/xxHash, doc/xxhash_spec.md). Numbers of 64 bits are pairs of
// 32-bit halves: a snapshot of ten thousand rows is hashed row by row, which BigInt would make visible. The result of an
// operation stands in `rl` and `rh`; nothing here is re-entrant or needs to be.
//
// Invariant: the checksum of a set of rows does not depend on their order and changes in constant time per row.

/** Low and high half of the last result. */
let rl = 0;
let rh = 0;

const P1L = 0x85ebca87 | 0;
const P1H = 0x9e3779b1 | 0;
const P2L = 0x27d4eb4f | 0;
const P2H = 0xc2b2ae3d | 0;
const P3L = 0x9e3779f9 | 0;
const P3H = 0x165667b1 | 0;
const P4L = 0xc2b2ae63 | 0;
const P4H = 0x85ebca77 | 0;
const P5L = 0x165667c5 | 0;
const P5H = 0x27d4eb2f | 0;

function add(al: number, ah: number, bl: number, bh: number): void {
  const low = (al >>> 0) + (bl >>> 0);
  rl = low | 0;
  rh = (ah + bh + (low > 0xffffffff ? 1 : 0)) | 0;
}

/** The low 64 bits of a product. */
function mul(al: number, ah: number, bl: number, bh: number): void {
  const a0 = al & 0xffff;
  const a1 = al >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  const low = a0 * b0;
  // Each sum is at most 0xffff * 0x10000 and so below 2^32.
  const mid = a1 * b0 + (low >>> 16);
  const mid2 = a0 * b1 + (mid & 0xffff);
  const high = a1 * b1 + (mid >>> 16) + (mid2 >>> 16);
  rl = (mid2 << 16) | (low & 0xffff);
  rh = (high + Math.imul(ah, bl) + Math.imul(al, bh)) | 0;
}

/** Rotates left by 1 to 31 bits. */
function rotl(al: number, ah: number, bits: number): void {
  rl = (al << bits) | (ah >>> (32 - bits));
  rh = (ah << bits) | (al >>> (32 - bits));
}

function round(al: number, ah: number, wl: number, wh: number): void {
  mul(wl, wh, P2L, P2H);
  add(al, ah, rl, rh);
  rotl(rl, rh, 31);
  mul(rl, rh, P1L, P1H);
}

function merge(hl: number, hh: number, al: number, ah: number): void {
  round(0, 0, al, ah);
  mul(hl ^ rl, hh ^ rh, P1L, P1H);
  add(rl, rh, P4L, P4H);
}

/** Hashes `end` bytes; the result is in `rl` and `rh`. */
function hash(view: DataView, end: number): void {
  let at = 0;
  let hl = P5L;
  let hh = P5H;
  if (end >= 32) {
    at = stripes(view, end);
    hl = rl;
    hh = rh;
  }
  add(hl, hh, end, 0);
  hl = rl;
  hh = rh;
  for (; at + 8 <= end; at += 8) {
    round(0, 0, view.getInt32(at, true), view.getInt32(at + 4, true));
    rotl(hl ^ rl, hh ^ rh, 27);
    mul(rl, rh, P1L, P1H);
    add(rl, rh, P4L, P4H);
    hl = rl;
    hh = rh;
  }
  if (at + 4 <= end) {
    mul(view.getInt32(at, true), 0, P1L, P1H);
    rotl(hl ^ rl, hh ^ rh, 23);
    mul(rl, rh, P2L, P2H);
    add(rl, rh, P3L, P3H);
    hl = rl;
    hh = rh;
    at += 4;
  }
  for (; at < end; at++) {
    mul(view.getUint8(at), 0, P5L, P5H);
    rotl(hl ^ rl, hh ^ rh, 11);
    mul(rl, rh, P1L, P1H);
    hl = rl;
    hh = rh;
  }
  avalanche(hl, hh);
}

/** The four lanes over whole stripes of 32 bytes. Answers how far it came; the hash so far is in `rl` and `rh`. */
function stripes(view: DataView, end: number): number {
  add(P1L, P1H, P2L, P2H);
  const lanes = new Int32Array([rl, rh, P2L, P2H, 0, 0, 0, 0]);
  add(~P1L, ~P1H, 1, 0);
  lanes[6] = rl;
  lanes[7] = rh;
  let at = 0;
  for (; at + 32 <= end; at += 32) {
    for (let lane = 0; lane < 8; lane += 2) {
      round(lanes[lane]!, lanes[lane + 1]!, view.getInt32(at + lane * 4, true), view.getInt32(at + lane * 4 + 4, true));
      lanes[lane] = rl;
      lanes[lane + 1] = rh;
    }
  }
  let hl = 0;
  let hh = 0;
  const turns = [1, 7, 12, 18];
  for (let lane = 0; lane < 4; lane++) {
    rotl(lanes[lane * 2]!, lanes[lane * 2 + 1]!, turns[lane]!);
    add(hl, hh, rl, rh);
    hl = rl;
    hh = rh;
  }
  for (let lane = 0; lane < 8; lane += 2) {
    merge(hl, hh, lanes[lane]!, lanes[lane + 1]!);
    hl = rl;
    hh = rh;
  }
  rl = hl;
  rh = hh;
  return at;
}

function avalanche(hl: number, hh: number): void {
  // Shifts right by 33, 29 and 32 bits.
  mul(hl ^ (hh >>> 1), hh, P2L, P2H);
  const l = rl;
  const h = rh;
  mul(l ^ ((l >>> 29) | (h << 3)), h ^ (h >>> 29), P3L, P3H);
  rl = rl ^ rh;
}

function hex(low: number, high: number): string {
  const half = (part: number) => (part >>> 0).toString(16).padStart(8, "0");
  return half(high) + half(low);
}

const utf8 = new TextEncoder();

/** XXH64 with seed 0 as 16 hex digits. */
export function xxh64(input: Uint8Array): string {
  hash(new DataView(input.buffer, input.byteOffset, input.byteLength), input.byteLength);
  return hex(rl, rh);
}

// A row's key has at most 64 bytes; a longer one is none of this protocol's, but is hashed all the same.
let scratch = new Uint8Array(256);
let scratchView = new DataView(scratch.buffer);

/** XXH64 over key, a zero byte and the version in eight bytes, little-endian. */
function rowHash(key: string, ver: number): void {
  if (key.length * 3 + 9 > scratch.length) {
    scratch = new Uint8Array(key.length * 3 + 9);
    scratchView = new DataView(scratch.buffer);
  }
  const end = utf8.encodeInto(key, scratch).written;
  scratch[end] = 0;
  scratchView.setUint32(end + 1, ver % 0x1_0000_0000, true);
  scratchView.setUint32(end + 5, Math.floor(ver / 0x1_0000_0000), true);
  hash(scratchView, end + 9);
}

/** The wrapping sum of the hashes of rows. */
export class MirrorHash {
  #low = 0;
  #high = 0;

  /** Counts a row in. */
  add(key: string, ver: number): void {
    rowHash(key, ver);
    add(this.#low, this.#high, rl, rh);
    this.#low = rl;
    this.#high = rh;
  }

  /** Takes a row out that was counted in with the same version. */
  remove(key: string, ver: number): void {
    rowHash(key, ver);
    // Minus x is not x plus one.
    add(~rl, ~rh, 1, 0);
    add(this.#low, this.#high, rl, rh);
    this.#low = rl;
    this.#high = rh;
  }

  /** As it stands in `chk`. */
  hex(): string {
    return hex(this.#low, this.#high);
  }
}
