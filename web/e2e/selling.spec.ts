// Orders from being placed to being decided, in the browsers of two people; and the session, over reloads and tabs.
import { expect, type Page, test } from "@playwright/test";
import { dialog, KHI, open, order, product, signedIn } from "./pages";
import { Munshi, PASSWORD, USERS } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
  await product(munshi, "SELL-1", 500);
  // Lists trail the journal; the first search waits for its own product.
  const search = () => munshi.rest<{ items: unknown[] }>("admin", "GET", "/products?q=SELL-1");
  await expect.poll(async () => (await search()).items.length, { timeout: 80_000 }).toBe(1);
});
test.afterAll(() => munshi.stop());

async function pick(page: Page, placeholder: RegExp, text: string, option: RegExp): Promise<void> {
  const field = page.getByPlaceholder(placeholder);
  await field.fill(text);
  await page.getByRole("option", { name: option }).first().click();
}

test("an order placed by one person is on another's board within a second, and both follow its decision", async ({ browser }) => {
  const service = await signedIn(browser, munshi, "service", "/orders/new");
  const sales = await signedIn(browser, munshi, "sales", "/orders");
  await expect(sales.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  const rows = sales.getByRole("row");
  await expect.poll(() => rows.count()).toBeGreaterThan(5);

  await pick(service, /Customer's name, phone or e-mail/, "khan", /Khan/);
  await pick(service, /Add a product/, "SELL-1", /SELL-1/);
  await service.getByRole("textbox", { name: /Quantity/ }).fill("80");
  await service.getByRole("textbox", { name: /Quantity/ }).press("Tab");
  // The server's totals: 80 at 1,500.
  await expect(service.getByRole("definition").filter({ hasText: "Rs 120,000" }).first()).toBeVisible();
  await service.getByRole("button", { name: "Place order" }).click();
  await expect(service.getByRole("heading", { level: 1 })).toHaveText(/^SO-/);
  const number = (await service.getByRole("heading", { level: 1 }).textContent())!;

  await expect(sales.getByRole("row", { name: new RegExp(number) })).toBeVisible({ timeout: 1_000 });
  await expect(sales.getByRole("row", { name: new RegExp(number) })).toContainText("Awaiting approval");

  await open(sales, munshi, "/approvals");
  await sales.getByRole("button", { name: new RegExp(number) }).click();
  await sales.keyboard.press("a");
  await dialog(sales).getByRole("button", { name: "Approve" }).click();
  await expect(sales.getByRole("button", { name: new RegExp(number) })).toHaveCount(0);
  await expect(service.getByText("In the warehouse").first()).toBeVisible();
  await expect(service.getByRole("list", { name: "Timeline" })).toContainText("Decision: Approved");
  await Promise.all([service.context().close(), sales.context().close()]);
});

test("an order shows who looks at it, and how it was before", async ({ browser }) => {
  const { id } = await order(munshi, "SELL-1", 3);
  const one = await signedIn(browser, munshi, "admin", `/orders/${id}`);
  const two = await signedIn(browser, munshi, "sales", `/orders/${id}`);
  await expect(two.getByText(/is looking at this order/)).toBeVisible();
  await expect(one.getByText(/is looking at this order/)).toBeVisible();
  await one.context().close();
  await expect(two.getByText(/is looking at this order/)).toHaveCount(0, { timeout: 15_000 });

  await two.getByRole("button", { name: "As it was" }).click();
  const slider = two.getByRole("slider");
  await slider.press("Home");
  await expect(two.getByText(/as it was on/)).toBeVisible();
  await expect(two.getByText("3 Open")).toBeVisible();
  await expect(two.getByRole("button", { name: "Release to floor" })).toHaveCount(0);
  await two.getByRole("button", { name: "Back to now" }).click();
  await expect(two.getByText("3 Open")).toHaveCount(0);
  await two.context().close();
});

test("several orders are put on hold together, and a hold is ended with a reason", async ({ browser }) => {
  const made = [await order(munshi, "SELL-1"), await order(munshi, "SELL-1")];
  const page = await signedIn(browser, munshi, "sales", "/orders");
  for (const { number } of made) await page.getByRole("checkbox", { name: `Select ${number}` }).check({ force: true });
  await page.getByRole("toolbar").getByRole("button", { name: "Hold" }).click();
  await dialog(page).getByRole("textbox").fill("checking the address");
  await dialog(page).getByRole("button", { name: "Hold" }).click();
  await expect(dialog(page).getByText("2 done")).toBeVisible();
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  for (const { number } of made) await expect(page.getByRole("row", { name: new RegExp(number) })).toContainText("On hold");

  await open(page, munshi, `/orders/${made[0]!.id}`);
  await page.getByRole("button", { name: "Release hold" }).click();
  await dialog(page).getByRole("textbox").fill("address is right");
  await dialog(page).getByRole("button", { name: "Release hold" }).click();
  await expect(page.getByRole("region", { name: "Holds" })).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Timeline" })).toContainText("address is right");
  await page.context().close();
});

test("units of a line are canceled, and filters are part of the address", async ({ browser }) => {
  const { id, number } = await order(munshi, "SELL-1", 5);
  const page = await signedIn(browser, munshi, "sales", `/orders/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /Cancel/ }).click();
  await dialog(page).getByText("Some units").click();
  await dialog(page).getByRole("textbox", { name: /Units of/ }).fill("2");
  await dialog(page).getByRole("textbox", { name: /Reason/ }).fill("customer wants fewer");
  await dialog(page).getByRole("button", { name: "Cancel these units" }).click();
  await expect(page.getByText("2 Canceled")).toBeVisible();

  await open(page, munshi, `/orders?q=${number}`);
  await expect(page.getByText("1 order", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(number) })).toContainText("Partly canceled");
  await page.context().close();
});

test("reloading in two tabs at once keeps the session; signing out in one ends it in the other", async ({ browser }) => {
  const one = await signedIn(browser, munshi, "viewer", "/orders");
  const two = await one.context().newPage();
  await two.goto(`${munshi.url}/orders`);
  for (let i = 0; i < 4; i += 1) await Promise.all([one.reload(), two.reload()]);
  await expect(two.getByRole("row").nth(3)).toBeVisible();
  await one.getByRole("button", { name: /^Account/ }).first().click();
  await one.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(two.getByRole("button", { name: "Sign in" })).toBeVisible();
  await two.getByLabel("E-mail").fill(USERS.viewer);
  await two.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await two.getByRole("button", { name: "Sign in" }).click();
  // Back to where one was, in both.
  await expect(two).toHaveURL(/\/orders$/);
  await expect(one).toHaveURL(/\/orders$/);
  // What a viewer may not do is not offered.
  await expect(two.getByRole("button", { name: "New order" })).toHaveCount(0);
  await one.context().close();
});

test("an access token that ends early is replaced without a word", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "sales", "/orders");
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem("munshi.session")!) as { access: string };
    localStorage.setItem("munshi.session", JSON.stringify({ ...kept, access: `${kept.access}x` }));
  });
  await page.reload();
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  await page.context().close();
});

test("stock is taken from the warehouse that has it", async ({ browser }) => {
  const { id } = await order(munshi, "SELL-1", 1);
  const page = await signedIn(browser, munshi, "sales", `/orders/${id}`);
  await expect(page.getByRole("row", { name: /SELL-1/ })).toContainText(KHI);
  await page.context().close();
});
