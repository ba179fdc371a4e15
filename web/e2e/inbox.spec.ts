// The bell: what a person is told, live, until it was seen.
import { expect, test } from "@playwright/test";
import { dialog, faultsNow, faultsOf, order, product, signedIn } from "./pages";
import { Munshi } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
  const rule = { over: { amount: "1.00", currency: "PKR" }, queue: "sales", role: "sales_manager" };
  await munshi.rest("admin", "PATCH", "/settings", { approval_rules: [rule] });
  await product(munshi, "BELL-1", 9);
});
test.afterAll(async () => {
  await munshi.stop();
});

test("an approval rings, leads to its page, and is quiet once it was seen", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "sales");
  await expect(page.getByRole("button", { name: "Nothing new for you" })).toBeVisible();
  const { number } = await order(munshi, "BELL-1");
  await page.getByRole("button", { name: "1 notice for you" }).click();
  const list = dialog(page);
  await expect(list).toContainText(`Order ${number}`);
  await expect(list).toContainText("waits for your decision");
  const faults = await faultsOf(page, "inbox");
  for (const [language, name] of [["ur", "آپ کے لیے 1 اطلاعات"], ["en", "1 notice for you"]] as const) {
    await page.evaluate((l) => localStorage.setItem("munshi.language", l), language);
    await page.setViewportSize({ width: 360, height: 780 });
    await page.reload();
    await page.getByRole("button", { name }).click();
    await expect(list).toContainText(number);
    faults.push(...(await faultsNow(page, `inbox open ${language}`)));
    if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/inbox-open-${language}.png` });
  }
  expect(faults).toEqual([]);
  await list.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/approvals/);
  await page.reload();
  await page.getByRole("button", { name: "1 notice for you" }).click();
  await page.getByRole("button", { name: "I have seen all of it" }).click();
  await expect(dialog(page)).toContainText("Nothing new for you");
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(page.getByRole("button", { name: "Nothing new for you" })).toBeVisible();
  await page.close();
});
