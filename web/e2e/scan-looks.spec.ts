// Every screen of the scanner page in both languages and themes, at the widths of handhelds, phones, tablets and desks:
// nothing overflows, everything that is touched is large enough for a glove, and axe finds nothing serious. With `MUNSHI_SHOTS`
// naming a directory, pictures are left there.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { BADGE, choose, enrolled, expectGoods, gtin, leave, newItem, PIN, placeOrder, putAway, quantity, receive, signOn, step, WAREHOUSE, wedge } from "./scanner";
import { faultsIn } from "./looks/faults";
import { Munshi } from "./server";

const WIDTHS = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
  { width: 800, height: 1100 },
  { width: 1440, height: 900 },
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
        if (language === "ur") faults.push(...(await page.evaluate(faultsIn, language)).filter((fault) => fault.startsWith("Latin")).map((fault) => `${about}: ${fault}`));
        if (process.env.MUNSHI_SHOTS && size.width !== 320) {
          await page.screenshot({ path: `${process.env.MUNSHI_SHOTS}/scan-${name}.${language}-${theme}.${size.width}.png`, fullPage: true, animations: "disabled" });
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

test("every screen of the work fits, in both languages and themes", async ({ page }) => {
  test.setTimeout(900_000);
  await newItem(munshi, "KURTA-LOOK-MEDIUM-BLUE");
  await expectGoods(munshi, "KURTA-LOOK-MEDIUM-BLUE", GTIN, "PO-LOOK", 20);
  await page.goto(`${munshi.url}/scan`);
  await look(page, "01-enrol");
  await page.getByLabel("Code of the invitation").fill("nonsense");
  await page.getByRole("button", { name: "Enrol" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "02-enrol-refused");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Enrol" }).click();
  await expect(page.getByText("No answer from the server. Enrolling needs a connection.")).toBeVisible();
  await look(page, "02-enrol-offline");
  await page.context().setOffline(false);
  await enrolled(page, munshi, "gun-look-1");
  await look(page, "03-sign-on");
  await page.getByLabel("Badge").fill(BADGE);
  await page.getByLabel("PIN").fill("9999");
  await page.getByRole("button", { name: "Sign on" }).click();
  await expect(page.getByRole("alert")).toContainText("The PIN is wrong");
  await look(page, "04-wrong-pin");
  await signOn(page, BADGE, PIN);
  await look(page, "05-home");
  const plate = await receive(page, "PO-LOOK", GTIN, 20);
  await choose(page, "Put away");
  await wedge(page, plate);
  await expect(page.locator(".fact-large")).toBeVisible();
  await look(page, "06-put-away");
  await page.getByRole("button", { name: "Do it all the same" }).click();
  await look(page, "07-reason");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await putAway(page, munshi, plate, "A-01");
  await placeOrder(munshi, "KURTA-LOOK-MEDIUM-BLUE", 3);
  await choose(page, "Pick");
  await page.getByRole("button", { name: "Get work" }).click();
  await expect(page.locator(".fact-large")).toContainText("A-01");
  await look(page, "08-pick");
  await wedge(page, "A-02");
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "09-wrong-place");
  await page.getByRole("button", { name: "Leave" }).click();
  await choose(page, "Look up");
  await wedge(page, GTIN);
  await expect(page.locator(".found")).toContainText("A-01");
  await look(page, "10-found");
  for (const [code, name] of [["A-01", "10-found-location"], [`00${plate}`, "10-found-plate"], ["PO-LOOK", "10-found-document"]] as const) {
    await wedge(page, code);
    await expect(page.locator(".found .fact-large")).toContainText(code.replace(/^00/, ""));
    await look(page, name);
  }
  await page.getByRole("button", { name: "Settings" }).click();
  await look(page, "11-settings");
  await page.getByRole("button", { name: "Enrol as another device" }).click();
  await look(page, "12-forget");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await choose(page, "Put away");
  const mend = munshi.cut();
  await expect(page.getByText("Offline: scan a plate, then its location.")).toBeVisible();
  await wedge(page, `00${plate}`);
  await wedge(page, "C-07");
  await wedge(page, `00${plate}`);
  await wedge(page, "NOWHERE-1");
  await wedge(page, `00${plate}`);
  await look(page, "13-offline");
  await page.getByRole("button", { name: /^Records/ }).click();
  await look(page, "14-records");
  mend();
  await expect(page.getByText("Everything was sent and answered.")).toBeVisible({ timeout: 45_000 });
  await expect(page.getByTestId("answered")).toContainText("There is no such location");
  await look(page, "15-answered");
  await page.getByRole("button", { name: "Back" }).click();
  const second = await page.context().newPage();
  await second.goto(`${munshi.url}/scan`);
  await expect(page.getByText("opened somewhere else")).toBeVisible();
  await look(page, "16-replaced");
  await second.close();
});

test("what a device is told fits, in both languages and themes", async ({ page }) => {
  test.setTimeout(180_000);
  await enrolled(page, munshi, "gun-look-3");
  await signOn(page, BADGE, PIN);
  const say = (text: string) => munshi.rest("warehouse", "POST", `/warehouses/${WAREHOUSE}/devices/gun-look-3/message`, { text });
  await say("Please bring the two pallets of KURTA-LOOK-MEDIUM-BLUE from the mezzanine to dock 2 before the truck of 16:30 leaves");
  await say("second");
  await expect(page.getByTestId("inbox")).toContainText("1 more");
  await look(page, "50-told");
  await choose(page, "Put away");
  await look(page, "51-told-at-work");
});

test("every job fits from its beginning, and so does a device that is taken out of use", async ({ page }) => {
  test.setTimeout(900_000);
  // A camera as far as a page can see one.
  await page.addInitScript(() => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d");
    Object.assign(globalThis, { BarcodeDetector: class { static async getSupportedFormats() { return ["qr_code"]; } async detect() { return []; } } });
    Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => canvas.captureStream() } });
  });
  await newItem(munshi, "KURTA-LOOK-LARGE-GREEN");
  await expectGoods(munshi, "KURTA-LOOK-LARGE-GREEN", gtin(2), "PO-LOOK-2", 20);
  await enrolled(page, munshi, "gun-look-2");
  await signOn(page, BADGE, PIN);
  await choose(page, "Receive");
  await look(page, "20-receive");
  await page.getByRole("button", { name: "Camera" }).click();
  await expect(page.locator("video")).toBeVisible();
  await look(page, "21-camera");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Type a code" }).click();
  await look(page, "22-typed");
  await wedge(page, "PO-LOOK-2");
  await step(page, "Scan the plate, or make one");
  await page.getByRole("button", { name: "Make a plate" }).click();
  await look(page, "23-make-plate");
  await page.getByLabel("Where does it stand?").fill("STAGE");
  await page.getByRole("button", { name: "OK" }).click();
  await step(page, "Scan the item");
  await wedge(page, gtin(2));
  await step(page, "How many?");
  await look(page, "24-how-many");
  await quantity(page, 12);
  await step(page, "In which condition?");
  await look(page, "25-condition");
  await page.getByRole("button", { name: "Good" }).click();
  await step(page, "Recorded. What next?");
  await look(page, "26-what-next");
  await leave(page);
  for (const [n, job] of ["Pick a batch", "Pack", "Load and ship", "Count", "Returns", "Move", "Fill pick faces"].entries()) {
    // The server's screen of a batch is that of picking.
    await page.getByRole("button", { name: job, exact: true }).click();
    await expect(page.getByRole("heading", { name: job === "Pick a batch" ? "Pick" : job, exact: true, level: 1 })).toBeVisible();
    await look(page, `${30 + n}-${job.toLowerCase().replaceAll(" ", "-")}`);
    await leave(page);
  }
  await munshi.rest("admin", "POST", "/warehouses/KHI-SITE/devices/gun-look-2/revoke", {});
  await expect(page.getByRole("alert")).toContainText("took this device out of use");
  await look(page, "40-revoked");
});
