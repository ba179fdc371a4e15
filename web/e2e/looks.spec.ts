// Pictures of everything there is to look at, for people: `make looks`. No part of `make test`: it judges nothing, it
// prints where the pictures, their sheets and the list of what a machine saw (faults.txt) are.
import { rmSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { DIR, sheets, shoot } from "./looks/camera";
import { dialogs, furnish, pages, type Scene } from "./looks/scenes";
import { open, signedIn } from "./pages";
import { Munshi } from "./server";

test.describe.configure({ mode: "default", retries: 0, timeout: 900_000 });

let munshi: Munshi; // started by the first test that needs it
let at: Awaited<ReturnType<typeof furnish>>;

test.beforeEach(async ({}, { title }) => {
  if (!DIR) throw new Error("MUNSHI_SHOTS names the directory of the pictures");
  if (munshi || title === "sheets") return;
  munshi = await Munshi.start({ front: true });
  at = await furnish(munshi);
});
test.afterAll(() => munshi?.stop());

const only = (scenes: Scene[]) => scenes.filter(({ name }) => new RegExp(process.env.MUNSHI_SCENES ?? "").test(name));

/** Goes through scenes; one that cannot be reached is told at the end, and does not keep the others from being seen. */
async function through(page: Page, scenes: Scene[]): Promise<void> {
  const missed: string[] = [];
  for (const { name, path, act } of only(scenes)) {
    try {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(page, munshi, path);
      await settled(page);
      await act?.(page);
      await shoot(page, name, { full: !act });
    } catch (error) {
      missed.push(`${name}: ${String(error).slice(0, 400)}`);
    }
  }
  expect(missed).toEqual([]);
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('[class*="skeleton"]')).toHaveCount(0);
  await expect(page.getByText("Loading…")).toHaveCount(0);
}

test("pages", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await through(page, pages(at));
});

test("dialogs", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  page.setDefaultTimeout(6_000);
  await through(page, dialogs(at));
});

/** Places whose words for loading, trouble and emptiness differ. */
const STATES = () =>
  pages(at).filter(({ name }) =>
    ["home", "orders", "orders-columns", "order", "approvals", "stock", "stock-item", "floor", "floor-tasks", "products", "customer", "messages", "settings", "settings-users", "system"].includes(name));

test("errors", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  const problem = { type: "about:blank", title: "Internal error", status: 500, code: "internal", detail: "something went wrong on our side", fix: "try again; if it stays, look at the server's log" };
  await page.route(/\/api\/v1\/(?!auth|session|live|me\b|preferences)/, (route) =>
    route.request().method() === "GET" ? route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue());
  for (const { name, path } of only(STATES().map((scene) => ({ ...scene, name: `error-${scene.name}` })))) {
    await page.goto(munshi.url + path);
    await expect(page.getByRole("alert").first()).toBeVisible({ timeout: 20_000 }).catch(() => undefined);
    await shoot(page, name);
  }
});

test("loading", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await page.route(/\/api\/v1\/(?!auth|session|live|me\b|preferences)/, (route) => (route.request().method() === "GET" ? undefined : route.continue()));
  for (const { name, path } of only(STATES().map((scene) => ({ ...scene, name: `loading-${scene.name}` })))) {
    await page.goto(munshi.url + path);
    await shoot(page, name, { full: false });
  }
});

test("offline and signed out", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/orders");
  await settled(page);
  const mend = munshi.cut();
  await page.context().setOffline(true);
  await expect(page.getByText(/offline/i).first()).toBeVisible({ timeout: 30_000 });
  await shoot(page, "offline-orders", { full: false });
  await page.context().setOffline(false);
  mend();
  const fresh = await browser.newPage({ locale: "en-GB" });
  await fresh.goto(munshi.url);
  await expect(fresh.locator('input[type="password"]')).toBeVisible();
  await shoot(fresh, "sign-in");
  await fresh.locator('input[type="email"]').fill("admin@demo.munshi.pk");
  await fresh.locator('input[type="password"]').fill("not the password");
  await fresh.locator('button[type="submit"]').click();
  await expect(fresh.getByRole("alert")).toBeVisible();
  await shoot(fresh, "sign-in-refused");
});

test("what a viewer and a warehouse worker see", async ({ browser }) => {
  for (const user of ["viewer", "warehouse"] as const) {
    const page = await signedIn(browser, munshi, user);
    await through(page, pages(at).filter(({ name }) => ["home", "order", "customer", "stock-item", "settings"].includes(name)).map((scene) => ({ ...scene, name: `as-${user}-${scene.name}` })));
  }
});

test("an empty shop", async ({ browser }) => {
  const shop = await Munshi.start({ front: true, empty: true });
  try {
    const page = await signedIn(browser, shop, "admin");
    const paths = ["/", "/orders", "/orders?view=columns", "/orders/new", "/approvals", "/stock", "/floor", "/products", "/customers", "/imports", "/messages", "/messages/connections", "/settings", "/settings/users", "/settings/warehouses", "/settings/devices", "/system"];
    for (const { name, path } of only(paths.map((path) => ({ path, name: `empty${path.replace(/[/?=]/g, "-").replace(/-$/, "")}` })))) {
      await open(page, shop, path);
      await settled(page);
      await shoot(page, name);
    }
  } finally {
    await shop.stop();
  }
});

test("the customer's tracking page", async ({ browser }) => {
  const { url } = await munshi.rest<{ url: string }>("admin", "POST", `/orders/${at.order}/tracking-link`);
  const page = await browser.newPage({ locale: "en-GB" });
  const tell = async (_: Page, language: string, theme: string) => {
    await page.emulateMedia({ colorScheme: theme as "light" | "dark" });
    if ((await page.locator("html").getAttribute("lang")) !== language) await page.getByRole("button", { name: language === "ur" ? "اردو" : "English" }).click();
  };
  await page.goto(`${munshi.url}/track${new URL(url).hash}`);
  await expect(page.getByText("LOOK-1").first()).toBeVisible();
  await shoot(page, "track", { tell });
  await page.getByRole("button", { name: "Cancel this order" }).click();
  // Nothing else can be pressed while it asks, so the language is chosen before.
  const asking = async (_: Page, language: string, theme: string) => {
    await page.emulateMedia({ colorScheme: theme as "light" | "dark" });
    await page.evaluate((wanted) => localStorage.setItem("munshi.track.language", wanted), language);
    await page.reload();
    await page.locator("button.danger").first().click();
    await expect(page.locator("dialog[open]")).toBeVisible();
  };
  await shoot(page, "track-cancel", { tell: asking });
  await page.getByRole("button", { name: "Keep the order" }).click();
  await page.context().setOffline(true);
  await expect(page.getByText(/You are offline/)).toBeVisible();
  await shoot(page, "track-offline", { tell });
  await page.context().setOffline(false);
  for (const [name, hash] of [["track-incomplete", ""], ["track-gone", "#mtr_nonsense"]] as const) {
    await page.goto("about:blank");
    await page.goto(`${munshi.url}/track${hash}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await shoot(page, name, { tell });
  }
});

test("on paper", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", `/orders/${at.order}`);
  await settled(page);
  await page.emulateMedia({ media: "print" });
  await shoot(page, "print-order");
});

test("sheets", async ({ browser }) => {
  rmSync(`${DIR}/sheets.txt`, { force: true });
  await sheets(browser);
  console.log(`pictures, sheets, sheets.txt and faults.txt are in ${DIR}`);
});
