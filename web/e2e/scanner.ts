// A scanner page as a person with a handheld uses it, and a floor that has something to do. Shared by scan*.spec.ts.
import { expect, type Page } from "@playwright/test";
import type { Munshi } from "./server";

export const WAREHOUSE = "KHI-SITE";
/** Badge and PIN of the demo shop's warehouse worker. */
export const BADGE = "B-100";
export const PIN = "2468";
/** A GTIN of 14 digits with its check digit, for the n-th item of a file of tests: a code names one item only. */
export function gtin(n: number): string {
  const body = `09506000${String(n).padStart(5, "0")}`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const site = `/warehouses/${WAREHOUSE}`;

/** An item with a barcode, and a document by which `units` of it are expected. */
export async function expectGoods(munshi: Munshi, sku: string, barcode: string, doc: string, units: number): Promise<void> {
  await munshi.rest("admin", "PUT", `${site}/item-rules`, { rules: [{ sku, packs: [{ gtin: barcode, units: 1 }] }] });
  await munshi.rest("admin", "PUT", `${site}/receipts/${doc}`, { kind: "order", lines: [{ line: 1, sku, expected: units }] });
}

/** An item that nobody has yet. */
export async function newItem(munshi: Munshi, sku: string): Promise<void> {
  await munshi.rest("admin", "POST", "/products", { sku, details: { title: `Test ${sku}`, price: { amount: "900.00", currency: "PKR" }, stocked: true } });
}

/** A one-time code for a device. */
export async function invite(munshi: Munshi, device: string): Promise<string> {
  const { code } = await munshi.rest<{ code: string }>("admin", "POST", `${site}/devices/${device}/invite`, { label: device });
  return code;
}

/** Types as a keyboard wedge does: fast, with Enter at the end. Keys that need no browser round trip each. */
export async function wedge(page: Page, code: string): Promise<void> {
  await page.evaluate((text) => {
    const key = (key: string, init: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
    // All are made first: an event bears the time of its making, and a scanner does not wait for the page.
    const events = [...text].map((char) => (char === "\u001d" ? key("]", { ctrlKey: true }) : key(char)));
    for (const event of [...events, key("Enter")]) {
      const target = document.activeElement ?? document.body;
      const taken = !target.dispatchEvent(event);
      // What a browser does with a key that nobody took.
      if (!taken && event.key.length === 1 && !event.ctrlKey && target instanceof HTMLInputElement) {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(target, target.value + event.key);
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (!taken && event.key === "Enter" && target instanceof HTMLButtonElement) target.click();
    }
  }, code);
}

/** A page that is an enrolled device. */
export async function enrolled(page: Page, munshi: Munshi, device: string): Promise<void> {
  const code = await invite(munshi, device);
  await page.goto(`${munshi.url}/scan`);
  await page.getByLabel("Code of the invitation").fill(code);
  await page.getByRole("button", { name: "Enrol" }).click();
  await expect(page.getByRole("heading", { name: "Sign on" })).toBeVisible();
  await expect(page.getByText("Connected")).toBeVisible();
}

/** Signs on: the badge by scan, the PIN by hand. */
export async function signOn(page: Page, badge = BADGE, pin = PIN): Promise<void> {
  await wedge(page, badge);
  await expect(page.getByLabel("Badge")).toHaveValue(badge);
  await page.getByLabel("PIN").fill(pin);
  await page.getByRole("button", { name: "Sign on" }).click();
  const home = page.getByRole("heading", { name: "What do you do?" });
  const takeOver = page.getByRole("button", { name: "Take over here" });
  await expect(home.or(takeOver)).toBeVisible();
  // Whoever is still signed on at another device confirms to go on here.
  if (await takeOver.isVisible()) await takeOver.click();
  await expect(home).toBeVisible();
}

/** Chooses a job on the home screen. */
export async function choose(page: Page, flow: string): Promise<void> {
  await page.getByRole("button", { name: flow, exact: true }).click();
  await expect(page.getByRole("heading", { name: flow, exact: true, level: 1 })).toBeVisible();
}

/** Leaves a job. */
export async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: "What do you do?" })).toBeVisible();
}

/** What is painted on a location, so that whoever enters it was there. */
export async function checkDigits(munshi: Munshi, location: string): Promise<string> {
  const { items } = await munshi.rest<{ items: { code: string; check_digits: string }[] }>("admin", "GET", `${site}/locations?limit=200`);
  return items.find((one) => one.code === location)?.check_digits ?? "";
}

/** What to do, as the screen says. */
export async function step(page: Page, words: string): Promise<void> {
  await expect(page.locator(".step")).toHaveText(words);
}

/** Keys a number in. */
export async function quantity(page: Page, digits: number | string, label = "Quantity"): Promise<void> {
  await page.getByLabel(label).fill(String(digits));
  await page.getByRole("button", { name: "OK" }).click();
}

/** A fact of the screen by its name. */
export async function fact(page: Page, name: string): Promise<string> {
  const small = page.locator(".facts dl > div").filter({ has: page.locator("dt", { hasText: name }) }).locator("dd");
  const large = page.locator(".fact-large").filter({ hasText: name }).locator("bdi");
  return ((await small.count()) > 0 ? small.first() : large.first()).innerText();
}

/** Receives `units` of an item on a new plate, from the home screen and back to it. Answers the plate. */
export async function receive(page: Page, doc: string, item: string, units: number): Promise<string> {
  await choose(page, "Receive");
  await wedge(page, doc);
  await step(page, "Scan the plate, or make one");
  await page.getByRole("button", { name: "Make a plate" }).click();
  await page.getByLabel("Where does it stand?").fill("STAGE");
  await page.getByRole("button", { name: "OK" }).click();
  await step(page, "Scan the item");
  const plate = await fact(page, "Plate");
  await wedge(page, item);
  await step(page, "How many?");
  await quantity(page, units);
  await step(page, "In which condition?");
  await page.getByRole("button", { name: "Good" }).click();
  await step(page, "Recorded. What next?");
  await leave(page);
  return plate;
}

/** Puts a plate away, from the home screen and back to it. */
export async function putAway(page: Page, munshi: Munshi, plate: string, location: string): Promise<void> {
  await choose(page, "Put away");
  await wedge(page, `]C100${plate}`);
  await step(page, "Bring it here and scan the location");
  await wedge(page, location);
  const asked = page.getByText(/Scan it again to confirm|Enter the check digits/);
  await expect(asked).toBeVisible();
  // Another location than the one that was named is confirmed by scanning it again.
  if ((await asked.innerText()).startsWith("Scan it again")) await wedge(page, location);
  await step(page, "Enter the check digits of the location");
  await quantity(page, await checkDigits(munshi, location), "Check digits");
  await step(page, "Put away");
  await leave(page);
}

/** An order that waits to be picked. */
export async function placeOrder(munshi: Munshi, sku: string, units: number): Promise<{ id: string }> {
  const customers = await munshi.rest<{ items: { id: string }[] }>("admin", "GET", "/customers?limit=1");
  const before = await tasks(munshi);
  const order = await munshi.rest<{ id: string }>("admin", "POST", "/orders", {
    customer_id: customers.items[0]!.id,
    payment_method: "prepaid",
    shipping_address: { line1: "House 1", city: "Karachi", phone: "+923001234567" },
    lines: [{ sku, quantity: units }],
    submit: true,
  });
  await munshi.rest("admin", "POST", `/orders/${order.id}/confirm`, {});
  await expect.poll(() => tasks(munshi)).toBe(before + 1);
  return order;
}

async function tasks(munshi: Munshi): Promise<number> {
  return (await munshi.rest<{ items: unknown[] }>("admin", "GET", `${site}/tasks`)).items.length;
}

/** Picks all of the one stop of the list, from the home screen and back to it. */
export async function pickAll(page: Page, location: string, item: string, units: number): Promise<void> {
  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await step(page, "Go there and scan the location");
  await wedge(page, location);
  await step(page, "Scan the item");
  await wedge(page, item);
  await step(page, "How many did you take?");
  await quantity(page, units);
  await step(page, "Put it in the tote and scan it");
  await wedge(page, "TOTE-1");
  const asked = page.locator(".step");
  await expect(asked).toHaveText(/Is the bin empty now\?|Scan where you set it down/);
  if ((await asked.innerText()).startsWith("Is the bin")) await page.getByRole("button", { name: "Yes" }).click();
  await step(page, "Scan where you set it down");
  await wedge(page, "PACK-1");
  await step(page, "Get work to pick");
  await leave(page);
}
