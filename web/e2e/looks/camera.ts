// Takes what a page shows at phone, tablet and desktop width, in both languages and themes, and puts the pictures of one
// width on sheets that can be looked at. Beside the pictures it notes what a machine can see: what is cut off, what
// scrolls sideways, Latin words in Urdu, buttons that lie over each other, what axe finds serious.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, expect, type Page } from "@playwright/test";
import { seriousIn } from "../pages";
import { faultsIn } from "./faults";

export const DIR = process.env.MUNSHI_SHOTS ?? "";
/** Phone, tablet, desktop; or those of them that `MUNSHI_WIDTHS` names. */
export const WIDTHS = ([{ width: 360, height: 780 }, { width: 800, height: 1000 }, { width: 1440, height: 900 }] as const)
  .filter(({ width }) => !process.env.MUNSHI_WIDTHS || process.env.MUNSHI_WIDTHS.split(" ").includes(String(width)));
/** All, or those that `MUNSHI_LOOKS` names, such as `en-light ur-dark`. */
const LOOKS = ([["en", "light"], ["ur", "dark"], ["ur", "light"], ["en", "dark"]] as const).filter((look) => !process.env.MUNSHI_LOOKS || process.env.MUNSHI_LOOKS.split(" ").includes(look.join("-")));
/** Where axe looks: wide and narrow, light and dark; with `MUNSHI_AXE=no` nowhere, for who only wants the pictures. */
const AXE = process.env.MUNSHI_AXE === "no" ? [] : ["1440 en-light", "360 ur-dark"];
/** Higher pictures are cut on their sheet, in pixels of the page. */
const HIGHEST = 2_200;

/** How a page is told of another language or theme: as if it was chosen in another tab, or by what it offers itself. */
export type Tell = (page: Page, language: string, theme: string) => Promise<void>;

export const asOtherTab: Tell = async (page, language, theme) => {
  await page.evaluate(
    (wanted) => {
      for (const [key, newValue] of Object.entries(wanted)) {
        localStorage.setItem(key, newValue);
        window.dispatchEvent(new StorageEvent("storage", { key, newValue }));
      }
    },
    { "munshi.language": language, "munshi.theme": theme },
  );
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
};

const NOTED = "faults.txt";

/** Notes what is wrong. It fails at the end (sheets.spec.ts): a test that fails would begin with another server. */
export function note(line: string): void {
  mkdirSync(DIR, { recursive: true });
  appendFileSync(join(DIR, NOTED), `${line.replace(/\s+/g, " ")}\n`);
}

/** What was noted and is a fault, not to be judged by people. */
export const faultsNoted = (): string[] =>
  existsSync(join(DIR, NOTED)) ? readFileSync(join(DIR, NOTED), "utf8").split("\n").filter((line) => line !== "" && !line.includes(": note: ")) : [];

async function judge(page: Page, about: string, width: number, language: string, theme: string): Promise<void> {
  // What fits does not depend on colours.
  const found = LOOKS.findIndex(([of]) => of === language) === LOOKS.findIndex((look) => look.join() === `${language},${theme}`) ? await page.evaluate(faultsIn, language) : [];
  if (AXE.includes(`${width} ${language}-${theme}`)) found.push(...(await seriousIn(page)));
  for (const fault of found) note(`${about}: ${fault}`);
}

interface How {
  tell?: Tell;
  /** Whether all of a page is shown, or only what fits the window. */
  full?: boolean;
  /** Opens again what does not outlive another width. */
  anew?: ((page: Page) => Promise<void>) | undefined;
}

/** Pictures of what is shown now, in all its variants. */
export async function shoot(page: Page, name: string, { tell = asOtherTab, full = true, anew }: How = {}): Promise<void> {
  mkdirSync(DIR, { recursive: true });
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    if (anew) {
      await tell(page, "en", "light");
      await anew(page);
    }
    for (const [language, theme] of LOOKS) {
      await tell(page, language, theme);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      // What comes in has come: a dialog is invisible in its first moment, and for as long as the keyboard of a screen
      // might open, which its library hides by a clip.
      await expect(page.locator('[data-entering], [style*="mask-image"]')).toHaveCount(0);
      await page.evaluate(async () => {
        await document.fonts.ready;
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        await Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined)));
      });
      await judge(page, `${name} ${size.width} ${language} ${theme}`, size.width, language, theme);
      if (full) {
        await page.setViewportSize(size);
        await stretch(page, size);
      }
      await page.screenshot({ path: join(DIR, `${name}.${language}-${theme}.${size.width}.png`), fullPage: full, animations: "disabled", caret: "hide" });
    }
  }
  await tell(page, "en", "light");
}

/** The console scrolls within its frame: the window is made as high as what is in it, so that all of it is seen. */
async function stretch(page: Page, size: { width: number; height: number }): Promise<void> {
  const over = await page.evaluate(() => {
    const main = document.querySelector("main");
    return main ? main.scrollHeight - main.clientHeight : 0;
  });
  if (over > 0) await page.setViewportSize({ width: size.width, height: Math.min(size.height + over, HIGHEST) });
}

/** Columns of a sheet and the width of a picture on it. */
const SHEETS = { 360: { across: 4, each: 360 }, 800: { across: 4, each: 376 }, 1440: { across: 2, each: 760 } } as const;
/** A sheet ends after the picture with which it grows above this. */
const SHEET_HEIGHT = 1_500;

/** Puts all pictures of the directory on sheets: a row a scene, the four variants beside each other. */
export async function sheets(browser: Browser): Promise<void> {
  const all = readdirSync(DIR).filter((file) => /\.\w\w-\w+\.\d+\.png$/.test(file));
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  for (const { width } of WIDTHS) {
    const { across, each } = SHEETS[width];
    const scenes = [...new Set(all.filter((file) => file.endsWith(`.${width}.png`)).map((file) => file.split(".")[0]!))].sort();
    await page.setViewportSize({ width: across * (each + 8) + 8, height: 600 });
    let [sheet, rest] = [1, scenes];
    while (rest.length > 0) {
      const file = join(DIR, "sheet.html");
      writeFileSync(file, markup(rest.slice(0, 12), width, across, each));
      await page.goto(pathToFileURL(file).href);
      await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
      const bottoms = await page.evaluate(() => [...document.querySelectorAll("section")].map((section) => section.getBoundingClientRect().bottom));
      const fit = Math.max(1, bottoms.filter((bottom) => bottom <= SHEET_HEIGHT).length);
      const path = join(DIR, `sheet-${width}-${String(sheet).padStart(2, "0")}.png`);
      await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: across * (each + 8) + 8, height: Math.ceil(bottoms[fit - 1]!) } });
      appendFileSync(join(DIR, "sheets.txt"), `${path}: ${rest.slice(0, fit).join(", ")}\n`);
      rest = rest.slice(fit);
      sheet += 1;
    }
  }
  await page.close();
}

function markup(scenes: string[], width: number, across: number, each: number): string {
  const picture = (scene: string, [language, theme]: readonly [string, string]) => {
    const file = `${scene}.${language}-${theme}.${width}.png`;
    return existsSync(join(DIR, file)) ? `<img src="${file}">` : "";
  };
  const row = (scene: string) => `<section><h2>${scene}</h2>${LOOKS.map((look) => picture(scene, look)).join("")}</section>`;
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 0 4px; background: #888; font: 12px sans-serif }
    section { display: grid; grid-template-columns: repeat(${across}, ${each}px); gap: 4px 8px; padding: 2px 4px }
    h2 { grid-column: 1 / -1; margin: 0; font-size: 12px; color: #fff }
    img { width: ${each}px; max-height: ${Math.round((HIGHEST * each) / width)}px; object-fit: cover; object-position: top }
  </style>${scenes.map(row).join("")}`;
}
