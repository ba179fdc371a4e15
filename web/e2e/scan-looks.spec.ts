// Every screen of the scanner page in both languages and themes, at the widths of handhelds, phones and tablets: nothing
// overflows, everything that is touched is large enough for a glove, and axe finds nothing serious. With `MUNSHI_SHOTS`
// naming a directory, pictures are left there.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { BADGE, choose, enrolled, expectGoods, gtin, newItem, PIN, placeOrder, putAway, receive, signOn, WAREHOUSE, wedge } from "./scanner";
import { Munshi } from "./server";

const WIDTHS = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
  { width: 800, height: 1100 },
];
/** Smallest side of what is touched, in CSS pixels. */
const TARGET = 48;

const GTIN = gtin(1);

let munshi: Munshi;

test.beforeAll(async () => {
  munshi = await Munshi.start({ front: true });
});
test.afterAll(async () => {
  await munshi.stop();
});

/** Looks at what is shown now in all its variants. */
async function look(page: Page, name: string): Promise<void> {
  const faults: string[] = [];
  for (const language of ["en", "ur"]) {
    for (const theme of ["light", "dark"]) {
      await tell(page, "munshi.language", language);
      await tell(page, "munshi.theme", theme);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      for (const size of WIDTHS) {
        await page.setViewportSize(size);
        const about = `${name} ${language} ${theme} ${size.width}`;
        faults.push(...(await page.evaluate(measure, TARGET)).map((fault) => `${about}: ${fault}`));
        if (process.env.MUNSHI_SHOTS) {
          await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/${about.replaceAll(" ", "-")}.png`, fullPage: true });
        }
      }
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact === "serious" || impact === "critical") faults.push(`${name} ${language} ${theme}: ${id} ${nodes[0]?.html}`);
      }
    }
  }
  await tell(page, "munshi.language", "en");
  await page.setViewportSize({ width: 800, height: 1100 });
  expect(faults).toEqual([]);
}

/** What is too wide or too small. */
function measure(target: number): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth}`);
  for (const element of document.querySelectorAll<HTMLElement>("button, input, a")) {
    const { width, height } = element.getBoundingClientRect();
    if (width > 0 && (height < target - 0.5 || width < target - 0.5)) faults.push(`${element.outerHTML.slice(0, 80)} is ${width} × ${height}`);
  }
  for (const element of document.querySelectorAll<HTMLElement>("#root *")) {
    if (getComputedStyle(element).textOverflow === "ellipsis") continue;
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) faults.push(`${element.tagName}.${element.className} is cut: ${element.textContent?.slice(0, 40)}`);
  }
  return faults;
}

/** Chooses as another window of the same browser would. */
async function tell(page: Page, key: string, newValue: string): Promise<void> {
  await page.evaluate(
    ([name, value]) => {
      localStorage.setItem(name, value);
      window.dispatchEvent(new StorageEvent("storage", { key: name, newValue: value }));
    },
    [key, newValue] as const,
  );
}

test("every screen fits, in both languages and themes", async ({ page }) => {
  test.setTimeout(300_000);
  await newItem(munshi, "KURTA-LOOK-MEDIUM-BLUE");
  await expectGoods(munshi, "KURTA-LOOK-MEDIUM-BLUE", GTIN, "PO-LOOK", 20);
  await page.goto(`${munshi.url}/scan`);
  await look(page, "1-enrol");
  await enrolled(page, munshi, "gun-look-1");
  await look(page, "2-sign-on");
  await page.getByLabel("Badge").fill(BADGE);
  await page.getByLabel("PIN").fill("9999");
  await page.getByRole("button", { name: "Sign on" }).click();
  await expect(page.getByRole("alert")).toContainText("The PIN is wrong");
  await look(page, "3-wrong-pin");
  await signOn(page, BADGE, PIN);
  await look(page, "4-home");
  const plate = await receive(page, "PO-LOOK", GTIN, 20);
  await choose(page, "Put away");
  await wedge(page, plate);
  await expect(page.locator(".fact-large")).toBeVisible();
  await look(page, "5-put-away");
  await page.getByRole("button", { name: "Do it all the same" }).click();
  await look(page, "6-reason");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await putAway(page, munshi, plate, "A-01");
  await placeOrder(munshi, "KURTA-LOOK-MEDIUM-BLUE", 3);
  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await expect(page.locator(".fact-large")).toContainText("A-01");
  await look(page, "7-pick");
  await wedge(page, "A-02");
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "8-wrong-place");
  await page.getByRole("button", { name: "Leave" }).click();
  await choose(page, "Look up");
  await wedge(page, GTIN);
  await expect(page.locator(".found")).toContainText("A-01");
  await look(page, "9-found");
  await page.getByRole("button", { name: "Settings" }).click();
  await look(page, "10-settings");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await choose(page, "Put away");
  const mend = munshi.cut();
  await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
  await wedge(page, `00${plate}`);
  await wedge(page, "C-07");
  await wedge(page, `00${plate}`);
  await look(page, "11-offline");
  await page.getByRole("button", { name: /^Records/ }).click();
  await look(page, "12-records");
  mend();
});

test("what a device is told fits, in both languages and themes", async ({ page }) => {
  test.setTimeout(180_000);
  await enrolled(page, munshi, "gun-look-2");
  await signOn(page, BADGE, PIN);
  const say = (text: string) => munshi.rest("warehouse", "POST", `/warehouses/${WAREHOUSE}/devices/gun-look-2/message`, { text });
  await say("Please bring the two pallets of KURTA-LOOK-MEDIUM-BLUE from the mezzanine to dock 2 before the truck of 16:30 leaves");
  await say("second");
  await expect(page.getByTestId("inbox")).toContainText("1 more");
  await look(page, "13-told");
  await choose(page, "Put away");
  await look(page, "14-told-at-work");
});
