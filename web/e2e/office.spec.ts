// Products, customers, imports, settings and system in the console.
import { expect, test } from "@playwright/test";
import { choose, dialog, open, product, signedIn } from "./pages";
import { Munshi } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
});
test.afterAll(() => munshi.stop());

test("a product is made, changed, taken off and put back", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "sales", "/products");
  await page.getByRole("link", { name: "New product" }).click();
  await page.getByLabel("SKU").fill("NEW-SHAWL");
  await page.getByLabel("Title").fill("Pashmina shawl");
  await page.getByLabel("Price (PKR)").fill("7,500");
  await expect(page.getByText("Write an amount such as 1500 or 1500.50.")).toBeVisible();
  await page.getByLabel("Price (PKR)").fill("7500");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Pashmina shawl" })).toBeVisible();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Brand").fill("Gulbagh");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("link", { name: "Gulbagh" })).toBeVisible();
  await page.getByRole("button", { name: "Deactivate" }).click();
  await dialog(page).getByRole("button", { name: "Deactivate" }).click();
  await expect(page.getByText("Inactive", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(page.getByText("Active", { exact: true })).toBeVisible();
  await page.context().close();
});

test("a SKU that exists is refused at its field", async ({ browser }) => {
  await product(munshi, "TAKEN-1");
  const page = await signedIn(browser, munshi, "sales", "/products/new");
  await page.getByLabel("SKU").fill("TAKEN-1");
  await page.getByLabel("Title").fill("Another");
  await page.getByLabel("Price (PKR)").fill("10");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("TAKEN-1");
  await expect(page.getByLabel("Title")).toHaveValue("Another");
  await page.context().close();
});

test("a customer is made, found by phone, blocked, and given credit", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/customers/new");
  await page.getByLabel("Name").fill("Zubaida Trading");
  await page.getByLabel("Phones").fill("0321 9998877");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Zubaida Trading" })).toBeVisible();
  await expect(page.getByText("+923219998877")).toBeVisible();

  await page.getByRole("button", { name: "Set terms" }).click();
  await dialog(page).getByLabel("Limit").fill("50000");
  await dialog(page).getByRole("button", { name: "Set terms" }).click();
  await expect(page.getByText("Rs 50,000").first()).toBeVisible();

  await page.getByRole("button", { name: "Block" }).click();
  await dialog(page).getByLabel("Reason").fill("bounced cheque");
  await dialog(page).getByRole("button", { name: "Block" }).click();
  await expect(page.getByText("Blocked: bounced cheque")).toBeVisible();
  const timeline = page.getByRole("list", { name: "Timeline" });
  await expect(timeline).toContainText("Credit terms set");
  await expect(timeline).toContainText("bounced cheque");

  await open(page, munshi, "/customers");
  await page.getByRole("searchbox", { name: "Find a customer" }).fill("0321 9998877");
  await expect(page.getByRole("row", { name: /Zubaida Trading/ })).toContainText("Blocked");
  await page.context().close();
});

test("a viewer sees contacts masked and no way to change anything", async ({ browser }) => {
  const customers = await munshi.rest<{ items: { id: string; phones: string[] }[] }>("admin", "GET", "/customers?limit=1");
  const { id, phones } = customers.items[0]!;
  const page = await signedIn(browser, munshi, "viewer", `/customers/${id}`);
  await expect(page.getByText("Your role sees contacts masked.")).toBeVisible();
  await expect(page.getByText(phones[0]!)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Block" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit" })).toHaveCount(0);
  await page.context().close();
});

test("a file is imported live, and its bad rows come back as a file", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/imports");
  const rows = Array.from({ length: 40 }, (_, i) => `IMP-${i},Imported scarf ${i},${900 + i}.00`);
  const csv = ["sku,title,price", ...rows, "IMP-BAD,Scarf without a price,not a price"].join("\n");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose a file" }).click()]);
  await chooser.setFiles({ name: "scarves.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "Start" }).click();
  const row = page.getByRole("list", { name: "History" }).getByRole("listitem").filter({ hasText: "scarves.csv" });
  await expect(row).toContainText("Done");
  await expect(row).toContainText("Changed 40");
  await expect(row).toContainText("Not taken 1");
  const [download] = await Promise.all([page.waitForEvent("download"), row.getByRole("button", { name: "Rows not taken, as a file" }).click()]);
  expect(download.suggestedFilename()).toBe("scarves.csv.errors.csv");
  await open(page, munshi, "/products/IMP-7");
  await expect(page.getByRole("heading", { name: "Imported scarf 7" })).toBeVisible();
  await page.context().close();
});

test("a file of another sort is refused before it is sent", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/imports");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose a file" }).click()]);
  await chooser.setFiles({ name: "photo.png", mimeType: "image/png", buffer: Buffer.from("x") });
  await expect(page.getByText("Only CSV and XLSX files can be imported.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start" })).toBeDisabled();
  await page.context().close();
});

test("settings: a number format is previewed, saved, and used by the next order; a wrong one is not", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/settings");
  const format = page.getByLabel("Format");
  await format.fill("KHI-{month}-{seq}");
  await expect(page.getByText("There is no {month}.")).toBeVisible();
  await format.fill("KHI-{yy}-{seq:5}");
  await expect(page.getByText(/The next ones look like KHI-\d\d-01042/)).toBeVisible();
  await page.getByText("A person confirms cash-on-delivery orders before anything is packed").click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const kept = await munshi.rest<{ settings: { order_number: string; confirm_cod: boolean; name: string } }>("admin", "GET", "/settings");
  expect(kept.settings).toMatchObject({ order_number: "KHI-{yy}-{seq:5}", confirm_cod: true, name: "Gulmohar House" });
  await page.context().close();
});

test("settings that somebody else changed meanwhile are not overwritten", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/settings");
  await page.getByLabel("Days to return goods").fill("21");
  await munshi.rest("admin", "PATCH", "/settings", { name: "Gulmohar & Sons" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "Read them again" }).click();
  await expect(page.getByLabel("Name", { exact: false }).first()).toHaveValue("Gulmohar & Sons");
  await munshi.rest("admin", "PATCH", "/settings", { name: "Gulmohar House" });
  await page.context().close();
});

test("a user is made with roles, and barred", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/settings/users");
  await page.getByRole("button", { name: "New user" }).click();
  await dialog(page).getByLabel("Name").fill("Noor Fatima");
  await dialog(page).getByLabel("E-mail").fill("noor@demo.munshi.pk");
  await dialog(page).getByLabel("Password").fill("lahore-lahore-ay");
  await dialog(page).getByText(/^Finance/).click();
  await dialog(page).getByRole("button", { name: "New user" }).click();
  const row = page.getByRole("row", { name: /Noor Fatima/ });
  await expect(row).toContainText("Finance");
  await row.getByRole("button", { name: "Actions for Noor Fatima" }).click();
  const signIn = () => fetch(`${munshi.url}/api/v1/auth/sign-in`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: "noor@demo.munshi.pk", password: "lahore-lahore-ay" }) });
  expect((await signIn()).status).toBe(200);
  await page.getByRole("menuitem", { name: "Bar from signing in" }).click();
  await dialog(page).getByRole("button", { name: "Bar from signing in" }).click();
  await expect(row).toContainText("Disabled");
  expect((await signIn()).status).toBe(401);
  await page.context().close();
});

test("a scanner is enrolled by a code that is shown once", async ({ browser }) => {
  const page = await signedIn(browser, munshi, "admin", "/settings/devices?w=KHI-SITE");
  await page.getByRole("button", { name: "Enrol a scanner" }).click();
  await dialog(page).getByLabel("What people call it").fill("Receiving 2");
  await choose(page, "The code works for", "15 minutes");
  await dialog(page).getByRole("button", { name: "Enrol a scanner" }).click();
  await expect(page.getByRole("img", { name: "One-time code as a QR code" })).toBeVisible();
  const code = await dialog(page).getByText(/^mdi_/).textContent();
  expect(code).toContain("mdi_KHI-SITE~receiving-2~");
  const enrolled = await page.evaluate(async (text) => (await fetch("/api/v1/devices/enrol", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code: text }) })).status, code);
  expect(enrolled).toBe(200);
  await dialog(page).getByRole("button", { name: "The scanner has it" }).click();
  await expect(page.getByText(code!)).toHaveCount(0);
  await expect(page.getByRole("row", { name: /Receiving 2/ })).toContainText("Enrolled");
  await page.getByRole("row", { name: /Receiving 2/ }).getByRole("button", { name: "Actions for Receiving 2" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await dialog(page).getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: /Receiving 2/ })).toContainText("Revoked");
  await page.context().close();
});

test("system: the doctor looks and says what it found", async ({ browser }) => {
  // It reads the whole journal and every document, behind whatever else the machine does.
  test.setTimeout(270_000);
  const page = await signedIn(browser, munshi, "admin", "/system");
  await expect(page.getByText("Takes commands")).toBeVisible();
  await page.getByRole("button", { name: "Start a check" }).click();
  await expect(page.getByText("Journal and documents agree")).toBeVisible({ timeout: 240_000 });
  await page.context().close();
});
