/** Exact sums of decimal text. Amounts are never numbers: `0.1 + 0.2` is no money. */

interface Decimal {
  units: bigint;
  scale: number;
}

function parse(text: string): Decimal {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!found) throw new RangeError(`no decimal: ${text}`);
  const [, minus = "", whole = "0", part = ""] = found;
  const units = BigInt(whole + part);
  return { units: minus === "" ? units : -units, scale: part.length };
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.scale, y.scale);
  return [x.units * 10n ** BigInt(scale - x.scale), y.units * 10n ** BigInt(scale - y.scale), scale];
}

export function add(a: string, b: string): string {
  const [x, y, scale] = aligned(a, b);
  return write(x + y, scale);
}

export function equal(a: string, b: string): boolean {
  const [x, y] = aligned(a, b);
  return x === y;
}

/** -1, 0 or 1. */
export function compare(a: string, b: string): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function write(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}
