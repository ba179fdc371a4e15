// Pictures of everything there is to look at, for people: `make looks`. No part of `make test`, but what a machine can see
// of it fails: sideways scrolling, text that is cut, buttons over each other, words that are not translated, what axe finds
// serious. It is noted in faults.txt, and sheets.spec.ts fails for it in the end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect as playwright, type Page, test } from "@playwright/test";
import { asOtherTab, DIR, note, shoot, type Tell } from "./looks/camera";
import { asked, illustrated } from "./looks/illustrations";
import { opened, pages, type Scene } from "./looks/scenes";
import { furnish, type Places } from "./looks/shop";
import { dialog, KHI, open, signedIn } from "./pages";
import { Munshi, USERS } from "./server";
import { World } from "./world";

test.describe.configure({ mode: "default", retries: 0, timeout: 3_600_000 });
// Recording what leads to thousands of pictures costs more than taking them.
test.use({ trace: "off", screenshot: "off" });

/** How long a scene may take to appear: thousands of pictures give way to whoever else works on the machine. */
const PATIENCE_MS = Number(process.env.MUNSHI_PATIENCE_MS ?? 15_000);
const expect = playwright.configure({ timeout: PATIENCE_MS });

let world: World; // started by the first test that needs it
let munshi: Munshi;
let at: Places;

test.beforeEach(async ({}, { title }) => {
  if (!DIR) throw new Error("MUNSHI_SHOTS names the directory of the pictures");
  if (world || ["an empty shop", "the approver's decision page"].includes(title)) return;
  world = await World.start({ front: true });
  munshi = world.munshi;
  at = await furnish(world);
});
test.afterAll(() => world?.stop());

const only = (scenes: Scene[]) => scenes.filter(({ name }) => new RegExp(process.env.MUNSHI_SCENES ?? "").test(name));

/** Goes through scenes; one that cannot be reached is told at the end, and does not keep the others from being seen. */
async function through(page: Page, scenes: Scene[]): Promise<void> {
  for (const scene of only(scenes)) {
    const { name } = scene;
    try {
      // As people move; what cannot be shown like that is loaded anew.
      await reach(page, scene, moved).catch(() => reach(page, scene, (to) => open(page, munshi, to)));
      await shoot(page, name, { full: !scene.act, anew: scene.anew });
    } catch (error) {
      note(`${name}: not reached: ${String(error).slice(0, 400)}`);
      await asOtherTab(page, "en", "light").catch(() => undefined);
    }
  }

  async function moved(path: string): Promise<void> {
    // The first Escape may only empty a field.
    for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
    await expect(dialog(page)).toHaveCount(0);
    for (const to of ["/nowhere", path]) {
      await page.evaluate((address) => {
        history.pushState({}, "", address);
        dispatchEvent(new PopStateEvent("popstate", { state: {} }));
      }, to);
      await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toHaveCount(to === "/nowhere" ? 1 : 0);
    }
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
}

async function reach(page: Page, { path, act, of }: Scene, go: (path: string) => Promise<void>): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await go(path);
  await settled(page);
  await act?.(page);
  if (of) await expect(dialog(page)).toBeVisible();
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('[class*="skeleton"]')).toHaveCount(0);
  await expect(page.getByText("Loading…")).toHaveCount(0);
}

test("pages", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await illustrated(page);
  await through(page, pages(at));
});

test("dialogs and menus", async ({ browser }) => {
  for (const user of ["admin", "sales"] as const) {
    const page = await signedIn(browser, munshi, user);
    page.setDefaultTimeout(PATIENCE_MS);
    await illustrated(page);
    await through(page, opened(at).filter(({ as = "admin" }) => as === user));
    await page.context().close();
  }
});

/** A page of somebody who is not signed in, in a context of its own: axe opens a page beside it. */
const stranger = async (browser: Browser) => (await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Karachi" })).newPage();

/** Places whose words for loading, trouble and emptiness differ. */
const STATES = ["home", "orders", "orders-columns", "order", "approvals", "stock", "stock-item", "floor", "floor-tasks", "products", "product", "customers", "customer", "imports", "messages", "messages-thread", "messages-connections", "settings", "settings-users", "settings-devices", "system"];
const states = (prefix: string) => only(pages(at).filter(({ name }) => STATES.includes(name)).map((scene) => ({ ...scene, name: `${prefix}-${scene.name}` })));
const ANSWERS = /\/api\/v1\/(?!auth|session|live|me\b|preferences)/;

test("errors", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  const problem = { type: "about:blank", title: "Internal error", status: 500, code: "internal", detail: "something went wrong on our side", fix: "try again; if it stays, look at the server's log" };
  await page.route(ANSWERS, (route) =>
    route.request().method() === "GET" ? route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue());
  for (const { name, path } of states("error")) {
    await page.goto(munshi.url + path);
    await expect(page.getByRole("alert").first()).toBeVisible({ timeout: 20_000 }).catch(() => undefined);
    await shoot(page, name);
  }
});

test("refused and unreachable", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await page.route(ANSWERS, (route) => (route.request().method() === "GET" ? route.abort("connectionrefused") : route.continue()));
  for (const { name, path } of only([{ name: "unreachable-orders", path: "/orders" }, { name: "unreachable-order", path: `/orders/${at.pending}` }])) {
    await page.goto(munshi.url + path);
    await expect(page.getByText("The server cannot be reached").first()).toBeVisible({ timeout: 20_000 });
    await shoot(page, name);
  }
  const problem = { type: "about:blank", title: "Forbidden", status: 403, code: "permission_denied", detail: "your roles do not permit this" };
  await page.unroute(ANSWERS);
  await page.route(ANSWERS, (route) => (route.request().method() === "GET" ? route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue()));
  await page.goto(`${munshi.url}/customers`);
  await expect(page.getByText("You may not see this").first()).toBeVisible({ timeout: 20_000 });
  await shoot(page, "forbidden-customers");
  await page.unroute(ANSWERS);
  await open(page, munshi, "/settings/users");
  await page.getByRole("button", { name: "New user" }).click();
  for (const [label, text] of [["Name", "Amina Rehman"], ["E-mail", USERS.admin], ["Password", "short"]] as const) await dialog(page).getByLabel(label).fill(text);
  await dialog(page).getByRole("button", { name: "New user" }).click();
  await expect(dialog(page).locator('[data-invalid], [role="alert"]').first()).toBeVisible();
  await shoot(page, "refused-user", { full: false });
  await page.route("**/*.pdf", (route) => route.abort("connectionrefused"));
  await open(page, munshi, at.queued);
  await page.getByRole("button", { name: "Print", exact: true }).click();
  await page.getByRole("menuitem", { name: "Pick list", exact: true }).click();
  await expect(page.getByRole("region").getByRole("alert")).toBeVisible();
  await shoot(page, "toast-problem", { full: false });
});

test("loading", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await page.route(ANSWERS, (route) => (route.request().method() === "GET" ? undefined : route.continue()));
  for (const { name, path } of states("loading")) {
    await page.goto(munshi.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await shoot(page, name, { full: false });
  }
});

test("offline, cut off and signed out", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/orders");
  await settled(page);
  const mend = munshi.cut();
  await expect(page.getByText(/live connection is lost/).first()).toBeVisible({ timeout: 30_000 });
  await shoot(page, "cut-off-orders", { full: false });
  await page.context().setOffline(true);
  await expect(page.getByText(/No network/).first()).toBeVisible({ timeout: 30_000 });
  await shoot(page, "offline-orders", { full: false });
  await page.context().setOffline(false);
  mend();
  const fresh = await stranger(browser);
  await fresh.goto(munshi.url);
  await expect(fresh.locator('input[type="password"]')).toBeVisible();
  await shoot(fresh, "sign-in");
  await fresh.locator('input[type="email"]').fill(USERS.admin);
  await fresh.locator('input[type="password"]').fill("not the password");
  await fresh.locator('button[type="submit"]').click();
  await expect(fresh.getByRole("alert")).toBeVisible();
  await shoot(fresh, "sign-in-refused");
  await fresh.context().setOffline(true);
  await fresh.locator('button[type="submit"]').click();
  await expect(fresh.getByText(/cannot be reached/)).toBeVisible();
  await shoot(fresh, "sign-in-unreachable");
});

test("what a viewer and a warehouse worker see", async ({ browser }) => {
  for (const user of ["viewer", "warehouse"] as const) {
    const page = await signedIn(browser, munshi, user);
    await through(page, pages(at).filter(({ name }) => ["home", "order", "customer", "stock-item", "settings", "settings-users"].includes(name)).map((scene) => ({ ...scene, name: `as-${user}-${scene.name}` })));
  }
});

test("an ended session and changed roles", async ({ browser }) => {
  const { items } = await munshi.rest<{ items: { id: string; email: string; version?: number }[] }>("admin", "GET", "/users?limit=100");
  const id = (user: keyof typeof USERS) => items.find(({ email }) => email === USERS[user])!.id;
  const worker = await signedIn(browser, munshi, "finance", "/orders");
  await settled(worker);
  await munshi.rest("admin", "PATCH", `/users/${id("finance")}`, { roles: ["viewer"] });
  await expect(worker.getByText(/changed what you may do/)).toBeVisible({ timeout: 90_000 });
  await shoot(worker, "roles-changed", { full: false });
  await munshi.rest("admin", "PATCH", `/users/${id("finance")}`, { roles: ["finance"] });
  const page = await signedIn(browser, munshi, "service", "/orders");
  await settled(page);
  await munshi.rest("admin", "POST", `/users/${id("service")}/revoke-sessions`, {});
  await expect(dialog(page)).toBeVisible({ timeout: 30_000 });
  await shoot(page, "session-ended", { full: false });
});

test("an empty shop", async ({ browser }) => {
  const shop = await Munshi.start({ front: true, empty: true });
  try {
    const page = await signedIn(browser, shop, "admin");
    const paths = ["/", "/orders", "/orders?view=columns", "/orders/new", "/approvals", "/stock", "/floor", "/products", "/customers", "/imports", "/messages", "/messages/dead-letters", "/messages/connections", "/messages/templates", "/settings", "/settings/users", "/settings/warehouses", "/settings/devices", "/system"];
    for (const { name, path } of only(paths.map((path) => ({ path, name: `empty${path.replace(/[/?=]/g, "-").replace(/-$/, "")}` })))) {
      await open(page, shop, path);
      await settled(page);
      await shoot(page, name);
    }
  } finally {
    await shop.stop();
  }
});

/** Pages of their own follow the system's theme and have a button for the other language. */
const byButton: Tell = async (page, language, theme) => {
  await page.emulateMedia({ colorScheme: theme as "light" | "dark" });
  if ((await page.locator("html").getAttribute("lang")) !== language) await page.getByRole("button", { name: language === "ur" ? "اردو" : "English" }).click();
};

test("the customer's tracking page", async ({ browser }) => {
  const page = await stranger(browser);
  for (const [name, order] of [["track", at.pending], ["track-shipped", at.shipped]] as const) {
    const { url } = await munshi.rest<{ url: string }>("admin", "POST", `/orders/${order}/tracking-link`);
    await page.goto("about:blank");
    await page.goto(`${munshi.url}/track${new URL(url).hash}`);
    await expect(page.getByText("LOOK-1").first()).toBeVisible();
    await shoot(page, name, { tell: byButton });
  }
  const { url } = await munshi.rest<{ url: string }>("admin", "POST", `/orders/${at.pending}/tracking-link`);
  await page.goto("about:blank");
  await page.goto(`${munshi.url}/track${new URL(url).hash}`);
  await page.getByRole("button", { name: "Cancel this order" }).click();
  // Nothing else can be pressed while it asks, so the language is chosen before.
  const asking: Tell = async (_, language, theme) => {
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
  await shoot(page, "track-offline", { tell: byButton });
  await page.context().setOffline(false);
  for (const [name, hash] of [["track-incomplete", ""], ["track-gone", "#mtr_nonsense"]] as const) {
    await page.goto("about:blank");
    await page.goto(`${munshi.url}/track${hash}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await shoot(page, name, { tell: byButton });
  }
});

test("the approver's decision page", async ({ browser }) => {
  const shop = await Munshi.start({ front: true, empty: true });
  try {
    const page = await stranger(browser);
    const states: [name: string, answer: unknown, status?: number][] = [
      ["decide", asked], ["decide-to-reject", { ...asked, choice: "no" }], ["decide-approved", { ...asked, state: "answered", answer: "yes" }], ["decide-rejected", { ...asked, state: "answered", answer: "no" }],
      ["decide-expired", { ...asked, state: "expired" }], ["decide-closed", { ...asked, state: "closed" }], ["decide-not-taken", { ...asked, state: "answered", outcome: "step_not_open" }],
      ["decide-gone", { code: "link_invalid" }, 401], ["decide-unreachable", {}, 503],
    ];
    for (const [name, json, status = 200] of states) {
      await page.unroute("**/api/v1/decide");
      await page.route("**/api/v1/decide", (route) => route.fulfill({ status, json }));
      await page.goto("about:blank");
      await page.goto(`${shop.url}/decide#nonsense`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await shoot(page, name, { tell: byButton });
      if (name !== "decide") continue;
      await page.getByRole("button", { name: "Reject" }).click();
      await expect(page.getByText("Say why, so that the others know.")).toBeVisible();
      await shoot(page, "decide-why", { tell: byButton });
    }
    await page.goto("about:blank");
    await page.goto(`${shop.url}/decide`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await shoot(page, "decide-incomplete", { tell: byButton });
  } finally {
    await shop.stop();
  }
});

test("on paper", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin");
  await page.emulateMedia({ media: "print" });
  await through(page, pages(at).filter(({ name }) => ["order", "customer", "product", "stock-item", "orders"].includes(name)).map((scene) => ({ ...scene, name: `print-${scene.name}` })));
  await page.emulateMedia({ media: "screen" });
  // What the server draws: as files beside the pictures.
  const paper = async (name: string, path: string, act: (page: Page) => Promise<void>) => {
    await open(page, munshi, path);
    // The page reads the answer itself; its bytes are taken on the way.
    let drawn: Buffer | undefined;
    await page.route(/\.pdf(\?|$)/, async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      if (answer.ok()) drawn = body;
      await route.fulfill({ response: answer, body });
    });
    await act(page);
    await expect.poll(() => drawn?.length ?? 0).toBeGreaterThan(0);
    writeFileSync(join(DIR, `${name}.pdf`), drawn ?? "");
    await page.unroute(/\.pdf(\?|$)/);
  };
  const entry = (name: string) => async (on: Page) => {
    await on.getByRole("button", { name: "Print", exact: true }).click();
    await on.getByRole("menuitem", { name, exact: true }).click();
  };
  await paper("pick-list", at.queued, entry("Pick list"));
  for (const [name, button] of [["packing-slip", "Packing slip"], ["label", "Label"]] as const) await paper(name, at.packed, entry(button));
  await paper("location-labels", `/settings/warehouses/${KHI}?part=locations`, async (on) => {
    await on.getByRole("button", { name: "Labels", exact: true }).click();
    await dialog(on).getByRole("button", { name: "Print labels" }).click();
  });
  await paper("enrolment-sheet", `/settings/devices?w=${KHI}`, async (on) => {
    await on.getByRole("button", { name: "Enrol a scanner" }).click();
    await dialog(on).getByLabel("What people call it").fill("Look 9");
    await dialog(on).getByRole("button", { name: "Print as a sheet" }).click();
  });
});
