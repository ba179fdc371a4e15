/** Keys for requests. `crypto.randomUUID` is missing over plain http, where a shop's own network often is. */

/** RFC 9562, version 4. */
export function uuid(): string {
  return format(stamp(crypto.getRandomValues(new Uint8Array(16)), 4));
}

/** RFC 9562, version 7: the first 48 bits are milliseconds since 1970, so keys sort by when they were made. */
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  return format(stamp(bytes, 7));
}

function stamp(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function format(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
