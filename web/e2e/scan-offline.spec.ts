// What a handheld does without a connection, and what becomes of it.
import { expect, test } from "@playwright/test";
import { choose, enrolled, expectGoods, gtin, invite, leave, newItem, pickAll, placeOrder, putAway, receive, signOn, step, WAREHOUSE, wedge } from "./scanner";
import { Munshi } from "./server";

const TEN = gtin(10);
const PLATED = gtin(11);
const PICKED = gtin(12);

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ front: true });
});
test.afterAll(async () => {
  await munshi.stop();
});

test("ten scans without a connection survive a reload and a killed server, and count once", async ({ page }) => {
  await newItem(munshi, "SCAN-10");
  await expectGoods(munshi, "SCAN-10", TEN, "PO-SCAN-10", 10);
  await enrolled(page, munshi, "gun-10");
  await signOn(page);
  await putAway(page, munshi, await receive(page, "PO-SCAN-10", TEN, 10), "B-01");
  const order = await placeOrder(munshi, "SCAN-10", 10);
  await pickAll(page, "B-01", TEN, 10);
  await choose(page, "Pack");
  await wedge(page, "TOTE-1");
  await step(page, "Scan every item");
  // The page is installed by now: it opens without a server.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  const mend = munshi.cut();
  await expect(page.getByText("Offline: go on scanning items.")).toBeVisible();
  for (let n = 0; n < 6; n++) await wedge(page, TEN);
  await expect(page.getByRole("button", { name: "Records: 6 waiting" })).toBeVisible();
  await page.reload();
  await expect(page.getByText("Offline: go on scanning items.")).toBeVisible();
  for (let n = 0; n < 4; n++) await wedge(page, TEN);
  await page.getByRole("button", { name: "Records: 10 waiting" }).click();
  await expect(page.getByTestId("waiting").getByRole("listitem")).toHaveCount(10);

  await munshi.kill();
  await munshi.up();
  mend();
  await expect(page.getByText("Everything was sent and answered.")).toBeVisible({ timeout: 45_000 });
  await expect(page.getByTestId("answered").getByText("Done", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.locator(".rows")).toContainText("10 / 10");
  const parcel = await munshi.rest<{ lines: { quantity: number }[] }>("admin", "GET", `/warehouses/${WAREHOUSE}/parcels/${order.id}/1`);
  expect(parcel.lines[0]!.quantity).toBe(10);
  // One more is refused: had any of the ten counted twice, it would have been too.
  await wedge(page, TEN);
  await expect(page.getByRole("alert")).toContainText("More than the order needs");
});

test("plates that are put away without a connection are facts; a place that cannot be is told afterwards", async ({ page }) => {
  await newItem(munshi, "SCAN-PA");
  await expectGoods(munshi, "SCAN-PA", PLATED, "PO-SCAN-PA", 20);
  await enrolled(page, munshi, "gun-pa");
  await signOn(page);
  const plates = [await receive(page, "PO-SCAN-PA", PLATED, 4), await receive(page, "PO-SCAN-PA", PLATED, 5)];
  await choose(page, "Put away");
  const mend = munshi.cut();
  await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
  await wedge(page, "C-01");
  await expect(page.getByRole("alert")).toContainText("There is no such plate");
  await wedge(page, `00${plates[0]}`);
  await step(page, "Scan the location");
  await expect(page.locator(".fact-large")).toContainText(plates[0]!);
  await wedge(page, "C-01");
  await wedge(page, `00${plates[1]}`);
  await wedge(page, "NOWHERE-1");
  await expect(page.getByRole("button", { name: "Records: 2 waiting" })).toBeVisible();
  mend();
  await page.getByRole("button", { name: /^Records/ }).click();
  await expect(page.getByText("Everything was sent and answered.")).toBeVisible({ timeout: 45_000 });
  const answered = page.getByTestId("answered").getByRole("listitem");
  await expect(answered.filter({ hasText: "NOWHERE-1" })).toContainText("There is no such location");
  await expect(answered.filter({ hasText: "C-01" })).toContainText("Done");
  const { items } = await munshi.rest<{ items: { location: string; lines: { units: number }[] }[] }>("admin", "GET", `/warehouses/${WAREHOUSE}/bins?location=C-01`);
  expect(items.find((bin) => bin.location === "C-01")?.lines.map((line) => line.units)).toEqual([4]);
});

test("the stop at hand is finished without a connection; the next one waits for it", async ({ page }) => {
  await newItem(munshi, "SCAN-PK");
  await expectGoods(munshi, "SCAN-PK", PICKED, "PO-SCAN-PK", 6);
  await enrolled(page, munshi, "gun-pk");
  await signOn(page);
  await putAway(page, munshi, await receive(page, "PO-SCAN-PK", PICKED, 6), "B-05");
  const order = await placeOrder(munshi, "SCAN-PK", 3);
  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await step(page, "Go there and scan the location");
  const mend = munshi.cut();
  await expect(page.getByText("Offline: finish this stop.")).toBeVisible();
  await wedge(page, "B-06");
  await expect(page.getByRole("alert")).toContainText("This is not the location of the line");
  await wedge(page, "B-05");
  await step(page, "Scan the item");
  await wedge(page, PICKED);
  await page.getByLabel("Units taken").fill("4");
  await page.getByRole("button", { name: "OK" }).click();
  await expect(page.getByRole("alert")).toContainText("More than the line needs");
  await page.getByLabel("Units taken").fill("3");
  await page.getByRole("button", { name: "OK" }).click();
  await step(page, "Put it in the tote and scan it");
  await wedge(page, "TOTE-5");
  await expect(page.getByText("Kept. The next stop needs a connection.")).toBeVisible();
  mend();
  await expect(page.getByRole("button", { name: "Records: Nothing waits" })).toBeVisible({ timeout: 45_000 });
  await page.getByRole("button", { name: /^Records/ }).click();
  await expect(page.getByTestId("answered").getByRole("listitem").filter({ hasText: "TOTE-5" })).toContainText("Done");
  const parcel = await munshi.rest<{ lines: { picked: number }[] }>("admin", "GET", `/warehouses/${WAREHOUSE}/parcels/${order.id}/1`);
  expect(parcel.lines[0]!.picked).toBe(3);
});

test("storage that was set back is noticed; enrolled again, what waits is sent under new numbers", async ({ page }) => {
  await enrolled(page, munshi, "gun-kr");
  await signOn(page, "B-1", "1357");
  await choose(page, "Look up");
  await page.goto("about:blank");
  await page.goto(`${munshi.url}/favicon.svg`);
  await page.evaluate(setBack);
  await page.goto(`${munshi.url}/scan`);
  await expect(page.getByRole("alert")).toContainText("Another device works under this name", { timeout: 20_000 });
  await expect(page.getByRole("button", { name: "Records: 1 waiting" })).toBeVisible();
  const code = await invite(munshi, "gun-kr");
  await page.getByRole("button", { name: "Enrol again" }).click();
  await wedge(page, code);
  await expect(page.getByRole("button", { name: "Records: Nothing waits" })).toBeVisible({ timeout: 20_000 });
});

/** A store as it was at the beginning, with one command that the server has not heard. */
async function setBack(): Promise<void> {
  const open = indexedDB.open("munshi.scan.gun-kr");
  const db = await new Promise<IDBDatabase>((resolve) => (open.onsuccess = () => resolve(open.result)));
  const tx = db.transaction(["queue", "meta"], "readwrite");
  const at = { wall_ms: Date.now(), mono_ms: 1, boot: "b_1" };
  tx.objectStore("queue").put({ seq: 1, key: "017f22e2-79b0-7cc3-98c4-000000000001", op: "scan", a: { raw: "D-01" }, at });
  tx.objectStore("meta").put({ next: 2, owner: "nobody" }, "meta");
  await new Promise((resolve) => (tx.oncomplete = resolve));
  db.close();
}

test("a revoked device says so, keeps what it has, and can be enrolled again", async ({ page }) => {
  await enrolled(page, munshi, "gun-rv");
  await signOn(page, "B-1", "1357");
  await choose(page, "Look up");
  await munshi.rest("admin", "POST", `/warehouses/${WAREHOUSE}/devices/gun-rv/revoke`, {});
  await expect(page.getByRole("alert")).toContainText("The office took this device out of use.");
  const code = await invite(munshi, "gun-rv");
  await page.getByRole("button", { name: "Enrol again" }).click();
  await wedge(page, code);
  await expect(page.getByRole("heading", { name: "Sign on" })).toBeVisible();
  await expect(page.getByText("Connected")).toBeVisible();
});

test("a second page of the same device takes over, and the first says so", async ({ page, context }) => {
  await enrolled(page, munshi, "gun-2p");
  const second = await context.newPage();
  await second.goto(`${munshi.url}/scan`);
  await expect(second.getByText("Connected")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("opened somewhere else");
  await page.getByRole("button", { name: "Use it here" }).click();
  await expect(page.getByText("Connected")).toBeVisible();
  await expect(second.getByRole("alert")).toContainText("opened somewhere else");
});

test("scans go past whatever has the focus, and typing stays typing", async ({ page }) => {
  await enrolled(page, munshi, "gun-wd");
  await signOn(page, "B-1", "1357");
  await choose(page, "Look up");
  await page.getByRole("button", { name: "Type a code" }).click();
  const field = page.getByPlaceholder("Type a code");
  await field.pressSequentially("A-0", { delay: 120 });
  await wedge(page, "D-01");
  await expect(page.locator(".found")).toContainText("D-01");
  await expect(field).toHaveValue("A-0");
  await field.pressSequentially("2", { delay: 120 });
  await field.press("Enter");
  await expect(page.locator(".found")).toContainText("A-02");
  // An Enter at the end of a scan presses nothing.
  await page.getByRole("button", { name: "Leave" }).focus();
  await wedge(page, "D-02");
  await expect(page.locator(".found")).toContainText("D-02");
  await leave(page);
  await page.getByRole("button", { name: "Settings" }).click();
  await wedge(page, "]C10109506000134352\u001d21S1");
  await expect(page.getByTestId("tested")).toHaveText("]C10109506000134352␝21S1");
});

test("what cannot be stored is told and does not count; a full queue takes no more until it is sent", async ({ page }) => {
  await enrolled(page, munshi, "gun-fu");
  await signOn(page, "B-1", "1357");
  await choose(page, "Look up");
  await page.evaluate(() => {
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
    (globalThis as unknown as { mend: () => void }).mend = () => (IDBObjectStore.prototype.add = add);
  });
  await wedge(page, "D-03");
  await expect(page.getByRole("alert").first()).toContainText("could not store the scan");
  await expect(page.locator(".found")).toHaveCount(0);
  await page.evaluate(() => (globalThis as unknown as { mend: () => void }).mend());
  await wedge(page, "D-04");
  await expect(page.locator(".found")).toContainText("D-04");
  await expect(page.getByText("could not store the scan")).toHaveCount(0);
  await leave(page);
  await choose(page, "Put away");

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const mend = munshi.cut();
  await page.evaluate(fill, 5_000);
  await page.reload();
  await expect(page.getByRole("button", { name: "Records: 5000 waiting" })).toBeVisible();
  await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
  await wedge(page, "106141410000000019");
  await wedge(page, "A-01");
  await expect(page.getByRole("alert")).toContainText("5000 records wait to be sent");
  mend();
  // It is sent in batches, as fast as the server answers.
  await expect(page.getByRole("button", { name: /Records: [1-4]\d{3} waiting/ })).toBeVisible({ timeout: 45_000 });
});

/** Puts commands into the page's store, as a long day without a connection does. */
async function fill(count: number): Promise<void> {
  const open = indexedDB.open("munshi.scan.gun-fu");
  const db = await new Promise<IDBDatabase>((resolve) => (open.onsuccess = () => resolve(open.result)));
  const tx = db.transaction(["queue", "meta"], "readwrite");
  const get = tx.objectStore("meta").get("meta");
  await new Promise((resolve) => (get.onsuccess = resolve));
  const { next, owner } = get.result as { next: number; owner: string };
  const at = { wall_ms: Date.now(), mono_ms: 1, boot: "b_1" };
  for (let n = 0; n < count; n++) {
    const key = `017f22e2-79b0-7cc3-98c4-${n.toString(16).padStart(12, "0")}`;
    tx.objectStore("queue").put({ seq: next + n, key, op: "scan", a: { raw: `D-0${1 + (n % 9)}` }, at });
  }
  tx.objectStore("meta").put({ next: next + count, owner }, "meta");
  await new Promise((resolve) => (tx.oncomplete = resolve));
  db.close();
}
