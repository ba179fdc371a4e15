// The console's pages for messages against the real server and the practice world: a thread beside its order, calls,
// templates, connections, what was given up, and what customers want to hear.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { choose, dialog, KHI, open, product, signedIn } from "./pages";
import { placed, somebody, World } from "./world";

let world: World;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  world = await World.start();
  await product(world.munshi, "DESK-1", 500, "Chitrali waistcoat");
});
test.afterAll(() => world?.stop());

async function shot(page: Page, name: string): Promise<void> {
  if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${name}.png` });
}

const card = (page: Page, title: string | RegExp): Locator =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title }) });

async function statusOf(id: string): Promise<string> {
  return (await world.munshi.rest<{ status: string }>("service", "GET", `/orders/${id}`)).status;
}

test("what a customer writes stands beside the order, and an agent's reply arrives on the phone", async ({ browser }) => {
  const who = somebody();
  const order = await placed(world.munshi, "DESK-1", { who, warehouse: KHI });
  await world.arrives(who.phone, order.number);
  const desk = await signedIn(browser, world.munshi, "service", `/orders/${order.id}`);
  const thread = card(desk, "Messages");
  await expect(thread).toContainText(order.number);
  await expect(thread.getByText(/Waits for the customer's answer/)).toBeVisible();

  const phone = await world.page(browser, who.phone);
  await world.says(phone, "kapra kaisa hai, rang utray ga?");
  await expect(thread.getByText("kapra kaisa hai, rang utray ga?")).toBeVisible({ timeout: 20_000 });
  expect(await statusOf(order.id)).toBe("pending");
  await thread.getByRole("textbox", { name: "Your reply" }).fill("Rang pakka hai, be fikar rahein.");
  await thread.getByRole("button", { name: "Send", exact: true }).click();
  await expect(world.bubble(phone, "Rang pakka hai, be fikar rahein.")).toBeVisible({ timeout: 30_000 });
  await expect(thread.locator("article").filter({ hasText: "Rang pakka hai" })).toContainText("Delivered", { timeout: 20_000 });
  await shot(desk, "desk-1-order");

  // The thread needs a person until somebody is done with it.
  await open(desk, world.munshi, "/messages?view=agent");
  await desk.getByRole("row", { name: new RegExp(who.name) }).click();
  await expect(desk.getByText(/Needs a person/)).toBeVisible();
  await shot(desk, "desk-2-thread");
  await desk.getByRole("button", { name: "I look after it" }).click();
  await expect(desk.getByText(/Looked after by: You/)).toBeVisible();
  await desk.getByRole("button", { name: "Done", exact: true }).click();
  await expect(desk.getByText(/Needs a person/)).toHaveCount(0);
  await Promise.all([desk.context().close(), phone.context().close()]);
});

test("who does not answer is called, and the outcome of the call decides the order", async ({ browser }) => {
  test.setTimeout(150_000);
  const messaging = { confirm_sms_after_seconds: 0, confirm_call_after_seconds: 1 };
  await world.munshi.rest("admin", "PATCH", "/settings", { messaging });
  const orders = [await placed(world.munshi, "DESK-1", { warehouse: KHI }), await placed(world.munshi, "DESK-1", { warehouse: KHI }), await placed(world.munshi, "DESK-1", { warehouse: KHI })];
  // Questions are planned by the settings as they are when it is their turn, behind the orders.
  for (const { phone, number } of orders) await world.arrives(phone, number);
  await world.munshi.rest("admin", "PATCH", "/settings", { messaging: { confirm_sms_after_seconds: 7_200, confirm_call_after_seconds: 14_400 } });
  const desk = await signedIn(browser, world.munshi, "service", "/messages?view=calls");
  for (const { number } of orders) await expect(desk.getByRole("row", { name: new RegExp(number) })).toBeVisible({ timeout: 60_000 });
  await shot(desk, "desk-3-calls");

  const call = async (at: number, outcome: string, note: string) => {
    await open(desk, world.munshi, `/orders/${orders[at]!.id}`);
    const thread = card(desk, "Messages");
    await expect(thread.getByText(/Call due/)).toBeVisible();
    await thread.getByRole("button", { name: "Record a call" }).click();
    await dialog(desk).getByRole("radio", { name: outcome }).check({ force: true });
    await dialog(desk).getByRole("textbox", { name: "What was said" }).fill(note);
    await shot(desk, `desk-4-call-${at}`);
    await dialog(desk).getByRole("button", { name: "Record a call" }).click();
    await expect(dialog(desk)).toHaveCount(0);
    await expect(thread.getByText(note)).toBeVisible({ timeout: 20_000 });
  };
  await call(0, "No answer", "Rang out twice.");
  await expect(card(desk, "Messages").getByText(/Call due/)).toBeVisible();
  expect(await statusOf(orders[0]!.id)).toBe("pending");
  await call(1, "Confirmed", "She waits for it.");
  await expect(desk.getByText("In the warehouse").first()).toBeVisible({ timeout: 30_000 });
  await call(2, "Declined", "Bought it elsewhere.");
  await expect(desk.getByText("Canceled").first()).toBeVisible({ timeout: 30_000 });
  await open(desk, world.munshi, "/messages?view=calls");
  await expect(desk.getByRole("row", { name: new RegExp(orders[0]!.number) })).toBeVisible();
  await expect(desk.getByRole("row", { name: new RegExp(orders[1]!.number) })).toHaveCount(0, { timeout: 20_000 });
  await desk.context().close();
});

async function seenAs(page: Page, channel: string): Promise<void> {
  await page.locator('button[aria-label="As"]').click();
  await page.getByRole("option", { name: channel }).click();
}

test("a template is looked at in both languages, and a test of it arrives", async ({ browser }) => {
  const admin = await signedIn(browser, world.munshi, "admin", "/messages/templates");
  await admin.getByRole("button", { name: /Parcel shipped/ }).click();
  await expect(admin.getByRole("heading", { name: "English" })).toBeVisible();
  const urdu = admin.locator('[lang="ur"][dir="rtl"]');
  await expect(urdu).toContainText(/[\u0600-\u06ff]{3}/);
  await shot(admin, "desk-5-template");
  await seenAs(admin, "E-mail");
  await expect(admin.getByText(/on its way/).first()).toBeVisible();

  const test = async (channel: string, to: string, language: string) => {
    await seenAs(admin, channel);
    await admin.getByRole("button", { name: "Test", exact: true }).click();
    await dialog(admin).getByRole("textbox", { name: "To" }).fill(to);
    await choose(admin, "Language", language);
    await dialog(admin).getByRole("button", { name: "Send", exact: true }).click();
    await expect(dialog(admin).getByText("The vendor took it.")).toBeVisible({ timeout: 30_000 });
    await admin.keyboard.press("Escape");
    await expect(dialog(admin)).toHaveCount(0);
  };
  await test("WhatsApp", "0301 5550199", "Urdu");
  await world.arrives("+923015550199", /[\u0600-\u06ff]{3}/);
  await test("E-mail", "trial@example.pk", "English");
  await expect.poll(async () => (await world.mails("trial@example.pk")).length, { timeout: 30_000 }).toBe(1);
  await admin.context().close();
});

const SECRET = "whsec_cHJhY3RpY2Utd2ViaG9vaw==";
const OTHER = "whsec_YW5vdGhlci1zZWNyZXQtaGVyZQ==";

test("a connection is made, its secret is never shown again, changed, paused and resumed", async ({ browser }) => {
  test.setTimeout(150_000);
  const admin = await signedIn(browser, world.munshi, "admin", "/messages/connections");
  const answers: string[] = [];
  admin.on("response", async (response) => {
    if (response.url().includes("/api/v1/connections")) answers.push(await response.text().catch(() => ""));
  });
  await expect(card(admin, "WhatsApp and SMS (practice)").getByText("Well")).toBeVisible();
  await admin.getByRole("button", { name: "New connection" }).click();
  await choose(admin, "Kind", "Webhook");
  const form = dialog(admin);
  await form.getByRole("textbox", { name: "Id" }).fill("books");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Bookkeeping");
  await form.getByRole("textbox", { name: "Address" }).fill(`${world.url}/hook/books`);
  await form.getByLabel(/^Signing secret/).fill(SECRET);
  await shot(admin, "desk-6-new-connection");
  await form.getByRole("button", { name: "Save" }).click();
  const books = card(admin, "Bookkeeping");
  await expect(books.getByText("Well")).toBeVisible();

  const order = await placed(world.munshi, "DESK-1", { warehouse: KHI });
  const heard = async () => (await world.received("books")).filter((one) => one.body.includes(order.number));
  await expect.poll(async () => (await heard()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await heard()).every((one) => one.accepted)).toBe(true);
  await expect(books.getByText("Last success")).toBeVisible({ timeout: 20_000 });
  await shot(admin, "desk-7-connections");

  // Another secret: what was typed is gone, and nothing the server answered has either of them.
  await books.getByRole("button", { name: "Change" }).click();
  const secret = dialog(admin).getByLabel(/^Signing secret/);
  await expect(secret).toHaveValue("");
  await secret.fill(OTHER);
  await dialog(admin).getByRole("button", { name: "Save" }).click();
  await expect(dialog(admin)).toHaveCount(0);
  expect(answers.length).toBeGreaterThan(1);
  expect(answers.join("\n")).not.toContain(SECRET.slice(6));
  expect(answers.join("\n")).not.toContain(OTHER.slice(6));

  await books.getByRole("button", { name: "Pause" }).click();
  await dialog(admin).getByRole("button", { name: "Pause" }).click();
  await expect(books.getByText("Paused").first()).toBeVisible();
  const before = (await world.received("books")).length;
  const waiting = await placed(world.munshi, "DESK-1", { warehouse: KHI });
  await expect(books.getByText("Waiting")).toBeVisible({ timeout: 20_000 });
  expect((await world.received("books")).length).toBe(before);
  await books.getByRole("button", { name: "Resume" }).click();
  // It goes on with the other secret, which this subscriber does not know.
  const told = async (accepted: boolean) => (await world.received("books")).filter((one) => one.accepted === accepted && one.body.includes(waiting.id));
  await expect.poll(async () => (await told(false)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await told(true)).toEqual([]);
  await expect(books.getByText("Last failure")).toBeVisible({ timeout: 20_000 });
  await shot(admin, "desk-7-failing");

  // With the one it knows it goes on at once, and nothing was lost.
  await books.getByRole("button", { name: "Change" }).click();
  await dialog(admin).getByLabel(/^Signing secret/).fill(SECRET);
  await dialog(admin).getByRole("button", { name: "Save" }).click();
  await expect(dialog(admin)).toHaveCount(0);
  await expect.poll(async () => (await told(true)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(books.getByText("Waiting")).toHaveCount(0, { timeout: 30_000 });

  // A subscriber that lost what it had is told again, under the same ids.
  const { health } = await world.munshi.rest<{ health: { position: number } }>("admin", "GET", "/connections/books");
  const [had] = await told(true);
  await books.getByRole("button", { name: "Tell again" }).click();
  await dialog(admin).getByRole("textbox", { name: "After journal position" }).fill(String(Math.max(0, health.position - 30)));
  await dialog(admin).getByRole("button", { name: "Tell again" }).click();
  await expect.poll(async () => (await told(true)).filter((one) => one.id === had!.id).length, { timeout: 30_000 }).toBe(2);
  await admin.context().close();
});

test("a room is made with its address checked and never shown, and hears of an approval", async ({ browser }) => {
  test.setTimeout(120_000);
  const admin = await signedIn(browser, world.munshi, "admin", "/messages/connections");
  const answers: string[] = [];
  admin.on("response", async (response) => {
    if (response.url().includes("/api/v1/connections")) answers.push(await response.text().catch(() => ""));
  });
  await admin.getByRole("button", { name: "New connection" }).click();
  await choose(admin, "Kind", "Slack");
  const form = dialog(admin);
  await expect(form.getByRole("textbox", { name: "Address", exact: true })).toHaveCount(0);
  await form.getByRole("textbox", { name: "Id" }).fill("managers");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Managers' room");
  const address = form.getByLabel(/^Address of the room/);
  await expect(address).toHaveAttribute("type", "password");
  const save = form.getByRole("button", { name: "Save" });
  await address.fill("managers");
  await expect(form.getByText("This is no web address.")).toBeVisible();
  await address.fill(`${world.url}/slack/T000-practice`);
  await expect(form.getByText("This is no web address.")).toHaveCount(0);
  await expect(save).toBeDisabled();
  await form.getByText("Sales manager").click();
  await form.getByText("Stock is low").click();
  await shot(admin, "desk-7-new-room");
  await save.click();
  const room = card(admin, "Managers' room");
  await expect(room.getByText("Well")).toBeVisible();
  await expect(room.getByText("Address for the vendor to call")).toHaveCount(0);

  const order = await placed(world.munshi, "DESK-1", { quantity: 80, warehouse: KHI, payment: "prepaid" });
  await expect.poll(async () => (await world.received("room")).filter((one) => one.accepted && one.body.includes(order.number)).length, { timeout: 30_000 }).toBe(1);
  await room.getByRole("button", { name: "Change" }).click();
  await expect(dialog(admin).getByLabel(/^Address of the room/)).toHaveValue("");
  await expect(dialog(admin).getByRole("checkbox", { name: "Sales manager" })).toBeChecked();
  await expect(dialog(admin).getByRole("checkbox", { name: "Stock is low" })).not.toBeChecked();
  await dialog(admin).getByText("Finance").click();
  await dialog(admin).getByRole("button", { name: "Save" }).click();
  await expect(dialog(admin)).toHaveCount(0);
  const kept = await world.munshi.rest<{ settings: Record<string, string[]>; hook_url: string | null }>("admin", "GET", "/connections/managers");
  expect(kept.settings.roles).toEqual(["sales_manager", "finance"]);
  expect(kept.settings.kinds).not.toContain("low_stock");
  expect(kept.hook_url).toBeNull();
  expect(answers.length).toBeGreaterThan(1);
  expect(answers.join("\n")).not.toContain("T000-practice");
  await admin.context().close();
});

test("what a vendor refuses is given up; put right and sent again, it arrives", async ({ browser }) => {
  test.setTimeout(150_000);
  const { version } = await world.munshi.rest<{ version: number }>("admin", "GET", "/connections/practice");
  expect(version).toBeGreaterThan(0);
  // An alert about what is given up would meet the same refusal.
  await world.munshi.rest("admin", "PATCH", "/settings", { messaging: { kinds: { error_alert: { enabled: false }, sync_failed: { enabled: false } } } });
  const settings = { whatsapp_sender: "+14155230000", sms_sender: "+14155550000" };
  await world.munshi.rest("admin", "PATCH", "/connections/practice", { settings });
  const order = await placed(world.munshi, "DESK-1", { warehouse: KHI, payment: "prepaid" });
  const admin = await signedIn(browser, world.munshi, "admin", "/messages/dead-letters");
  const row = admin.getByRole("row").filter({ hasText: "21606" });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await shot(admin, "desk-8-dead");

  await open(admin, world.munshi, "/messages/connections");
  const twilio = card(admin, "WhatsApp and SMS (practice)");
  await expect(twilio.getByText("Given up")).toBeVisible();
  await twilio.getByRole("button", { name: "Change" }).click();
  await dialog(admin).getByRole("textbox", { name: "WhatsApp sender" }).fill("+14155238886");
  await dialog(admin).getByRole("textbox", { name: "SMS sender" }).fill("+14155550100");
  await dialog(admin).getByRole("button", { name: "Save" }).click();
  await expect(dialog(admin)).toHaveCount(0);

  await twilio.getByRole("link").click();
  await row.getByRole("button").click();
  await shot(admin, "desk-9-dead-letter");
  await dialog(admin).getByRole("button", { name: "Send again" }).click();
  await choose(admin, "Worth sending", "For 4 more hours");
  await dialog(admin).getByRole("textbox", { name: /Why/ }).fill("The senders were wrong.");
  await shot(admin, "desk-9-replay");
  await dialog(admin).getByRole("button", { name: "Send again" }).click();
  await world.arrives(order.phone, order.number);
  await expect(row).toHaveCount(0, { timeout: 20_000 });
  await admin.context().close();
});

test("what a customer wants to hear is set on the customer's page, and kept to", async ({ browser }) => {
  test.setTimeout(150_000);
  const who = somebody();
  const first = await placed(world.munshi, "DESK-1", { who, warehouse: KHI, payment: "prepaid" });
  await world.arrives(who.phone, first.number);
  const desk = await signedIn(browser, world.munshi, "service", `/customers/${first.customer}`);
  const wishes = card(desk, "Messages");
  await expect(wishes.getByText("The shop's rules apply.")).toBeVisible();
  await wishes.getByRole("button", { name: "Language and wishes" }).click();
  await choose(desk, "Language", "Urdu");
  await choose(desk, "SMS · Advertising", "May not");
  await choose(desk, "Another kind of message…", "Order placed");
  await choose(desk, "Order placed", "E-mail");
  await shot(desk, "desk-10-wishes");
  await dialog(desk).getByRole("button", { name: "Save" }).click();
  await expect(dialog(desk)).toHaveCount(0);
  await expect(wishes.getByText("Urdu")).toBeVisible();
  await expect(wishes.getByText("Order placed: E-mail")).toBeVisible();
  await shot(desk, "desk-11-customer");

  const said = (await world.messages(who.phone)).length;
  const second = await placed(world.munshi, "DESK-1", { who, warehouse: KHI, payment: "prepaid" });
  await expect.poll(async () => (await world.mails(who.email)).some((mail) => mail.subject.includes(second.number) && /[\u0600-\u06ff]{3}/.test(mail.text)), { timeout: 30_000 }).toBe(true);
  expect((await world.messages(who.phone)).length).toBe(said);

  // The person says it, too: STOP by WhatsApp is an opt-out, and nothing is sent there from then on.
  const phone = await world.page(browser, who.phone);
  await world.says(phone, "STOP");
  await expect(wishes.getByText(/WhatsApp · Order messages/)).toBeVisible({ timeout: 30_000 });
  await Promise.all([desk.context().close(), phone.context().close()]);
});

test("the shop's quiet hours are set in the settings and told on the customer's page", async ({ browser }) => {
  const admin = await signedIn(browser, world.munshi, "admin", "/settings");
  await admin.getByLabel("Quiet from").fill("22:30");
  await admin.getByLabel("Quiet until").fill("07:15");
  await admin.getByRole("button", { name: "Save" }).click();
  await expect(admin.getByRole("group", { name: /changes/i })).toHaveCount(0);
  const { settings } = await world.munshi.rest<{ settings: { messaging: Record<string, unknown> } }>("admin", "GET", "/settings");
  expect(settings.messaging).toMatchObject({ quiet_from_minute: 1_350, quiet_until_minute: 435 });
  const order = await placed(world.munshi, "DESK-1", { warehouse: KHI });
  await world.arrives(order.phone, order.number);
  await open(admin, world.munshi, `/customers/${order.customer}`);
  await expect(card(admin, "Messages").getByText(/22:30 to 07:15/)).toBeVisible();
  await world.munshi.rest("admin", "PATCH", "/settings", { messaging: { quiet_from_minute: 0, quiet_until_minute: 0 } });
  await admin.context().close();
});
