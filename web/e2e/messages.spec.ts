// Messages both ways, over the real server and the practice world: what a newcomer sees after `make run`. With
// MUNSHI_SHOTS set to a directory it takes the README's pictures there.
import { type Browser, expect, type Page, test } from "@playwright/test";
import { KHI, product, signedIn } from "./pages";
import { APPROVER, placed, type Placed, somebody, World } from "./world";

let world: World;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  world = await World.start();
  await product(world.munshi, "TALK-1", 500, "Ajrak shawl, block-printed");
});
test.afterAll(() => world?.stop());

async function shot(page: Page, name: string): Promise<void> {
  if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${name}.png` });
}

async function closed(...pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.context().close()));
}

/** What the warehouse does until a parcel leaves, by its own hand. */
async function ship({ id }: Placed, units: number, tracking: string): Promise<void> {
  const parcel = `/warehouses/${KHI}/parcels/${id}/1`;
  const steps: [string, unknown][] = [
    ["claim", {}], ["confirm", { sku: "TALK-1", quantity: units }], ["pack", { weight_grams: 900 }],
    ["book", { carrier: "TCS", tracking }], ["hand-over", {}],
  ];
  for (const [step, body] of steps) await world.munshi.rest("warehouse", "POST", `${parcel}/${step}`, body);
}

/** The order's page, open beside the phone; nobody reloads it. */
async function watching(browser: Browser, user: "service" | "sales", order: Placed): Promise<Page> {
  const page = await signedIn(browser, world.munshi, user, `/orders/${order.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(order.number);
  return page;
}

test("a cash-on-delivery order is confirmed by haan, shipped, and told of by WhatsApp and mail", async ({ browser }) => {
  test.setTimeout(180_000);
  const who = somebody();
  const order = await placed(world.munshi, "TALK-1", { quantity: 2, who, warehouse: KHI });
  const desk = await watching(browser, "service", order);
  await expect(desk.getByText("To confirm").first()).toBeVisible();
  const phone = await world.page(browser, who.phone);
  await expect(world.bubble(phone, order.number).filter({ hasText: "Confirm" })).toBeVisible();
  await shot(phone, "talk-1-asked");

  await world.says(phone, "haan");
  // The order's page follows by itself.
  await expect(desk.getByText("In the warehouse").first()).toBeVisible({ timeout: 30_000 });
  await expect(world.bubble(phone, /confirmed/i).first()).toBeVisible({ timeout: 30_000 });
  const beside = desk.locator("section").filter({ has: desk.getByRole("heading", { level: 2, name: "Messages" }) });
  await expect(beside.getByText("haan", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(beside.getByText(/is confirmed/)).toBeVisible({ timeout: 20_000 });
  await desk.mouse.move(0, 0);
  await shot(desk, "talk-2-released");

  await ship(order, 2, "TCS-5512");
  await expect(world.bubble(phone, "TCS-5512")).toBeVisible({ timeout: 30_000 });
  await expect(desk.getByText("Shipped").first()).toBeVisible({ timeout: 30_000 });
  await shot(phone, "talk-3-thread");

  // The mailbox has the same steps.
  await phone.getByRole("button", { name: "Mailbox" }).click();
  const mails = phone.getByRole("complementary", { name: "Mails" }).getByRole("button", { name: who.email });
  await expect(mails.filter({ hasText: order.number })).not.toHaveCount(0);
  await expect.poll(async () => (await world.mails(who.email)).some((mail) => mail.text.includes("TCS-5512")), { timeout: 30_000 }).toBe(true);
  await mails.first().click();
  await expect(phone.frameLocator("iframe").getByText(order.number).first()).toBeVisible();
  await shot(phone, "talk-4-mail");
  await closed(desk, phone);
});

test("an approver decides an order over the limit by a button on the phone", async ({ browser }) => {
  test.setTimeout(120_000);
  const order = await placed(world.munshi, "TALK-1", { quantity: 80, warehouse: KHI, payment: "prepaid" });
  const desk = await watching(browser, "service", order);
  await expect(desk.getByText("Awaiting approval").first()).toBeVisible();
  const phone = await world.page(browser, APPROVER);
  const asked = world.bubble(phone, order.number);
  await expect(asked.getByRole("button", { name: /Approve/ })).toBeVisible({ timeout: 30_000 });
  await asked.scrollIntoViewIfNeeded();
  await shot(phone, "talk-5-approval");
  await asked.getByRole("button", { name: /Approve/ }).click();
  await expect(desk.getByText("Awaiting approval")).toHaveCount(0, { timeout: 30_000 });
  await expect(desk.getByRole("list", { name: "Timeline" })).toContainText("Decision: Approved");
  await expect(world.bubble(phone, "recorded: approved")).toBeVisible({ timeout: 30_000 });
  await shot(phone, "talk-6-decided");
  // The other button is of no use any more: it is decided once.
  await asked.getByRole("button", { name: /Reject|Decline/ }).click();
  await expect(world.bubble(phone, "was not taken")).toBeVisible({ timeout: 30_000 });
  expect((await world.munshi.rest<{ status: string }>("service", "GET", `/orders/${order.id}`)).status).not.toBe("rejected");
  await closed(desk, phone);
});
