// What a console says and does when the connection is cut, the server is killed or a role is taken away: it is told, it
// mends by itself without a reload, and nothing is lost or done twice.
import { expect, type Page, test } from "@playwright/test";
import { marked, order, product, signedIn } from "./pages";
import { Munshi, USERS } from "./server";

const CUT_MS = 60_000;
const LOST = "The live connection is lost. What you see may be out of date.";
const SKU = "MEND-1";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ front: true });
  await product(munshi, SKU, 500);
  const search = () => munshi.rest<{ items: unknown[] }>("admin", "GET", `/products?q=${SKU}`);
  await expect.poll(async () => (await search()).items.length, { timeout: 80_000 }).toBe(1);
});
test.afterAll(() => munshi.stop());

const live = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible({ timeout: 45_000 });

async function orders(): Promise<Map<string, string>> {
  const { items } = await munshi.rest<{ items: { id: string; number: string | null }[] }>("admin", "GET", "/orders?limit=200");
  return new Map(items.map(({ id, number }) => [id, number ?? "draft"]));
}

test("a connection that is cut for a minute is told all the while, and what was placed meanwhile is there afterwards", async ({ browser }) => {
  test.setTimeout(240_000);
  const page = await signedIn(browser, munshi, "sales", "/orders");
  await live(page);
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  const same = await marked(page);

  const begun = Date.now();
  const mend = munshi.cut();
  await expect(page.getByText(LOST)).toBeVisible({ timeout: 5_000 });
  const placed: string[] = [];
  for (let n = 1; n <= 6; n++) {
    placed.push((await order(munshi, SKU)).number);
    await expect.poll(() => Date.now() - begun, { timeout: CUT_MS }).toBeGreaterThan((n * CUT_MS) / 6);
    await expect(page.getByText(LOST)).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toHaveCount(0);
  }
  await expect(page.getByRole("row", { name: new RegExp(placed[0]!) })).toHaveCount(0);
  mend();

  await expect(page.getByText(LOST)).toHaveCount(0, { timeout: 45_000 });
  await live(page);
  for (const number of placed) await expect(page.getByRole("row", { name: new RegExp(number) })).toHaveCount(1);
  const next = await order(munshi, SKU);
  await expect(page.getByRole("row", { name: new RegExp(next.number) })).toBeVisible({ timeout: 5_000 });
  expect(await same()).toBe(true);
  await page.context().close();
});

test("a server that is killed under a form gets what was typed when it is back; a lost answer is found out, and counts once", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await signedIn(browser, munshi, "service", "/orders/new");
  const same = await marked(page);
  await page.getByPlaceholder(/Customer's name, phone or e-mail/).fill("khan");
  await page.getByRole("option", { name: /Khan/ }).first().click();
  await page.getByPlaceholder(/Add a product/).fill(SKU);
  await page.getByRole("option", { name: new RegExp(SKU) }).first().click();
  const quantity = page.getByRole("textbox", { name: /Quantity/ });
  const total = (text: string) => expect(page.getByRole("definition").filter({ hasText: text }).first()).toBeVisible({ timeout: 45_000 });
  await quantity.fill("2");
  await quantity.press("Tab");
  await total("Rs 3,000");

  await munshi.kill();
  await expect(page.getByText(LOST)).toBeVisible();
  await quantity.fill("3");
  await quantity.press("Tab");
  await expect(page.getByRole("alert")).toContainText("What you typed is still here.");
  await munshi.up();
  // By itself: nobody presses anything.
  await total("Rs 4,500");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByText(LOST)).toHaveCount(0);
  await expect(quantity).toHaveValue("3");

  const before = await orders();
  await page.route("**/submit", async (route) => {
    // The server does it, and dies before its answer arrives.
    await route.fetch();
    await munshi.kill();
    await route.abort("connectionreset");
  }, { times: 1 });
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByRole("alert")).toContainText("It is not known whether this was carried out. Try again: it will not happen twice.");
  await munshi.up();
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByText("Order placed")).toHaveCount(1);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^SO-/);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Timeline" }).getByText("Submitted")).toHaveCount(1);
  await live(page);
  expect(await same()).toBe(true);
  // The draft is the one order; no other was made.
  const after = await orders();
  expect([...after.keys()].filter((id) => !before.has(id))).toEqual([]);
  await page.context().close();
});

test("a role that is taken away takes its pages along within a second, says so, and offers what is left", async ({ browser }) => {
  const { items } = await munshi.rest<{ items: { id: string; email: string }[] }>("admin", "GET", "/users?limit=100");
  const { id } = items.find(({ email }) => email === USERS.sales)!;
  const page = await signedIn(browser, munshi, "sales", "/approvals");
  await live(page);
  const menu = page.getByRole("navigation", { name: "Menu" }).first();
  await expect(menu.getByRole("link", { name: /Approvals/ })).toBeVisible();
  const same = await marked(page);

  await munshi.rest("admin", "PATCH", `/users/${id}`, { roles: ["warehouse"] });
  await expect(page.getByText("An administrator changed what you may do. You are now: Warehouse.")).toBeVisible({ timeout: 1_000 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not for your role");
  await expect(menu.getByRole("link", { name: /Approvals/ })).toHaveCount(0);
  await menu.getByRole("link", { name: "Stock" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Stock");
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await live(page);
  await page.getByRole("button", { name: "Understood" }).click();
  await expect(page.getByText("An administrator changed what you may do.")).toHaveCount(0);
  expect(await same()).toBe(true);
  await munshi.rest("admin", "PATCH", `/users/${id}`, { roles: ["sales_manager"] });
  await page.context().close();
});
