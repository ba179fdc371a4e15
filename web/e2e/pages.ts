// What the console's end-to-end tests share: signing in, looking at a page in all its variants, products to work with.
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page } from "@playwright/test";
import { type Munshi, PASSWORD, USERS } from "./server";

export const KHI = "KHI-SITE";

/** A page of its own, signed in. */
export async function signedIn(browser: Browser, munshi: Munshi, user: keyof typeof USERS, path = "/"): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Karachi", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) throw new Error(message.text());
  });
  await page.goto(munshi.url + path);
  await page.locator('input[type="email"]').fill(USERS[user]);
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.locator('button[type="submit"]').click();
  // Verifying a password is slow on purpose, and slower on a busy machine.
  await expect(page.locator('input[autocomplete="current-password"]')).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  return page;
}

/** Moves within the console without loading it anew. */
export async function open(page: Page, munshi: Munshi, path: string): Promise<void> {
  await page.goto(munshi.url + path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Marks a page; the answer tells whether it is still the same, not loaded anew. */
export async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => void ((globalThis as { marked?: boolean }).marked = true));
  return () => page.evaluate(() => (globalThis as { marked?: boolean }).marked === true);
}

/** The dialog that is open; what is said in passing has the role of one, too, in a region of its own. */
export const dialog = (page: Page) => page.getByRole("dialog").or(page.getByRole("alertdialog").and(page.locator(':not([role="region"] *)')));

/** Chooses in one of our lists: a button with the label that opens options. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  const within = (await dialog(page).count()) > 0 ? dialog(page) : page;
  await within.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** A product of this test's own, in KHI-SITE's stock if units are given. */
export async function product(munshi: Munshi, sku: string, units = 0, title = `Test shawl ${sku}`): Promise<void> {
  const details = { title, price: { amount: "1500.00", currency: "PKR" } };
  await munshi.rest("admin", "PUT", `/products/${sku}`, details);
  if (units > 0) await munshi.rest("admin", "POST", `/warehouses/${KHI}/stock/${sku}/receive`, { quantity: units, reference: "opening" });
}

/** A placed order of one line, taken from KHI-SITE. */
export async function order(munshi: Munshi, sku: string, quantity = 1): Promise<{ id: string; number: string }> {
  return munshi.rest("admin", "POST", "/orders", {
    customer: { name: "Hina Tariq", phone: "0300 5551200" }, payment_method: "cod", submit: true,
    shipping_address: { line1: "12-B, Gulberg III", city: "Lahore" }, lines: [{ sku, quantity, warehouse: KHI }],
  });
}

const SIZES = [
  { width: 360, height: 780 },
  { width: 800, height: 1000 },
  { width: 1440, height: 900 },
];

/** Faults of what is shown: sideways scrolling at any width, and what axe finds serious, in both languages and themes. */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [language, theme] of [["en", "light"], ["ur", "dark"]] as const) {
    await page.evaluate(([l, th]) => { localStorage.setItem("munshi.language", l); localStorage.setItem("munshi.theme", th); }, [language, theme] as const);
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator('[class*="skeleton"]')).toHaveCount(0);
    // The page itself, not the sign-in that would stand in its place.
    await expect(page.locator('input[autocomplete="current-password"]')).toHaveCount(0);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${name} ${language} ${size.width}: scrolls sideways by ${wide}`);
      if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${name}-${language}-${theme}-${size.width}.png` });
    }
    faults.push(...(await faultsNow(page, `${name} ${language} ${theme}`)));
  }
  return faults;
}

/** Faults of what is shown now, as it is shown. */
export async function faultsNow(page: Page, name: string): Promise<string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [...(wide > 0 ? [`${name}: scrolls sideways by ${wide}`] : []), ...(await seriousIn(page)).map((fault) => `${name}: ${fault}`)];
}

/**
 * What axe finds serious. While a field's list of what was found is open, the component library hides the rest of the
 * page from screen readers, as the pattern of a combobox asks; going to any of it by keyboard closes the list, so that
 * axe's wish for such parts (aria-hidden-focus) is left out then. Left out, too, is one node that no page draws: the component library says "busy" aloud through an
 * element `<div role="img" aria-labelledby="…">` in its live region, named by the busy button, which stays there for
 * seconds, and is without a name when the button has gone meanwhile. It is spoken when it is put there and never again.
 */
export async function seriousIn(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).exclude('[role="log"][aria-relevant="additions"] > [role="img"][aria-labelledby]');
  if ((await page.locator('[role="combobox"][aria-expanded="true"]').count()) > 0) axe.disableRules(["aria-hidden-focus"]);
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.target} ${nodes[0]?.html.slice(0, 160)}`);
}
