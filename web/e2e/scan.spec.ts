// A handheld's day: enrolled, signed on, goods in, put away, an order picked and packed.
import { expect, test } from "@playwright/test";
import { checkDigits, choose, enrolled, expectGoods, fact, GTIN, leave, newItem, quantity, signOn, step, WAREHOUSE, wedge } from "./scanner";
import { Munshi } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
});
test.afterAll(async () => {
  await munshi.stop();
});

test("goods come in, are put away, picked and packed, and the order leaves", async ({ page }) => {
  const faults: string[] = [];
  page.on("console", (said) => {
    if (said.type() === "error") faults.push(said.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await newItem(munshi, "SCAN-1");
  await expectGoods(munshi, "SCAN-1", "PO-SCAN-1", 20);
  await enrolled(page, munshi, "gun-1");
  await signOn(page);

  await choose(page, "Receive");
  await wedge(page, "PO-SCAN-1");
  await step(page, "Scan the plate, or make one");
  await page.getByRole("button", { name: "Make a plate" }).click();
  await page.getByLabel("Where does it stand?").fill("STAGE");
  await page.getByRole("button", { name: "OK" }).click();
  await step(page, "Scan the item");
  const plate = await fact(page, "Plate");
  expect(plate).toMatch(/^\d{18}$/);
  await wedge(page, GTIN.slice(1));
  await step(page, "How many?");
  expect(await fact(page, "Ordered")).toBe("20");
  await quantity(page, 20);
  await step(page, "In which condition?");
  await page.getByRole("button", { name: "Good" }).click();
  await step(page, "Recorded. What next?");
  await leave(page);

  await choose(page, "Put away");
  await wedge(page, `]C100${plate}`);
  await step(page, "Bring it here and scan the location");
  await wedge(page, "A-01");
  await step(page, "Enter the check digits of the location");
  await quantity(page, await checkDigits(munshi, "A-01"), "Check digits");
  await step(page, "Put away");
  await leave(page);

  const customers = await munshi.rest<{ items: { id: string }[] }>("admin", "GET", "/customers?limit=1");
  const order = await munshi.rest<{ id: string; number: string }>("admin", "POST", "/orders", {
    customer_id: customers.items[0]!.id,
    payment_method: "prepaid",
    shipping_address: { line1: "House 1", city: "Karachi", phone: "+923001234567" },
    lines: [{ sku: "SCAN-1", quantity: 2 }],
    submit: true,
  });
  await munshi.rest("admin", "POST", `/orders/${order.id}/confirm`, {});
  await expect.poll(async () => (await munshi.rest<{ items: { state: string }[] }>("admin", "GET", `/warehouses/${WAREHOUSE}/tasks`)).items.length).toBe(1);

  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await step(page, "Go there and scan the location");
  expect(await fact(page, "Location")).toBe("A-01");
  await wedge(page, "A-02");
  await expect(page.getByRole("alert")).toContainText("This is not the location of the line");
  await wedge(page, "A-01");
  await step(page, "Scan the item");
  await wedge(page, GTIN);
  await step(page, "How many did you take?");
  await quantity(page, 2);
  await step(page, "Put it in the tote and scan it");
  await wedge(page, "TOTE-1");
  await step(page, "Scan where you set it down");
  await wedge(page, "PACK-1");
  await step(page, "Get work to pick");
  await leave(page);

  await choose(page, "Pack");
  await wedge(page, "TOTE-1");
  await step(page, "Scan every item");
  await wedge(page, GTIN);
  await wedge(page, GTIN);
  await expect(page.locator(".rows")).toContainText("2 / 2");
  await page.getByRole("button", { name: "Next" }).click();
  await step(page, "Which carton?");
  await page.getByRole("button", { name: "BOX-M" }).click();
  await step(page, "Print and stick on the label");
  await page.getByRole("button", { name: "Label is on" }).click();
  await step(page, "Close the carton");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await step(page, "Scan the tote or parcel");
  const packed = await munshi.rest<{ lines: { quantities: { packed: number } }[] }>("admin", "GET", `/orders/${order.id}`);
  expect(packed.lines[0]!.quantities.packed).toBe(2);
  expect(faults).toEqual([]);
});
