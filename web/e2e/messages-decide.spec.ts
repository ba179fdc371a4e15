// The page where an approver decides by the link of a mail, opened from the practice world's mailbox: it shows what is
// asked, decides nothing by being opened, decides once, and fits a phone. With MUNSHI_SHOTS set to a directory it takes
// its pictures.
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { KHI, product, signedIn } from "./pages";
import { USERS } from "./server";
import { placed, type Placed, World } from "./world";

let world: World;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  world = await World.start();
  await product(world.munshi, "MAIL-1", 900, "Sindhi ajrak, block-printed");
});
test.afterAll(() => world?.stop());

/** An order that waits for the sales manager. */
const asked = () => placed(world.munshi, "MAIL-1", { quantity: 80, warehouse: KHI, payment: "prepaid" });

const statusOf = async ({ id }: Placed) => (await world.munshi.rest<{ status: string }>("service", "GET", `/orders/${id}`)).status;

/** The links of the mail to the approver, as the mailbox shows them: to approve, and to reject. */
async function links(browser: Browser, order: Placed): Promise<[string, string]> {
  const mailbox = await world.page(browser);
  await mailbox.getByRole("button", { name: "Mailbox" }).click();
  const mails = mailbox.getByRole("complementary", { name: "Mails" }).getByRole("button", { name: USERS.sales });
  const mail = mails.filter({ hasText: order.number });
  await expect(mail.first()).toBeVisible({ timeout: 60_000 });
  await mail.first().click();
  const body = mailbox.frameLocator("iframe");
  await expect(body.getByText(order.number).first()).toBeVisible();
  const all = await Promise.all(["Approve", "Reject"].map((name) => body.getByRole("link", { name }).getAttribute("href")));
  await mailbox.context().close();
  // Where a front serves the pages of this build, it stands before the server that the mail names.
  const [approve = "", reject = ""] = all.map((href) => world.munshi.url + new URL(href!).pathname + new URL(href!).hash);
  expect(approve).toMatch(/\/decide#ml1\./);
  expect(reject).not.toBe(approve);
  return [approve, reject];
}

/** The page of a link, in a browser that knows nobody; with everything that it asked for. */
async function opened(browser: Browser, link: string, width = 360): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Karachi", viewport: { width, height: 780 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => {
    throw error;
  });
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) throw new Error(message.text());
  });
  await page.goto(link);
  return { page, asked };
}

test("opening a mail's link decides nothing, approving by it decides once, and the token is in no address", async ({ browser }) => {
  test.setTimeout(150_000);
  const order = await asked();
  const [approve, reject] = await links(browser, order);
  const { page, asked: requests } = await opened(browser, approve);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(order.number);
  await expect(page.getByText("Sindhi ajrak, block-printed")).toBeVisible();
  await expect(page.getByText("× 80")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  expect(await statusOf(order)).toBe("pending_approval");

  // Two taps in a hurry are one decision.
  await page.getByRole("button", { name: "Approve" }).dblclick();
  await expect(page.getByText("You approved this order.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await expect.poll(() => statusOf(order), { timeout: 30_000 }).not.toBe("pending_approval");
  expect(await statusOf(order)).not.toBe("rejected");
  const token = approve.split("#")[1]!;
  expect(requests.filter((url) => url.split("#")[0]!.includes(token))).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(world.munshi.url))).toEqual([]);

  // Neither link decides any more.
  for (const link of [approve, reject]) {
    const { page: again } = await opened(browser, link);
    await expect(again.getByText("You approved this order.")).toBeVisible();
    await expect(again.getByRole("button", { name: /Approve|Reject/ })).toHaveCount(0);
    await again.context().close();
  }
  const desk = await signedIn(browser, world.munshi, "sales", `/orders/${order.id}`);
  await expect(desk.getByRole("list", { name: "Timeline" })).toContainText("Decision: Approved");
  await Promise.all([page.context().close(), desk.context().close()]);
});

test("a no by mail needs a reason, and one that comes too late is told why", async ({ browser }) => {
  test.setTimeout(150_000);
  const order = await asked();
  const [approve, reject] = await links(browser, order);
  const { page } = await opened(browser, reject);
  const slow = await opened(browser, approve);
  await expect(slow.page.getByRole("button", { name: "Approve" })).toBeVisible();
  await page.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("Say why, so that the others know.")).toBeVisible();
  expect(await statusOf(order)).toBe("pending_approval");
  await page.getByRole("textbox", { name: /Reason/ }).fill("Too many for one customer.");
  await page.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("You rejected this order.")).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => statusOf(order), { timeout: 30_000 }).toBe("rejected");

  // The page that was open meanwhile says so in words, and shows how it stands.
  await slow.page.getByRole("button", { name: "Approve" }).click();
  await expect(slow.page.getByText("That was not possible: it was decided already")).toBeVisible({ timeout: 30_000 });
  await expect(slow.page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  expect(await statusOf(order)).toBe("rejected");
  const desk = await signedIn(browser, world.munshi, "sales", `/orders/${order.id}`);
  await expect(desk.getByText("Too many for one customer.").first()).toBeVisible();
  await Promise.all([page, slow.page, desk].map((one) => one.context().close()));
});

test("a link that was cut or is no link opens nothing", async ({ browser }) => {
  const [approve] = await links(browser, await asked());
  for (const [link, text] of [[approve.slice(0, -3), "This link cannot be used"], [approve.split("#")[0]!, "This link is not complete"]] as const) {
    const { page } = await opened(browser, link);
    await expect(page.getByRole("heading", { level: 1, name: text })).toBeVisible();
    await expect(page.getByRole("button", { name: /Approve|Reject/ })).toHaveCount(0);
    await page.context().close();
  }
});

test("the page fits a phone and a desk, in both languages and themes", async ({ browser }) => {
  test.setTimeout(150_000);
  const [approve, reject] = await links(browser, await asked());
  const faults: string[] = [];
  const look = async (page: Page, name: string) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${name}: scrolls sideways by ${wide}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    faults.push(...serious.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`));
    if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${name}.png`, fullPage: true });
  };
  for (const width of [360, 1440]) {
    const { page } = await opened(browser, width === 360 ? approve : reject, width);
    await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
    for (const [language, theme] of [["en", "light"], ["ur", "dark"], ["ur", "light"], ["en", "dark"]] as const) {
      await page.emulateMedia({ colorScheme: theme });
      if ((await page.locator("html").getAttribute("lang")) !== language) await page.getByRole("button", { name: /^(اردو|English)$/ }).click();
      await expect(page.locator("html")).toHaveAttribute("dir", language === "ur" ? "rtl" : "ltr");
      await look(page, `decide-${width}-${language}-${theme}`);
    }
    await page.getByRole("button", { name: /^(Reject|نامنظور)$/ }).click();
    await expect(page.locator(".notice")).toBeVisible();
    await look(page, `decide-${width}-reason`);
    await page.context().close();
  }
  expect(faults).toEqual([]);
});
