// Sessions whose tokens live for seconds: they are renewed without a word, in all tabs at once; one that is ended says so
// over the page, which goes on where it was.
import { expect, type Page, test } from "@playwright/test";
import { dialog, faultsNow, marked, order, product, signedIn } from "./pages";
import { Munshi, PASSWORD, USERS } from "./server";

const ENDED = "Your session has ended. Sign in again to go on where you were.";
const SKU = "LIFE-1";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ settings: { MUNSHI_AUTH__ACCESS_TTL: "8s" } });
  await product(munshi, SKU, 500);
});
test.afterAll(() => munshi.stop());

const live = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible({ timeout: 45_000 });

/** What its refreshes were answered. */
function refreshes(page: Page): number[] {
  const answers: number[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/auth/refresh")) answers.push(response.status());
  });
  return answers;
}

/** Banners and alerts that were shown from now on, if only for a moment. */
async function disturbed(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    (globalThis as unknown as { seen: Set<string> }).seen = seen;
    const look = () => {
      for (const element of document.querySelectorAll("[role=alert], [role=dialog]")) seen.add(element.textContent ?? "");
      if (/live connection is lost|No network|session has ended/.test(document.body.innerText)) seen.add(document.body.innerText);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
}

async function revoke(user: keyof typeof USERS): Promise<void> {
  const { items } = await munshi.rest<{ items: { id: string; email: string }[] }>("admin", "GET", "/users?limit=100");
  await munshi.rest("admin", "POST", `/users/${items.find(({ email }) => email === USERS[user])!.id}/revoke-sessions`, {});
}

async function signInAgain(page: Page, user: keyof typeof USERS): Promise<void> {
  await dialog(page).getByLabel("E-mail").fill(USERS[user]);
  await dialog(page).getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await dialog(page).getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(ENDED)).toHaveCount(0);
}

test("tokens that run out are renewed without a word, also in two tabs at once", async ({ browser }) => {
  test.setTimeout(150_000);
  const one = await signedIn(browser, munshi, "sales", "/orders");
  const two = await one.context().newPage();
  const answers = [refreshes(one), refreshes(two)];
  await two.goto(`${munshi.url}/orders`);
  await Promise.all([live(one), live(two)]);
  const tabs = [one, two];
  const quiet = await Promise.all(tabs.map(disturbed));
  const same = await Promise.all(tabs.map(marked));
  await expect.poll(() => answers.flat().length, { timeout: 90_000 }).toBeGreaterThanOrEqual(5);
  // Both ask at the same moment, with a token that the server no longer takes.
  const ask = (page: Page) => page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem("munshi.session")!) as { until: number };
    localStorage.setItem("munshi.session", JSON.stringify({ ...kept, until: 0 }));
    dispatchEvent(new Event("focus"));
  });
  await Promise.all(tabs.map(ask));
  const { number } = await order(munshi, SKU);
  for (const tab of tabs) await expect(tab.getByRole("row", { name: new RegExp(number) })).toBeVisible();
  await Promise.all([live(one), live(two)]);
  expect(new Set(answers.flat())).toEqual(new Set([200]));
  for (const [at, said] of (await Promise.all(quiet.map((what) => what()))).entries()) expect(said, `tab ${at + 1}`).toEqual([]);
  expect(await Promise.all(same.map((is) => is()))).toEqual([true, true]);
  await one.context().close();
});

test("a session that is ended from elsewhere says so over the page, and who signs in again goes on with what was typed", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "service", "/orders/new?from=test");
  await live(page);
  const same = await marked(page);
  await page.getByRole("button", { name: "New customer" }).click();
  const name = page.getByRole("textbox", { name: /^Name/ }).first();
  const phone = page.getByRole("textbox", { name: /^Phone/ }).first();
  await name.fill("Half Filled");
  await phone.fill("0300 5557788");
  await revoke("service");
  await expect(dialog(page)).toContainText(ENDED);
  await expect(dialog(page).getByLabel("E-mail")).toHaveValue(USERS.service);
  // Who comes by sees nothing of it, and reaches nothing of it.
  expect(await name.evaluate((field) => field.closest("[inert], [aria-hidden=true]") !== null)).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toHaveCount(1);
  expect(await page.evaluate(() => document.elementFromPoint(5, 5)?.closest("#root") === null)).toBe(true);
  expect(await faultsNow(page, "sign in again")).toEqual([]);
  await signInAgain(page, "service");
  await expect(page).toHaveURL(/\/orders\/new\?from=test$/);
  await expect(name).toHaveValue("Half Filled");
  await expect(phone).toHaveValue("0300 5557788");
  await live(page);
  expect(await same()).toBe(true);
  await page.context().close();
});

test("all tabs of an ended session say so and go on together; another user begins with nothing of it", async ({ browser }) => {
  const one = await signedIn(browser, munshi, "finance", "/orders");
  const two = await one.context().newPage();
  await two.goto(`${munshi.url}/customers`);
  await Promise.all([live(one), live(two)]);
  await two.getByRole("searchbox").first().fill("khan");
  await revoke("finance");
  for (const tab of [one, two]) await expect(dialog(tab)).toContainText(ENDED, { timeout: 20_000 });
  await signInAgain(one, "finance");
  await expect(two.getByText(ENDED)).toHaveCount(0);
  await expect(two.getByRole("searchbox").first()).toHaveValue("khan");
  await Promise.all([live(one), live(two)]);

  await revoke("finance");
  await expect(dialog(two)).toContainText(ENDED, { timeout: 20_000 });
  await signInAgain(two, "viewer");
  await expect(two.getByRole("button", { name: /^Account/ }).first()).toHaveAccessibleName(/Account: /);
  // At home, in both: where the other one was is not theirs.
  for (const tab of [one, two]) await expect(tab).toHaveURL(`${munshi.url}/`);
  await expect(one.getByText(ENDED)).toHaveCount(0);
  await one.context().close();
});
