// Puts the pictures that looks.spec.ts and scan-looks.spec.ts took on sheets. Its name comes after theirs, and so does it.
import { rmSync } from "node:fs";
import { test } from "@playwright/test";
import { DIR, sheets } from "./looks/camera";

test("sheets", async ({ browser }) => {
  test.setTimeout(1_800_000);
  rmSync(`${DIR}/sheets.txt`, { force: true });
  await sheets(browser);
  console.log(`pictures, sheets, sheets.txt and faults.txt are in ${DIR}`);
});
