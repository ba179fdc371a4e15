// Pages of selling: at phone, tablet and desktop width, in both languages and themes, nothing scrolls sideways and axe
// finds nothing serious. Dialogs too.
import { expect, test } from "@playwright/test";
import { faultsOf, order, product, signedIn } from "./pages";
import { Munshi } from "./server";

let munshi: Munshi;
let id = "";

test.beforeAll(async () => {
  munshi = await Munshi.start();
  await product(munshi, "LOOK-2", 20);
  ({ id } = await order(munshi, "LOOK-2", 2));
});
test.afterAll(() => munshi.stop());

const PAGES: Record<string, () => string> = {
  home: () => "/",
  orders: () => "/orders",
  "orders-columns": () => "/orders?view=columns",
  "orders-none": () => "/orders?q=nothing-is-called-like-this",
  order: () => `/orders/${id}`,
  "order-unknown": () => "/orders/00000000-0000-4000-8000-000000000000",
  "new-order": () => "/orders/new",
  "edit-order": () => `/orders/${id}/edit`,
  approvals: () => "/approvals?whose=all",
  "not-found": () => "/nowhere",
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name} fits and is accessible`, async ({ browser }) => {
    const page = await signedIn(browser, munshi, "admin", path());
    await expect(page.getByText("Loading…")).toHaveCount(0);
    expect(await faultsOf(page, name)).toEqual([]);
    await page.context().close();
  });
}
