// A new version of the page: it waits, is let in, and what waits to be sent is not lost. The pages under test are copied,
// so that the copy can become another version.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { choose, enrolled, signOn, wedge } from "./scanner";
import { DIST, Munshi } from "./server";

test("a new version is let in without losing the queue, and opens without a connection", async ({ page }) => {
  const pages = mkdtempSync(join(tmpdir(), "munshi-pages-"));
  cpSync(DIST, pages, { recursive: true });
  const munshi = await Munshi.start({ pages });
  try {
    await enrolled(page, munshi, "gun-up");
    await signOn(page);
    await choose(page, "Put away");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1);
    const [old] = await page.evaluate(() => caches.keys());
    await page.reload();

    const sw = readFileSync(join(pages, "sw.js"), "utf8");
    const version = /version:"([0-9a-f]{16})"|"version":"([0-9a-f]{16})"/.exec(sw);
    const known = version?.[1] ?? version?.[2] ?? "";
    expect(old).toBe(`munshi-scan-${known}`);
    writeFileSync(join(pages, "sw.js"), sw.replaceAll(known, "0123456789abcdef"));
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.getByRole("button", { name: "Settings" }).click();
    await expect(page.getByText("A new version is ready")).toBeVisible();

    // Two scans wait while the new version is let in; its files are here already.
    await page.getByRole("button", { name: "Back" }).click();
    const mend = munshi.cut();
    await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
    await wedge(page, "106141410000000019");
    await wedge(page, "A-01");
    await expect(page.getByRole("button", { name: "Records: 1 waiting" })).toBeVisible();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Load it" }).click();
    await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Records: 1 waiting" })).toBeVisible();
    expect(await page.evaluate(() => caches.keys())).toEqual(["munshi-scan-0123456789abcdef"]);
    mend();
    await expect(page.getByRole("button", { name: "Records: Nothing waits" })).toBeVisible({ timeout: 45_000 });
  } finally {
    await munshi.stop();
    rmSync(pages, { recursive: true, force: true });
  }
});
