// Pages of stock, floor, catalogue, customers, settings and system: at phone, tablet and desktop width, in both
// languages and themes, nothing scrolls sideways and axe finds nothing serious.
import { expect, test } from "@playwright/test";
import { dialog, faultsNow, faultsOf, KHI, open, order, product, signedIn } from "./pages";
import { Munshi } from "./server";

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start();
  await product(munshi, "LOOK-1", 20);
  await order(munshi, "LOOK-1", 2);
  const base = `/warehouses/${KHI}`;
  await munshi.rest("admin", "PUT", `${base}/receipts/PO-LOOK`, { kind: "order", lines: [{ line: 1, sku: "LOOK-1", expected: 12 }] });
  await munshi.rest("admin", "POST", `${base}/counts`, { location: "A-01" });
  const rule = { sku: "LOOK-1", lot: true, packs: [{ gtin: "09506000134352", units: 1 }] };
  await munshi.rest("admin", "PUT", `${base}/item-rules`, { rules: [rule] });
});
test.afterAll(() => munshi.stop());

const PAGES: Record<string, string> = {
  stock: `/stock?w=${KHI}`,
  item: `/stock/${KHI}/item/LOOK-1`,
  everywhere: "/stock/sku/LOOK-1",
  bins: `/stock/${KHI}/bins`,
  floor: `/floor?w=${KHI}`,
  parcels: `/floor?w=${KHI}&tab=parcels`,
  tasks: `/floor?w=${KHI}&tab=tasks`,
  people: `/floor?w=${KHI}&tab=people`,
  receipts: `/floor?w=${KHI}&tab=receipts`,
  counts: `/floor?w=${KHI}&tab=counts`,
  exceptions: `/floor?w=${KHI}&tab=exceptions`,
  decisions: `/floor?w=${KHI}&tab=decisions`,
  "floor-not-set-up": "/floor?w=LHE-1&tab=tasks",
  receipt: `/floor/${KHI}/receipts/PO-LOOK`,
  products: "/products",
  product: "/products/LOOK-1",
  "new-product": "/products/new",
  customers: "/customers",
  "new-customer": "/customers/new",
  imports: "/imports",
  settings: "/settings",
  users: "/settings/users",
  warehouses: "/settings/warehouses",
  site: `/settings/warehouses/${KHI}`,
  locations: `/settings/warehouses/${KHI}?part=locations`,
  "item-rules": `/settings/warehouses/${KHI}?part=rules`,
  devices: `/settings/devices?w=${KHI}`,
  system: "/system",
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name} fits and is accessible`, async ({ browser }) => {
    const page = await signedIn(browser, munshi, "admin", path);
    await expect(page.getByText("Loading…")).toHaveCount(0);
    expect(await faultsOf(page, name)).toEqual([]);
    await page.context().close();
  });
}

test("a customer and a parcel fit and are accessible", async ({ browser }) => {
  const customers = await munshi.rest<{ items: { id: string }[] }>("admin", "GET", "/customers?limit=1");
  const parcels = await munshi.rest<{ items: { order: string; number: number }[] }>("admin", "GET", `/warehouses/${KHI}/parcels?state=queued&limit=1`);
  const [customer, parcel] = [customers.items[0]!, parcels.items[0]!];
  const page = await signedIn(browser, munshi, "admin", `/customers/${customer.id}`);
  expect(await faultsOf(page, "customer")).toEqual([]);
  await open(page, munshi, `/floor/${KHI}/parcels/${parcel.order}/${parcel.number}`);
  expect(await faultsOf(page, "parcel")).toEqual([]);
  await page.context().close();
});

// Each as its page, and the button that opens it.
const DIALOGS: [string, string, string][] = [
  ["receive", `/stock/${KHI}/item/LOOK-1`, "Receive"],
  ["correct", `/stock/${KHI}/item/LOOK-1`, "Correct"],
  ["levels", `/stock/${KHI}/item/LOOK-1`, "Levels and limits"],
  ["announce", `/floor?w=${KHI}&tab=receipts`, "Announce goods"],
  ["priority", `/floor?w=${KHI}&tab=tasks`, "Priority"],
  ["reassign", `/floor?w=${KHI}&tab=tasks`, "Reassign"],
  ["have counted", `/floor?w=${KHI}&tab=counts`, "Have it counted"],
  ["user", "/settings/users", "New user"],
  ["warehouse", "/settings/warehouses", "Open a warehouse"],
  ["locations", `/settings/warehouses/${KHI}?part=locations`, "Add locations"],
  ["labels", `/settings/warehouses/${KHI}?part=locations`, "Labels"],
  ["item rule", `/settings/warehouses/${KHI}?part=rules`, "Add a rule"],
  ["scanner", `/settings/devices?w=${KHI}`, "Enrol a scanner"],
  ["operator", `/settings/devices?w=${KHI}`, "Add an operator"],
];

test("dialogs fit a phone and are accessible", async ({ browser }) => {
  test.setTimeout(300_000);
  const page = await signedIn(browser, munshi, "admin");
  await page.setViewportSize({ width: 360, height: 780 });
  const faults: string[] = [];
  for (const [name, path, button] of DIALOGS) {
    await open(page, munshi, path);
    await page.getByRole("button", { name: button, exact: true }).first().click();
    await expect(dialog(page)).toBeVisible();
    faults.push(...(await faultsNow(page, name)));
  }
  expect(faults).toEqual([]);
  await page.context().close();
});
