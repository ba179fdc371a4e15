// The first page loads what it shows and no more, and nothing from another host.
import { expect, type Page, test } from "@playwright/test";
import { Munshi, PASSWORD, USERS } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
});
test.afterAll(() => munshi.stop());

/** Names of the scripts that were loaded so far, without their hashes; fails on another host. */
function scripts(page: Page): { names: () => string[]; strange: string[] } {
  const names = new Set<string>();
  const strange: string[] = [];
  page.on("request", (request) => {
    const { host, pathname } = new URL(request.url());
    if (host !== new URL(munshi.url).host) strange.push(request.url());
    const name = /^\/assets\/(.+)-[\w-]{8}\.js$/.exec(pathname)?.[1];
    if (name) names.add(name);
  });
  return { names: () => [...names].sort(), strange };
}

const pagesOf = (names: string[]) => names.filter((name) => /Page$|Shell|Palette|ShortcutHelp|SessionEnded/.test(name));

test("signing in loads no page of the console; home loads home", async ({ page }) => {
  const loaded = scripts(page);
  await page.goto(munshi.url);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(loaded.names()).toContain("SignIn");
  expect(pagesOf(loaded.names())).toEqual([]);

  await page.getByLabel("E-mail").fill(USERS.sales);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible({ timeout: 45_000 });
  await page.waitForLoadState("networkidle");
  expect(pagesOf(loaded.names())).toEqual(["HomePage", "Shell"]);

  await page.getByRole("navigation").first().getByRole("link", { name: "Orders" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Orders");
  await page.waitForLoadState("networkidle");
  expect(pagesOf(loaded.names())).toEqual(["BoardPage", "HomePage", "Shell"]);
  expect(loaded.strange).toEqual([]);
});
