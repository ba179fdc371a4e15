// A handheld's day: enrolled, signed on, goods in, put away, an order picked and packed.
import { expect, test } from "@playwright/test";
import { choose, enrolled, expectGoods, fact, gtin, leave, newItem, placeOrder, putAway, quantity, receive, signOn, step, WAREHOUSE, wedge } from "./scanner";
import { Munshi } from "./server";

const GTIN = gtin(1);

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
    // A server that is not ready yet refuses a socket; the browser tells, and the page tries again.
    if (said.type() === "error" && !/WebSocket connection .* 503/.test(said.text())) faults.push(said.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await newItem(munshi, "SCAN-1");
  await expectGoods(munshi, "SCAN-1", GTIN, "PO-SCAN-1", 20);
  await enrolled(page, munshi, "gun-1");
  await signOn(page);

  const plate = await receive(page, "PO-SCAN-1", GTIN.slice(1), 20);
  expect(plate).toMatch(/^\d{18}$/);
  await putAway(page, munshi, plate, "A-01");
  const order = await placeOrder(munshi, "SCAN-1", 2);

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
  await leave(page);

  // What leaves by a door is looked for among the planned loads; this parcel goes with a courier instead.
  await choose(page, "Load and ship");
  await wedge(page, "A-01");
  await expect(page.getByRole("alert")).toContainText("another door");
  await wedge(page, "DOOR-1");
  await step(page, "Scan the load");
  await wedge(page, "L-NONE");
  await expect(page.getByRole("alert")).toContainText("Nothing here has this code");
  const parcel = `/warehouses/${WAREHOUSE}/parcels/${order.id}/1`;
  await munshi.rest("warehouse", "POST", `${parcel}/book`, { carrier: "TCS", tracking: "TRACK-1" });
  await munshi.rest("warehouse", "POST", `${parcel}/hand-over`, {});
  await expect.poll(async () => (await munshi.rest<{ status: string }>("admin", "GET", `/orders/${order.id}`)).status).toBe("shipped");
  expect(faults).toEqual([]);
});
