// The live connection of a console against a real server: boards follow what happens without a refresh, mirrors agree with
// the server's checksums, and a cut, a killed server and a session that ends are told and mended.
import { expect, type Page, test } from "@playwright/test";
import { Munshi, PASSWORD, USERS } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ front: true });
});
test.afterAll(async () => {
  await munshi.stop();
});

/** Everything that went over the page's sockets. */
function listen(page: Page): { sent: string[]; heard: string[] } {
  const said = { sent: [] as string[], heard: [] as string[] };
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => said.sent.push(...String(payload).split("\n")));
    socket.on("framereceived", ({ payload }) => said.heard.push(...String(payload).split("\n")));
  });
  return said;
}

async function signIn(page: Page, user: keyof typeof USERS): Promise<void> {
  await page.goto(`${munshi.url}/`);
  await page.getByLabel("E-mail").fill(USERS[user]);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
}

async function receiveOne(sku: string): Promise<void> {
  await munshi.rest("warehouse", "POST", `/warehouses/KHI-SITE/stock/${sku}/receive`, { quantity: 1, reference: "live" });
}

test("a board follows the server, its mirror agrees with every checksum, and a cut is told and mended", async ({ page }) => {
  test.setTimeout(180_000);
  const said = listen(page);
  await signIn(page, "warehouse");
  await page.goto(`${munshi.url}/stock?w=KHI-SITE`);
  const topic = "wh.khi-site.stock";
  const heard = (type: string) => said.heard.filter((line) => line.startsWith(`{"t":"${type}"`) && line.includes(topic)).length;
  await expect.poll(() => heard("snap"), { timeout: 20_000 }).toBeGreaterThan(0);
  const { items } = await munshi.rest<{ items: { sku: string; on_hand: number }[] }>("warehouse", "GET", "/warehouses/KHI-SITE/stock?limit=5");
  const first = items[0]!;
  const row = page.getByRole("row").filter({ hasText: first.sku });
  await expect(row).toContainText(String(first.on_hand));
  for (const { sku } of items) await receiveOne(sku);
  await expect(row).toContainText(String(first.on_hand + 1));
  // One checksum after the deltas, every 30 seconds.
  const before = heard("chk");
  await expect.poll(() => heard("chk"), { timeout: 45_000 }).toBeGreaterThan(before);

  const mend = munshi.cut();
  await expect(page.getByText(/reconnecting|offline/i).first()).toBeVisible({ timeout: 30_000 });
  await receiveOne(first.sku);
  await munshi.kill();
  await munshi.up();
  mend();
  const resumed = () => said.heard.some((line) => line.startsWith('{"t":"welcome"') && line.includes('"outcome":"resumed"'));
  await expect.poll(resumed, { timeout: 60_000 }).toBe(true);
  await expect(page.getByText(/reconnecting|offline/i)).toHaveCount(0, { timeout: 15_000 });
  await expect(row).toContainText(String(first.on_hand + 2));
  const again = heard("chk");
  await expect.poll(() => heard("chk"), { timeout: 45_000 }).toBeGreaterThan(again);
  expect(said.sent.filter((line) => /mirror_mismatch|base_gap|bad_snapshot/.test(line))).toEqual([]);
  expect(said.heard.filter((line) => /"code":"(bad_field|unknown_type|bad_json)"/.test(line))).toEqual([]);
});
