// The pages of messages with something in them: at phone, tablet and desktop width, in both languages and themes, nothing
// scrolls sideways and axe finds nothing serious. With MUNSHI_SHOTS set to a directory it takes the pictures.
import { expect, type Page, test } from "@playwright/test";
import { dialog, faultsNow, faultsOf, KHI, open, product, signedIn } from "./pages";
import { placed, type Placed, somebody, World } from "./world";

let world: World;
let talked: Placed;
let thread: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  world = await World.start();
  await product(world.munshi, "LOOK-9", 500, "Multani khussa");
  const { munshi } = world;
  const who = somebody();
  talked = await placed(munshi, "LOOK-9", { who, warehouse: KHI });
  await world.arrives(who.phone, talked.number);
  await world.ctl("emit", { phone: who.phone, text: "کیا یہ بڑے سائز میں ملے گا؟ mera size 44 hai", name: "Customer" });
  const of = () => munshi.rest<{ id: string; needs_agent: boolean }>("admin", "GET", `/customers/${talked.customer}/conversation`);
  await expect.poll(async () => (await of()).needs_agent, { timeout: 60_000 }).toBe(true);
  thread = (await of()).id;
  await munshi.rest("service", "POST", `/conversations/${thread}/reply`, { text: "جی، کل تک آ جائے گا۔ We keep one for you.", channel: "whatsapp" });
  const consent = [{ channel: "sms", category: "marketing", allowed: false }, { channel: "whatsapp", category: "utility", allowed: true }];
  await munshi.rest("service", "PATCH", `/conversations/${thread}/preferences`, { language: "ur", consent, preferences: { parcel_shipped: ["whatsapp", "email"] } });

  // A call that is due, and what a vendor refused.
  await munshi.rest("admin", "PATCH", "/settings", { messaging: { confirm_sms_after_seconds: 0, confirm_call_after_seconds: 1 } });
  const unanswered = await placed(munshi, "LOOK-9", { warehouse: KHI });
  await world.arrives(unanswered.phone, unanswered.number);
  await munshi.rest("admin", "PATCH", "/connections/practice", { settings: { whatsapp_sender: "+14155230000", sms_sender: "+14155550000" } });
  await placed(munshi, "LOOK-9", { warehouse: KHI, payment: "prepaid" });
  const count = async (path: string) => (await munshi.rest<{ items: unknown[] }>("admin", "GET", path)).items.length;
  await expect.poll(() => count("/dead-letters"), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => count("/conversations?call_due=true"), { timeout: 60_000 }).toBeGreaterThan(0);
});
test.afterAll(() => world?.stop());

const PAGES: [string, () => string, (page: Page) => Promise<void>][] = [
  ["threads", () => "/messages", (page) => expect(page.getByRole("row").nth(2)).toBeVisible()],
  ["thread", () => `/messages/${thread}`, (page) => expect(page.getByText(/mera size 44 hai/)).toBeVisible()],
  ["given-up", () => "/messages/dead-letters", (page) => expect(page.getByText("21606").first()).toBeVisible()],
  ["connections", () => "/messages/connections", (page) => expect(page.getByText("practice-mail").first()).toBeVisible()],
  ["templates", () => "/messages/templates", (page) => expect(page.locator('[lang="ur"][dir="rtl"]').last()).toBeVisible()],
  ["order-messages", () => `/orders/${talked.id}`, (page) => expect(page.getByText(/mera size 44 hai/)).toBeVisible()],
  ["customer-messages", () => `/customers/${talked.customer}`, (page) => expect(page.getByRole("link", { name: /thread/i }).first()).toBeVisible()],
  ["settings-messages", () => "/settings", (page) => expect(page.locator('input[type="time"]').first()).toBeVisible()],
];

for (const [name, path, there] of PAGES) {
  test(`${name} fits and is accessible`, async ({ browser }) => {
    const page = await signedIn(browser, world.munshi, "admin", path());
    await there(page);
    expect(await faultsOf(page, name)).toEqual([]);
    await page.context().close();
  });
}

// Each as its page, and the button that opens it.
const DIALOGS: [string, () => string, RegExp][] = [
  ["assign", () => `/messages/${thread}`, /^(Assign|ذمے لگائیں)$/],
  ["call", () => `/messages/${thread}`, /^(Record a call|کال درج کریں)$/],
  ["wishes", () => `/messages/${thread}`, /^(Language and wishes|زبان اور ترجیحات)$/],
  ["new-connection", () => "/messages/connections", /^(New connection|نیا کنکشن)$/],
  ["test-message", () => "/messages/templates", /^(Test|آزمائیں)$/],
  ["dead-letter", () => "/messages/dead-letters", /21606/],
];

for (const [language, theme] of [["en", "light"], ["ur", "dark"]] as const) {
  test(`dialogs fit a phone and are accessible: ${language}, ${theme}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const page = await signedIn(browser, world.munshi, "admin");
    await page.setViewportSize({ width: 360, height: 780 });
    await page.evaluate(([l, th]) => { localStorage.setItem("munshi.language", l); localStorage.setItem("munshi.theme", th); }, [language, theme] as const);
    const faults: string[] = [];
    for (const [name, path, button] of DIALOGS) {
      await open(page, world.munshi, path());
      await page.getByRole("button", { name: button }).first().click();
      await expect(dialog(page)).toBeVisible();
      await expect(dialog(page)).toHaveCSS("opacity", "1");
      faults.push(...(await faultsNow(page, `${name} ${language}`)));
      if (process.env.MUNSHI_SHOTS) await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/dialog-${name}-${language}.png` });
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
}
