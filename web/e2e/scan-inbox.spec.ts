// What a device is told, on its screen: words of the office, work that is taken away. It stays until somebody says that
// it was read, over a reload and a connection that was cut as well, and is gone after that.
import { expect, test } from "@playwright/test";
import { choose, enrolled, expectGoods, gtin, newItem, placeOrder, putAway, receive, signOn, step, WAREHOUSE } from "./scanner";
import { Munshi } from "./server";

const GTIN = gtin(7);
const site = `/warehouses/${WAREHOUSE}`;

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ front: true });
});
test.afterAll(async () => {
  await munshi.stop();
});

async function say(device: string, text: string): Promise<void> {
  await munshi.rest("warehouse", "POST", `${site}/devices/${device}/message`, { text });
}

test("words of the office stay until they were read", async ({ page }) => {
  await enrolled(page, munshi, "gun-told-1");
  await say("gun-told-1", "Come to dock 2");
  const inbox = page.getByTestId("inbox");
  await expect(inbox).toContainText("From the office");
  await expect(inbox).toContainText("Come to dock 2");
  await say("gun-told-1", "Bring a pallet jack");
  await expect(inbox).toContainText("1 more");
  await page.reload();
  await expect(inbox).toContainText("Come to dock 2");
  await page.getByRole("button", { name: "Understood" }).click();
  await expect(inbox).toContainText("Bring a pallet jack");
  await expect(inbox).not.toContainText("more");
  // Without a connection it is read all the same, and the server hears of it later.
  const mend = munshi.cut();
  await expect(page.getByText(/Reconnecting|Offline/)).toBeVisible();
  await page.getByRole("button", { name: "Understood" }).click();
  await expect(inbox).toHaveCount(0);
  mend();
  await expect(page.getByText("Connected")).toBeVisible();
  await say("gun-told-1", "Thank you");
  await expect(inbox).toContainText("Thank you");
  await page.reload();
  await expect(inbox).toContainText("Thank you");
  await expect(inbox).not.toContainText("more");
});

test("a job that is taken away is said while it is done", async ({ page }) => {
  await newItem(munshi, "TOLD-1");
  await expectGoods(munshi, "TOLD-1", GTIN, "PO-TOLD-1", 9);
  await enrolled(page, munshi, "gun-told-2");
  await signOn(page);
  await putAway(page, munshi, await receive(page, "PO-TOLD-1", GTIN, 9), "A-01");
  await placeOrder(munshi, "TOLD-1", 2);
  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await step(page, "Go there and scan the location");
  const { items } = await munshi.rest<{ items: { task: number; state: string }[] }>("admin", "GET", `${site}/tasks`);
  const task = items.find((one) => one.state === "leased")?.task ?? items[0]!.task;
  await munshi.rest("warehouse", "POST", `${site}/tasks/${task}/reassign`, {});
  const inbox = page.getByTestId("inbox");
  await expect(inbox).toHaveRole("alert");
  await expect(inbox).toContainText(`The office took job ${task} back`);
  await page.getByRole("button", { name: "Understood" }).click();
  await expect(inbox).toHaveCount(0);
});
