// What there is to look at: each a place in the console and, where it is not there at once, what a person does to see it.
// scenes.test.ts holds the list against the pages and the dialogs that the console has.
import type { Page } from "@playwright/test";
import type { Places } from "./shop";

const KHI = "KHI-SITE";

export interface Scene {
  name: string;
  path: string;
  act?: (page: Page) => Promise<void>;
  /** What opens it again at another width, where rows are drawn otherwise. */
  anew?: (page: Page) => Promise<void>;
  /** Dialogs of the code that it shows, as `File.Component`. */
  of?: string;
  /** Who sees it, if it is not the administrator. */
  as?: "sales";
}

export function pages(at: Places): Scene[] {
  const places: Record<string, string> = {
    home: "/", orders: "/orders", "orders-columns": "/orders?view=columns", "orders-filtered": "/orders?status=pending&tag=eid", "orders-nothing": "/orders?q=nothing-is-called-like-this",
    order: `/orders/${at.pending}`, "order-held": `/orders/${at.held}`, "order-shipped": `/orders/${at.shipped}`, "order-talked": `/orders/${at.talked}`, "order-draft": `/orders/${at.draft}`,
    "order-unknown": "/orders/00000000-0000-4000-8000-000000000000", "order-new": "/orders/new", "order-edit": `/orders/${at.pending}/edit`, "order-draft-edit": `/orders/${at.draft}/edit`,
    approvals: "/approvals?whose=all", "approvals-mine": "/approvals", "not-found": "/nowhere",
    stock: `/stock?w=${KHI}`, "stock-nothing": `/stock?w=${KHI}&q=zzz`, "stock-item": `/stock/${KHI}/item/LOOK-1`, "stock-item-unknown": `/stock/${KHI}/item/LOOK-FAMILY`, "stock-everywhere": "/stock/sku/LOOK-1", "stock-bins": `/stock/${KHI}/bins`,
    floor: `/floor?w=${KHI}`, "floor-parcels": `/floor?w=${KHI}&tab=parcels`, "floor-tasks": `/floor?w=${KHI}&tab=tasks`, "floor-people": `/floor?w=${KHI}&tab=people`,
    "floor-receipts": `/floor?w=${KHI}&tab=receipts`, "floor-counts": `/floor?w=${KHI}&tab=counts`, "floor-exceptions": `/floor?w=${KHI}&tab=exceptions`, "floor-decisions": `/floor?w=${KHI}&tab=decisions`,
    "floor-not-set-up": "/floor?w=LHE-1&tab=tasks", "floor-receipt": `/floor/${KHI}/receipts/PO-LOOK`, "floor-receipt-plates": `/floor/${KHI}/receipts/ASN-LOOK`,
    "floor-parcel": at.queued, "floor-parcel-packed": at.packed, "floor-parcel-held": at.stopped, "floor-parcel-gone": `/floor/${KHI}/parcels/00000000-0000-4000-8000-000000000000/1`,
    products: "/products", "products-nothing": "/products?q=zzzzzz", product: "/products/LOOK-1", "product-long": "/products/LOOK-FAMILY", "product-new": "/products/new",
    customers: "/customers", "customers-nothing": "/customers?q=zzzzzz", customer: `/customers/${at.customer}`, "customer-blocked": `/customers/${at.blocked}`, "customer-talked": `/customers/${at.buyer}`, "customer-new": "/customers/new", imports: "/imports",
    messages: "/messages", "messages-thread": `/messages/${at.thread}`, "messages-customer": `/messages/customer/${at.customer}`, "messages-dead-letters": "/messages/dead-letters", "messages-connections": "/messages/connections", "messages-templates": "/messages/templates",
    settings: "/settings", "settings-users": "/settings/users", "settings-warehouses": "/settings/warehouses", "settings-site": `/settings/warehouses/${KHI}`, "settings-locations": `/settings/warehouses/${KHI}?part=locations`,
    "settings-rules": `/settings/warehouses/${KHI}?part=rules`, "settings-devices": `/settings/devices?w=${KHI}`, "settings-devices-none": "/settings/devices?w=LHE-1", system: "/system",
  };
  return Object.entries(places).map(([name, path]) => ({ name, path }));
}

type Act = (page: Page) => Promise<void>;

const press = (name: string): Act => (page) => page.getByRole("button", { name, exact: true }).first().click();
const entry = (menu: string | RegExp, name: string): Act => async (page) => {
  await page.getByRole("button", { name: menu }).first().click();
  await page.getByRole("menuitem", { name, exact: true }).click();
};
const keys = (...all: string[]): Act => async (page) => {
  for (const one of all) await page.keyboard.press(one);
};
const then = (...acts: Act[]): Act => async (page) => {
  for (const act of acts) await act(page);
};
const inside = (name: string): Act => (page) => page.locator('[role="dialog"], [role="alertdialog"]').getByRole("button", { name, exact: true }).click();
const type = (label: string, text: string): Act => (page) => page.locator('[role="dialog"], [role="alertdialog"]').getByLabel(label).fill(text);
const select = (...rows: number[]): Act => async (page) => {
  for (const n of rows) await page.getByRole("row").nth(n).getByRole("checkbox").click({ force: true });
};
const toolbar = (name: string | RegExp): Act => (page) => page.getByRole("toolbar").getByRole("button", { name }).click();

/** What is opened over a page: every dialog the code has, and menus and lists. */
export function opened(at: Places): Scene[] {
  const scene = (name: string, of: string, path: string, act: Act): Scene => ({ name: `dialog-${name}`, path, act, of });
  const order = `/orders/${at.pending}`;
  const item = `/stock/${KHI}/item/LOOK-1`;
  const floor = (tab: string) => `/floor?w=${KHI}&tab=${tab}`;
  const site = (part: string) => `/settings/warehouses/${KHI}?part=${part}`;
  const devices = `/settings/devices?w=${KHI}`;
  const customer = `/customers/${at.customer}`;
  const thread = `/messages/${at.thread}`;
  const more = /^More actions/;
  const someone = /^Actions for Usman|^Actions for (?!Amina)/;
  return [
    scene("order-hold", "OrderActions.HoldDialog", order, entry(more, "Hold")),
    scene("order-withdraw", "OrderActions.WithdrawDialog", order, entry(more, "Back to draft…")),
    scene("order-cancel", "CancelDialog.CancelDialog", order, entry(more, "Cancel…")),
    scene("order-cancel-units", "CancelDialog.CancelDialog", order, then(entry(more, "Cancel…"), (page) => page.getByText("Some units", { exact: true }).click())),
    scene("order-link", "TrackingDialog.TrackingDialog", order, entry(more, "Tracking link")),
    scene("order-link-made", "TrackingDialog.TrackingDialog", order, then(entry(more, "Tracking link"), inside("Make link"))),
    scene("order-move", "LinesCard.MoveDialog", order, press("Move to another warehouse…")),
    scene("order-release-hold", "HoldsCard.EndHold", `/orders/${at.held}`, press("Release hold")),
    scene("order-scan", "ParcelsCard.ScanDialog", `/orders/${at.shipped}`, press("Carrier scan…")),
    { name: "order-as-it-was", path: `/orders/${at.shipped}`, act: press("As it was") },
    { name: "order-new-search", path: "/orders/new", act: then((page) => page.getByPlaceholder(/Customer's name, phone or e-mail/).fill("khan"), (page) => page.getByRole("option", { name: /Khan/ }).first().waitFor()) },
    { name: "orders-filters", path: "/orders?status=pending", act: (page) => page.getByRole("button", { name: /^Filters/ }).click() },
    { name: "settings-changed", path: "/settings", act: (page) => page.getByLabel("Time zone").fill("Mars/Olympus") },
    { name: "menu-order", path: order, act: (page) => page.getByRole("button", { name: more }).first().click() },
    scene("orders-save-view", "SavedViews.Naming", "/orders?status=pending&tag=eid", press("Save this view")),
    { name: "orders-selected", path: "/orders", act: select(1, 2) },
    scene("orders-bulk-confirm", "BulkBar.BulkDialog", "/orders?status=pending", then(select(1, 2), toolbar(/^Confirm/))),
    scene("orders-bulk-hold", "BulkBar.BulkDialog", "/orders?status=pending", then(select(1, 2), toolbar(/^Hold/))),
    { ...scene("approve", "DecideDialog.DecideDialog", "/approvals", (page) => page.getByRole("button", { name: /^Approve/ }).first().click()), as: "sales" },
    { ...scene("reject", "DecideDialog.DecideDialog", "/approvals", (page) => page.getByRole("button", { name: /^Reject/ }).first().click()), as: "sales" },
    { name: "approvals-to-decide", path: "/approvals", act: (page) => page.getByRole("button", { name: /^Approve/ }).first().waitFor(), as: "sales" },
    { name: "approvals-selected", path: "/approvals", act: async (page) => { for (const n of [0, 1]) await page.getByRole("checkbox").nth(n).click({ force: true }); }, as: "sales" },
    scene("stock-receive", "StockActions.Receive", item, press("Receive")),
    scene("stock-correct", "StockActions.Adjust", item, press("Correct")),
    scene("stock-count", "StockActions.Count", item, press("Count")),
    scene("stock-levels", "StockActions.Policy", item, press("Levels and limits")),
    scene("parcel-confirm", "ParcelActions.Confirm", at.picking, press("Confirm picked units")),
    scene("parcel-short", "ParcelActions.Short", at.picking, press("Report missing units")),
    scene("parcel-pack", "ParcelActions.Pack", at.picked, press("Pack")),
    scene("parcel-book", "ParcelActions.Book", at.packed, press("Book a carrier")),
    scene("parcel-hand-over", "ParcelActions.HandOver", at.packed, press("Hand over")),
    scene("parcel-hold", "ParcelActions.Hold", at.queued, press("Hold back")),
    scene("parcel-return", "ReturnDialog.ReturnDialog", at.left, press("Receive what came back")),
    { name: "menu-print", path: at.queued, act: press("Print") },
    scene("announce", "AnnounceDialog.AnnounceDialog", floor("receipts"), press("Announce goods")),
    scene("announce-plates", "AnnounceDialog.AnnounceDialog", floor("receipts"), then(press("Announce goods"), (page) => page.getByRole("dialog").getByText("Announced plates", { exact: true }).click())),
    scene("announced-change", "AnnounceDialog.AnnounceDialog", `/floor/${KHI}/receipts/PO-LOOK`, press("Change what is expected")),
    scene("priority", "TasksTab.PriorityDialog", floor("tasks"), press("Priority")),
    scene("reassign", "TasksTab.ReassignDialog", floor("tasks"), press("Reassign")),
    scene("count", "CountsTab.OpenDialog", floor("counts"), press("Have it counted")),
    scene("resolve", "ExceptionsTab.ResolveDialog", floor("exceptions"), press("Resolve")),
    scene("verdict", "DecisionsTab.VerdictDialog", floor("decisions"), press("Approve")),
    scene("product-deactivate", "ProductPage.Actions", "/products/LOOK-1", press("Deactivate")),
    { name: "product-edit", path: "/products/LOOK-1", act: press("Edit") },
    scene("customer-terms", "CreditCard.Terms", customer, press("Change terms")),
    scene("customer-drop-terms", "CreditCard.Drop", customer, press("Take terms away")),
    scene("customer-payment", "CreditCard.Settle", customer, press("Record a payment")),
    scene("customer-block", "CustomerPage.BlockDialog", customer, press("Block")),
    { name: "customer-edit", path: customer, act: press("Edit") },
    scene("import-stop", "ImportsPage.StopDialog", "/imports", press("Stop")),
    scene("user", "UserDialogs.Create", "/settings/users", press("New user")),
    scene("user-edit", "UserDialogs.Edit", "/settings/users", entry(someone, "Name and roles")),
    scene("user-password", "UserDialogs.Password", "/settings/users", entry(someone, "Set another password")),
    scene("user-revoke", "UserDialogs.Confirm", "/settings/users", entry(someone, "Sign out everywhere")),
    scene("user-disable", "UserDialogs.Confirm", "/settings/users", entry(someone, "Bar from signing in")),
    { name: "menu-user", path: "/settings/users", act: async () => undefined, anew: then(keys("Escape"), (page) => page.getByRole("button", { name: someone }).first().click()) },
    scene("warehouse", "WarehousesPage.OpenDialog", "/settings/warehouses", press("Open a warehouse")),
    scene("locations", "LocationDialogs.AddLocations", site("locations"), press("Add locations")),
    scene("location", "LocationDialogs.EditLocation", site("locations"), press("A-01")),
    scene("labels", "Locations.Labels", site("locations"), press("Labels")),
    scene("rule", "ItemRules.RuleDialog", site("rules"), press("Add a rule")),
    scene("rule-change", "ItemRules.RuleDialog", site("rules"), press("LOOK-1")),
    scene("scanner", "InviteDialog.Ask", devices, press("Enrol a scanner")),
    scene("scanner-code", "InviteDialog.Shown", devices, then(press("Enrol a scanner"), type("What people call it", "Look 3"), inside("Enrol a scanner"))),
    scene("scanner-revoke", "DevicesCard.RevokeDialog", devices, entry("Actions for Front desk 2", "Revoke")),
    scene("operator", "OperatorsCard.OperatorDialog", devices, press("Add an operator")),
    scene("assign", "ThreadActions.AssignDialog", thread, press("Assign")),
    scene("call", "CallDialog.CallDialog", thread, press("Record a call")),
    scene("wishes", "WishesDialog.WishesDialog", thread, press("Language and wishes")),
    scene("dead-letter", "DeadDialogs.DeadDrawer", "/messages/dead-letters", (page) => page.getByRole("button", { name: /21606/ }).first().click()),
    scene("dead-letter-again", "DeadDialogs.ReplayDialog", "/messages/dead-letters", then((page) => page.getByRole("button", { name: /21606/ }).first().click(), inside("Send again"))),
    scene("dead-letter-discard", "DeadDialogs.DiscardDialog", "/messages/dead-letters", then((page) => page.getByRole("button", { name: /21606/ }).first().click(), inside("Discard"))),
    scene("dead-letters-all", "DeadDialogs.ReplayAllDialog", "/messages/dead-letters?connection=practice", press("Send all of these again")),
    scene("connection", "ConnectionForm.ConnectionForm", "/messages/connections", press("New connection")),
    scene("connection-change", "ConnectionForm.ConnectionForm", "/messages/connections", press("Change")),
    scene("connection-pause", "ConnectionsPage.PauseDialog", "/messages/connections", press("Pause")),
    scene("tell-again", "TellAgainDialog.TellAgainDialog", "/messages/connections", press("Tell again")),
    scene("test-message", "TestDialog.TestDialog", "/messages/templates", press("Test")),
    scene("palette", "Palette.Palette", "/", keys("Control+k")),
    { ...scene("inbox", "Bell.Bell", "/", (page) => page.getByRole("button", { name: /notices? for you$|^Nothing new for you$/ }).first().click()), as: "sales" },
    scene("palette-found", "Palette.Palette", "/", then(keys("Control+k"), (page) => page.keyboard.type("Fabrics"), (page) => page.getByRole("menuitem", { name: /Brothers/ }).first().waitFor())),
    scene("shortcuts", "ShortcutHelp.ShortcutHelp", "/orders", keys("?")),
    scene("menu", "Shell.Shell", "/", then((page) => page.setViewportSize({ width: 360, height: 780 }), press("Menu"))),
    { name: "menu-account", path: "/", act: async () => undefined, anew: then(keys("Escape"), (page) => page.getByRole("button", { name: /^Account/ }).first().click()) },
    { name: "menu-list", path: `/stock?w=${KHI}`, act: (page) => page.getByRole("button", { name: "Which rows" }).click() },
  ];
}

/** Dialogs that no button opens, and the test of looks.spec.ts that shows them. */
export const ELSEWHERE = { "SessionEnded.SessionEnded": "an ended session and changed roles" };
