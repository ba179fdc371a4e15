// The walk of the README, by three people in three browsers: an order is placed, approved, picked and shipped, and
// nobody reloads a page. With MUNSHI_SHOTS set to a directory it takes the README's pictures there.
import { type Browser, expect, type Page, test } from "@playwright/test";
import { dialog, KHI, open, signedIn } from "./pages";
import { choose, enrolled, expectGoods, gtin, leave, pickAll, putAway, receive, signOn, step, wedge } from "./scanner";
import { Munshi, PASSWORD, USERS } from "./server";

const SKU = "WALK-SHAWL";
const GTIN = gtin(77);

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
  await munshi.rest("admin", "PUT", `/products/${SKU}`, {
    title: "Pashmina shawl, hand-woven", price: { amount: "65000.00", currency: "PKR" }, stocked: true,
  });
  const search = () => munshi.rest<{ items: unknown[] }>("admin", "GET", "/products?q=Pashmina");
  await expect.poll(async () => (await search()).items.length, { timeout: 80_000 }).toBe(1);
});
test.afterAll(() => munshi.stop());

async function shot(page: Page, name: string): Promise<void> {
  if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${name}.png` });
}

async function handheld(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 800 } });
  return context.newPage();
}

async function find(page: Page, placeholder: RegExp, text: string, option: RegExp): Promise<void> {
  await page.getByPlaceholder(placeholder).fill(text);
  await page.getByRole("option", { name: option }).first().click();
}

/** What a label printer is sent: the number on the carton is read off it, as a scanner does. */
async function label(path: string): Promise<string> {
  const signIn = await fetch(`${munshi.url}/api/v1/auth/sign-in`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: USERS.warehouse, password: PASSWORD }),
  });
  const { access_token } = (await signIn.json()) as { access_token: string };
  const answer = await fetch(`${munshi.url}/api/v1${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(answer.status).toBe(200);
  return answer.text();
}

test("an order is placed, approved, picked and shipped while three people watch", async ({ browser }) => {
  test.setTimeout(180_000);
  const gun = await handheld(browser);
  await expectGoods(munshi, SKU, GTIN, "PO-WALK", 5);
  await enrolled(gun, munshi, "gun-walk");
  await signOn(gun);
  await putAway(gun, munshi, await receive(gun, "PO-WALK", GTIN, 5), "A-01");

  const service = await signedIn(browser, munshi, "service", "/orders/new");
  const sales = await signedIn(browser, munshi, "sales", "/approvals");
  await find(service, /Customer's name, phone or e-mail/, "khan", /Khan/);
  await find(service, /Add a product/, SKU, /Pashmina/);
  await service.getByRole("textbox", { name: /Quantity/ }).fill("2");
  await service.getByRole("textbox", { name: /Quantity/ }).press("Tab");
  await expect(service.getByRole("definition").filter({ hasText: "Rs 130,000" }).first()).toBeVisible();
  await shot(service, "walk-1-new-order");
  await service.getByRole("button", { name: "Place order" }).click();
  await expect(service.getByRole("heading", { level: 1 })).toHaveText(/^SO-/);
  const number = (await service.getByRole("heading", { level: 1 }).textContent())!;
  const id = service.url().split("/").pop()!;

  await sales.getByRole("button", { name: new RegExp(number) }).click();
  await expect(sales.getByText(/Pashmina/).first()).toBeVisible();
  await shot(sales, "walk-2-approval");
  await sales.keyboard.press("a");
  await dialog(sales).getByRole("button", { name: "Approve" }).click();
  await open(sales, munshi, "/orders");
  await expect(service.getByText("In the warehouse").first()).toBeVisible();

  await pickAll(gun, "A-01", GTIN, 2);
  await choose(gun, "Pack");
  await wedge(gun, "TOTE-1");
  await step(gun, "Scan every item");
  await wedge(gun, GTIN);
  await wedge(gun, GTIN);
  await expect(gun.locator(".rows")).toContainText("2 / 2");
  await shot(gun, "walk-3-pack");
  await gun.getByRole("button", { name: "Next" }).click();
  await gun.getByRole("button", { name: "BOX-M" }).click();
  await step(gun, "Print and stick on the label");
  await gun.getByRole("button", { name: "Label is on" }).click();
  await step(gun, "Close the carton");
  await gun.getByRole("button", { name: "Close", exact: true }).click();
  await step(gun, "Scan the tote or parcel");
  await leave(gun);

  const site = `/warehouses/${KHI}`;
  await munshi.rest("warehouse", "POST", `${site}/parcels/${id}/1/book`, { carrier: "TCS", tracking: "TCS-77120" });
  const sscc = /00\D*(\d{18})/.exec(await label(`${site}/parcels/${id}/1/label.zpl`))?.[1] ?? "";
  expect(sscc).toMatch(/^\d{18}$/);
  await munshi.rest("warehouse", "PUT", `${site}/loads/L-WALK`, { door: "DOOR-1", stops: [[`${id}/1`]] });
  await choose(gun, "Load and ship");
  await wedge(gun, "DOOR-1");
  await step(gun, "Scan the load");
  await wedge(gun, "L-WALK");
  await step(gun, "Scan every carton as it goes in");
  await wedge(gun, `]C100${sscc}`);
  await gun.getByRole("button", { name: "All is loaded" }).click();
  await step(gun, "Let it go?");
  await shot(gun, "walk-4-load");
  await gun.getByRole("button", { name: "Let it leave" }).click();

  // Both consoles heard of it; neither was reloaded since the order was placed.
  await expect(service.getByText("Shipped").first()).toBeVisible({ timeout: 30_000 });
  await expect(sales.getByRole("row", { name: new RegExp(number) })).toContainText("On its way", { timeout: 30_000 });
  await expect(service.getByRole("list", { name: "Timeline" })).toContainText("TCS-77120");
  await shot(service, "walk-5-order");
  await shot(sales, "walk-6-board");
  await Promise.all([service, sales, gun].map((page) => page.context().close()));
});
