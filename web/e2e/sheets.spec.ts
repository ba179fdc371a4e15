// Puts the pictures that looks.spec.ts and scan-looks.spec.ts took on sheets, and fails if anything was wrong with one of
// them. Its name comes after theirs, and so does it.
import { rmSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { DIR, faultsNoted, sheets } from "./looks/camera";

test("sheets", async ({ browser }) => {
  test.setTimeout(1_800_000);
  rmSync(`${DIR}/sheets.txt`, { force: true });
  await sheets(browser);
  console.log(`pictures, sheets, sheets.txt and faults.txt are in ${DIR}`);
  expect(faultsNoted()).toEqual([]);
});
