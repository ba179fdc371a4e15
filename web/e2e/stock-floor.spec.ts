// Stock and floor in the console: a ledger that adds up and moves under one's eyes, a parcel from picking to the carrier,
// documents of expected goods, counts, tasks.
import { expect, test } from "@playwright/test";
import { choose, dialog, KHI, open, order, product, signedIn } from "./pages";
import { Munshi, until } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
});
test.afterAll(() => munshi.stop());

test("the ledger answers why on-hand is what it is, and follows what others do", async ({ browser }) => {
  await product(munshi, "WHY-47", 60);
  const page = await signedIn(browser, munshi, "warehouse", `/stock/${KHI}/item/WHY-47`);
  await expect(page.getByRole("heading", { name: "Why is on-hand 60?" })).toBeVisible();

  await page.getByRole("button", { name: "Correct", exact: true }).click();
  await dialog(page).getByLabel("Units to add or take away").fill("-12");
  await expect(dialog(page).getByText("On hand goes from 60 to 48.")).toBeVisible();
  await dialog(page).getByLabel("Reason").fill("water damage in aisle B");
  await dialog(page).getByRole("button", { name: "Correct" }).click();
  await expect(page.getByRole("heading", { name: "Why is on-hand 48?" })).toBeVisible();

  await page.getByRole("button", { name: "Count", exact: true }).click();
  await dialog(page).getByLabel("Units found").fill("47");
  await dialog(page).getByLabel("Reason").fill("cycle count");
  await dialog(page).getByRole("button", { name: "Count" }).click();
  await expect(page.getByRole("heading", { name: "Why is on-hand 47?" })).toBeVisible();

  const ledger = page.getByRole("region", { name: "Why is on-hand 47?" });
  const rows = ledger.locator("tbody tr");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("−1");
  await expect(rows.nth(0)).toContainText("cycle count");
  await expect(rows.nth(1)).toContainText("water damage in aisle B");
  await expect(rows.nth(2)).toContainText("60");
  await expect(page.getByText("60 Received")).toBeVisible();
  await expect(page.getByText("= 47")).toBeVisible();

  // Somebody else receives; nothing is reloaded.
  await munshi.rest("admin", "POST", `/warehouses/${KHI}/stock/WHY-47/receive`, { quantity: 3, reference: "from the shop floor" });
  await expect(page.getByRole("heading", { name: "Why is on-hand 50?" })).toBeVisible();
  await expect(page.getByText("from the shop floor")).toBeVisible();
  await page.context().close();
});

test("the stock list is live, is narrowed by what is typed, and shows what is low", async ({ browser }) => {
  await product(munshi, "LIVE-1", 5);
  const page = await signedIn(browser, munshi, "warehouse", `/stock?w=${KHI}`);
  await page.getByRole("searchbox", { name: "Find a SKU" }).fill("LIVE-1");
  const row = page.getByRole("row", { name: /LIVE-1/ });
  await expect(row).toContainText("5");
  await munshi.rest("admin", "PUT", `/warehouses/${KHI}/stock/LIVE-1/policy`, { low_stock: 4, safety: 0, backorder_cap: null });
  await munshi.rest("admin", "POST", `/warehouses/${KHI}/stock/LIVE-1/adjust`, { delta: -2, reason: "sample" });
  await expect(row).toContainText("low");
  await choose(page, "Which rows", "None to promise");
  await expect(page.getByText("No SKU fits")).toBeVisible();
  await page.context().close();
});

test("who may only look is offered nothing that changes stock", async ({ browser }) => {
  await product(munshi, "LOOK-ONLY", 1);
  const page = await signedIn(browser, munshi, "viewer", `/stock/${KHI}/item/LOOK-ONLY`);
  await expect(page.getByRole("heading", { name: "Why is on-hand 1?" })).toBeVisible();
  for (const name of ["Receive", "Correct", "Count", "Levels and limits"]) await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  await page.context().close();
});

test("a parcel is picked, packed, booked and handed over, with its papers", async ({ browser }) => {
  await product(munshi, "PACK-1", 10);
  const placed = await order(munshi, "PACK-1", 2);
  const at = `/warehouses/${KHI}/parcels/${placed.id}/1`;
  await until("the parcel to be on the floor", async () => (await munshi.rest<{ state: string }>("admin", "GET", at).catch(() => null))?.state === "queued");
  const page = await signedIn(browser, munshi, "warehouse", `/floor?w=${KHI}&tab=parcels`);
  await page.getByRole("row", { name: new RegExp(placed.number) }).getByRole("link", { name: "Parcel 1" }).click();
  await expect(page.getByText("Queued", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Start picking" }).click();
  await page.getByRole("button", { name: "Confirm picked units" }).click();
  await expect(dialog(page).getByLabel("Quantity")).toHaveValue("2");
  await dialog(page).getByRole("button", { name: "Confirm picked units" }).click();

  await page.getByRole("button", { name: "Hold back" }).click();
  await dialog(page).getByLabel("Reason").fill("wrong colour?");
  await dialog(page).getByRole("button", { name: "Hold back" }).click();
  await expect(page.getByText("Held back: wrong colour?")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pack", exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Let it go on" }).click();

  await page.getByRole("button", { name: "Pack", exact: true }).click();
  await dialog(page).getByLabel("Weight in grams").fill("640");
  await dialog(page).getByRole("button", { name: "Pack", exact: true }).click();

  const [slip] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith("/packing-slip.pdf")),
    page.getByRole("button", { name: "Print" }).click().then(() => page.getByRole("menuitem", { name: "Packing slip" }).click()),
  ]);
  expect(slip.status()).toBe(200);
  expect(slip.headers()["content-type"]).toBe("application/pdf");
  expect(slip.request().url()).not.toContain("token");

  await page.getByRole("button", { name: "Book a carrier" }).click();
  await dialog(page).getByLabel("Carrier").fill("tcs");
  await dialog(page).getByLabel("Tracking number").fill("TCS-778899");
  await dialog(page).getByRole("button", { name: "Book a carrier" }).click();
  await expect(page.getByText("TCS-778899")).toBeVisible();

  await page.getByRole("button", { name: "Hand over" }).click();
  await dialog(page).getByRole("button", { name: "Hand over" }).click();
  await expect(page.getByText("Handed over", { exact: true }).first()).toBeVisible();
  const left = await munshi.rest<{ on_hand: number }>("admin", "GET", `/warehouses/${KHI}/stock/PACK-1`);
  expect(left.on_hand).toBe(8);

  await page.getByRole("button", { name: "Receive what came back" }).click();
  await dialog(page).getByLabel("Good").fill("1");
  await dialog(page).getByLabel("Damaged").fill("1");
  await expect(dialog(page).getByRole("button", { name: "Receive what came back" })).toBeDisabled();
  await dialog(page).getByLabel("What is wrong with the damaged units").fill("torn");
  await dialog(page).getByRole("button", { name: "Receive what came back" }).click();
  await until("the good unit to be back", async () => (await munshi.rest<{ on_hand: number }>("admin", "GET", `/warehouses/${KHI}/stock/PACK-1`)).on_hand === 9);
  await page.context().close();
});

test("a task is made urgent and given to one person", async ({ browser }) => {
  await product(munshi, "TASK-1", 4);
  const placed = await order(munshi, "TASK-1");
  const page = await signedIn(browser, munshi, "warehouse", `/floor?w=${KHI}&tab=tasks`);
  const row = page.getByRole("row", { name: new RegExp(placed.number) });
  await row.getByRole("button", { name: "Priority" }).click();
  await dialog(page).getByLabel("Priority").fill("200");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("200");
  await expect(page.locator("tbody tr").first()).toContainText(placed.number);
  await row.getByRole("button", { name: "Reassign" }).click();
  await choose(page, "To", /Waqas Ali/);
  await dialog(page).getByRole("button", { name: "Reassign" }).click();
  await expect(row).toContainText("Only for Waqas Ali");
  await page.context().close();
});

test("goods are announced and changed, and something is had counted", async ({ browser }) => {
  await product(munshi, "PO-SKU");
  const page = await signedIn(browser, munshi, "warehouse", `/floor?w=${KHI}&tab=receipts`);
  await page.getByRole("button", { name: "Announce goods" }).click();
  await dialog(page).getByLabel("Document number").fill("PO-4711");
  await dialog(page).getByLabel("SKU").fill("PO-SKU");
  await dialog(page).getByLabel("Expected").fill("24");
  await dialog(page).getByRole("button", { name: "Announce goods" }).click();
  await page.getByRole("link", { name: "PO-4711" }).click();
  await expect(page.getByText("0 of 24").first()).toBeVisible();
  await page.getByRole("button", { name: "Change what is expected" }).click();
  await dialog(page).getByLabel("Expected").fill("30");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("0 of 30").first()).toBeVisible();

  await open(page, munshi, `/floor?w=${KHI}&tab=counts`);
  await page.getByRole("button", { name: "Have it counted" }).click();
  await expect(dialog(page).getByRole("button", { name: "Have it counted" })).toBeDisabled();
  await dialog(page).getByLabel("Location").fill("B-03");
  await dialog(page).getByRole("button", { name: "Have it counted" }).click();
  await expect(page.getByRole("row", { name: /B-03/ })).toContainText("Open");
  await page.context().close();
});

test("a floor that is not set up says so, and the way to set it up", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/floor?w=LHE-1&tab=tasks");
  await page.getByRole("link", { name: "Set the floor up" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("tab", { name: "Locations" })).toBeVisible();
  await page.getByRole("tab", { name: "Locations" }).click();
  await page.getByRole("button", { name: "Add locations" }).click();
  await dialog(page).getByLabel("Codes").fill("A-01\nA-02");
  await dialog(page).getByRole("button", { name: "Add locations" }).click();
  await expect(page.getByRole("row", { name: /A-02/ })).toContainText("Pick face");
  await page.context().close();
});

test("a server that dies is said so; what is known stays; all recovers without a reload", async ({ browser }) => {
  await product(munshi, "DEAD-1", 7);
  const page = await signedIn(browser, munshi, "admin", `/stock?w=${KHI}`);
  await page.getByRole("searchbox", { name: "Find a SKU" }).fill("DEAD-1");
  const row = page.getByRole("row", { name: /DEAD-1/ });
  await expect(row).toContainText("7");
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  await munshi.kill();
  await expect(row).toContainText("7");
  await page.getByRole("link", { name: "Customers" }).first().click();
  await expect(page.getByText("The server cannot be reached")).toBeVisible({ timeout: 20_000 });
  await munshi.up();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("grid", { name: "Customers" })).toBeVisible();
  await page.getByRole("link", { name: "Stock" }).first().click();
  await page.getByRole("searchbox", { name: "Find a SKU" }).fill("DEAD-1");
  await expect(row).toContainText("7");
  await munshi.rest("admin", "POST", `/warehouses/${KHI}/stock/DEAD-1/receive`, { quantity: 5 });
  await expect(row).toContainText("12", { timeout: 40_000 });
  expect(await page.evaluate(() => "untouched" in window)).toBe(true);
  await page.context().close();
});
