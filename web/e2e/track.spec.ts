// The customer's tracking page: opened by a signed link, live, in both languages, cancelled while allowed, small.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { KHI, order, product } from "./pages";
import { Munshi, until } from "./server";

/** Bytes of everything the page loads, compressed or not as the server sends it. */
const BUDGET = 60_000;

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
  await product(munshi, "TRACK-1", 50);
});
test.afterAll(() => munshi.stop());

async function link(id: string): Promise<string> {
  const { url, token } = await munshi.rest<{ url: string; token: string }>("admin", "POST", `/orders/${id}/tracking-link`);
  expect(new URL(url).hash).toBe(`#${token}`);
  return `${munshi.url}/track#${token}`;
}

async function look(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
}

test("an order moves before the customer's eyes, and the token stays out of every address that is asked", async ({ browser }) => {
  const placed = await order(munshi, "TRACK-1", 2);
  const at = `/warehouses/${KHI}/parcels/${placed.id}/1`;
  await until("the parcel", async () => (await munshi.rest<{ state: string }>("admin", "GET", at).catch(() => null))?.state === "queued");
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, locale: "en-GB" });
  const page = await context.newPage();
  const asked: string[] = [];
  let bytes = 0;
  page.on("request", (request) => asked.push(request.url()));
  page.on("response", (answer) => void answer.body().then((body) => (bytes += body.length)).catch(() => undefined));
  const address = await link(placed.id);
  await page.goto(address);
  await expect(page.getByText(placed.number, { exact: true })).toBeVisible();
  await expect(page.getByText("Test shawl TRACK-1")).toBeVisible();
  // A server that has just started refuses sockets for a moment; the page tries again with its next question.
  await expect(page.getByText("Updates by itself")).toBeVisible({ timeout: 40_000 });
  await look(page);
  expect(asked.filter((url) => url.includes(address.split("#")[1]!))).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(munshi.url))).toEqual([]);
  expect(bytes).toBeLessThan(BUDGET);

  await munshi.rest("warehouse", "POST", `${at}/claim`);
  await munshi.rest("warehouse", "POST", `${at}/confirm`, { sku: "TRACK-1", quantity: 2 });
  await munshi.rest("warehouse", "POST", `${at}/pack`, { weight_grams: 700 });
  await expect(page.getByText("Parcel 1 · Packed")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel this order" })).toHaveCount(0);
  await munshi.rest("warehouse", "POST", `${at}/book`, { carrier: "TCS", tracking: "TCS-123456" });
  await munshi.rest("warehouse", "POST", `${at}/hand-over`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("On its way to you");
  await expect(page.getByText("TCS-123456")).toBeVisible();

  await page.getByRole("button", { name: "اردو" }).click();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("آپ کی طرف روانہ ہے");
  await page.emulateMedia({ colorScheme: "dark" });
  await look(page);
  await context.close();
});

test("an order is cancelled once, after a question, while nothing is packed", async ({ browser }) => {
  const placed = await order(munshi, "TRACK-1");
  const page = await browser.newPage({ viewport: { width: 800, height: 900 }, locale: "en-GB" });
  await page.goto(await link(placed.id));
  await page.getByRole("button", { name: "Cancel this order" }).click();
  await page.getByRole("button", { name: "Keep the order" }).click();
  await page.getByRole("button", { name: "Cancel this order" }).click();
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Cancelled|Being cancelled/);
  await until("the order to be canceled", async () => (await munshi.rest<{ status: string }>("admin", "GET", `/orders/${placed.id}`)).status === "canceled");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cancelled");
  await page.close();
});

test("without a network it says how old its knowledge is, and recovers by itself", async ({ browser }) => {
  const placed = await order(munshi, "TRACK-1");
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(await link(placed.id));
  await expect(page.getByText(placed.number, { exact: true })).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText(/You are offline\. This is what we knew at/)).toBeVisible();
  await expect(page.getByText("Test shawl TRACK-1")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/You are offline/)).toHaveCount(0);
  await context.close();
});

test("a link that is incomplete, or was taken back, says so", async ({ browser }) => {
  const page = await browser.newPage({ locale: "en-GB" });
  await page.goto(`${munshi.url}/track`);
  await expect(page.getByRole("heading", { name: "This link is not complete" })).toBeVisible();
  await page.goto(`${munshi.url}/track#mtr_nonsense`);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  const placed = await order(munshi, "TRACK-1");
  await page.goto(await link(placed.id));
  await expect(page.getByText(placed.number, { exact: true })).toBeVisible();
  await munshi.rest("admin", "POST", `/orders/${placed.id}/revoke-tracking`);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible({ timeout: 30_000 });
  await page.close();
});
