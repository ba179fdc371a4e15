import { expect, it } from "vitest";
import { ownWrite, wrote } from "./own-writes";

it("asks lists to reflect the newest change, for a while", () => {
  expect(ownWrite(0)).toBeUndefined();
  wrote(12, 1_000);
  wrote(10, 2_000);
  expect(ownWrite(3_000)).toBe(12);
  expect(ownWrite(40_000)).toBeUndefined();
  // Set back to an older state, the journal begins lower again.
  wrote(4, 41_000);
  expect(ownWrite(41_001)).toBe(4);
});
