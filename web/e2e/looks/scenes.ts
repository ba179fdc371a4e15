// What there is to look at: each a place in the console and, where it is not there at once, what a person does to see it.
import { expect, type Page } from "@playwright/test";
import { dialog, KHI, order, product } from "../pages";
import type { Munshi } from "../server";

export interface Scene {
  name: string;
  path: string;
  act?: (page: Page) => Promise<void>;
}

/** A shop with something on every page. Answers the places that have an id in them. */
export async function furnish(munshi: Munshi): Promise<{ order: string; draft: string; customer: string; parcel: string }> {
  await product(munshi, "LOOK-1", 40);
  const base = `/warehouses/${KHI}`;
  await munshi.rest("admin", "PUT", `${base}/receipts/PO-LOOK`, { kind: "order", lines: [{ line: 1, sku: "LOOK-1", expected: 12 }] });
  await munshi.rest("admin", "POST", `${base}/counts`, { location: "A-01" });
  await munshi.rest("admin", "PUT", `${base}/item-rules`, { rules: [{ sku: "LOOK-1", lot: true, packs: [{ gtin: "09506000134352", units: 1 }] }] });
  const placed = await order(munshi, "LOOK-1", 2);
  const draft = await munshi.rest<{ id: string }>("admin", "POST", "/orders", {
    customer: { name: "Hina Tariq", phone: "0300 5551200" }, payment_method: "cod",
    shipping_address: { line1: "12-B, Gulberg III", city: "Lahore" }, lines: [{ sku: "LOOK-1", quantity: 3, warehouse: KHI }],
  });
  const customers = await munshi.rest<{ items: { id: string }[] }>("admin", "GET", "/customers?limit=1");
  const parcels = await munshi.rest<{ items: { order: string; number: number }[] }>("admin", "GET", `${base}/parcels?state=queued&limit=1`);
  const parcel = parcels.items[0]!;
  return { order: placed.id, draft: draft.id, customer: customers.items[0]!.id, parcel: `/floor/${KHI}/parcels/${parcel.order}/${parcel.number}` };
}

type Places = Awaited<ReturnType<typeof furnish>>;

export function pages(at: Places): Scene[] {
  const places: Record<string, string> = {
    home: "/", orders: "/orders", "orders-columns": "/orders?view=columns", "orders-nothing": "/orders?q=nothing-is-called-like-this",
    order: `/orders/${at.order}`, "order-draft": `/orders/${at.draft}`, "order-unknown": "/orders/00000000-0000-4000-8000-000000000000", "order-new": "/orders/new", "order-edit": `/orders/${at.order}/edit`, "order-draft-edit": `/orders/${at.draft}/edit`,
    approvals: "/approvals?whose=all", "approvals-mine": "/approvals", "not-found": "/nowhere",
    stock: `/stock?w=${KHI}`, "stock-nothing": `/stock?w=${KHI}&q=zzz`, "stock-item": `/stock/${KHI}/item/LOOK-1`, "stock-everywhere": "/stock/sku/LOOK-1", "stock-bins": `/stock/${KHI}/bins`,
    floor: `/floor?w=${KHI}`, "floor-parcels": `/floor?w=${KHI}&tab=parcels`, "floor-tasks": `/floor?w=${KHI}&tab=tasks`, "floor-people": `/floor?w=${KHI}&tab=people`,
    "floor-receipts": `/floor?w=${KHI}&tab=receipts`, "floor-counts": `/floor?w=${KHI}&tab=counts`, "floor-exceptions": `/floor?w=${KHI}&tab=exceptions`, "floor-decisions": `/floor?w=${KHI}&tab=decisions`,
    "floor-not-set-up": "/floor?w=LHE-1&tab=tasks", "floor-receipt": `/floor/${KHI}/receipts/PO-LOOK`, "floor-parcel": at.parcel,
    products: "/products", "products-nothing": "/products?q=zzzzzz", product: "/products/LOOK-1", "product-new": "/products/new",
    customers: "/customers", customer: `/customers/${at.customer}`, "customer-new": "/customers/new", imports: "/imports",
    messages: "/messages", "messages-customer": `/messages/customer/${at.customer}`, "messages-dead-letters": "/messages/dead-letters", "messages-connections": "/messages/connections", "messages-templates": "/messages/templates",
    settings: "/settings", "settings-users": "/settings/users", "settings-warehouses": "/settings/warehouses", "settings-site": `/settings/warehouses/${KHI}`, "settings-locations": `/settings/warehouses/${KHI}?part=locations`,
    "settings-rules": `/settings/warehouses/${KHI}?part=rules`, "settings-devices": `/settings/devices?w=${KHI}`, system: "/system",
  };
  return Object.entries(places).map(([name, path]) => ({ name, path }));
}

const press = (name: string) => async (page: Page) => page.getByRole("button", { name, exact: true }).first().click();
const entry = (menu: string, name: string) => async (page: Page) => {
  await page.getByRole("button", { name: menu }).first().click();
  await page.getByRole("menuitem", { name }).click();
};
const opens = (act: (page: Page) => Promise<void>) => async (page: Page) => {
  await act(page);
  await expect(dialog(page)).toBeVisible();
};

export function dialogs(at: Places): Scene[] {
  const scene = (name: string, path: string, act: (page: Page) => Promise<void>): Scene => ({ name: `dialog-${name}`, path, act: opens(act) });
  const placed = `/orders/${at.order}`;
  const item = `/stock/${KHI}/item/LOOK-1`;
  const floor = (tab: string) => `/floor?w=${KHI}&tab=${tab}`;
  const site = (part: string) => `/settings/warehouses/${KHI}?part=${part}`;
  return [
    scene("order-hold", placed, entry("More actions", "Put on hold")), scene("order-cancel", placed, entry("More actions", "Cancel")), scene("order-link", placed, entry("More actions", "Tracking link")),
    { name: "menu-order", path: placed, act: async (page) => page.getByRole("button", { name: "More actions" }).first().click() },
    scene("orders-save-view", "/orders?status=pending&payment=cod", press("Save this view")),
    { name: "orders-selected", path: "/orders", act: async (page) => { for (const n of [1, 2]) await page.getByRole("row").nth(n).getByRole("checkbox").click({ force: true }); } },
    scene("approve", "/approvals?whose=all", async (page) => page.keyboard.press("a")), scene("reject", "/approvals?whose=all", press("Reject…")),
    scene("stock-receive", item, press("Receive")), scene("stock-correct", item, press("Correct")), scene("stock-levels", item, press("Levels and limits")),
    scene("parcel-short", at.parcel, press("Report missing units")), scene("parcel-hold", at.parcel, press("Hold back")),
    scene("announce", floor("receipts"), press("Announce goods")), scene("priority", floor("tasks"), press("Priority")), scene("reassign", floor("tasks"), press("Reassign")), scene("count", floor("counts"), press("Have it counted")),
    scene("product-deactivate", "/products/LOOK-1", press("Deactivate")),
    scene("customer-terms", `/customers/${at.customer}`, press("Change terms")), scene("customer-block", `/customers/${at.customer}`, press("Block")),
    scene("user", "/settings/users", press("New user")), scene("warehouse", "/settings/warehouses", press("Open a warehouse")),
    scene("locations", site("locations"), press("Add locations")), scene("labels", site("locations"), press("Labels")), scene("rule", site("rules"), press("Add a rule")),
    scene("scanner", `/settings/devices?w=${KHI}`, press("Enrol a scanner")), scene("operator", `/settings/devices?w=${KHI}`, press("Add an operator")),
    scene("connection", "/messages/connections", press("New connection")),
    scene("palette", "/", async (page) => page.keyboard.press("Control+k")), scene("shortcuts", "/", async (page) => page.keyboard.press("?")),
  ];
}
