// Every page and every dialog of the console is among the scenes that are looked at.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { opened, pages, ELSEWHERE } from "./scenes";
import type { Places } from "./shop";

const ID = "id-of-something";
const PARCEL = `/floor/KHI-SITE/parcels/${ID}/1`;
const at = new Proxy({} as Places, { get: (_, name) => (["queued", "picking", "picked", "packed", "left", "stopped"].includes(String(name)) ? PARCEL : ID) });

const sources = import.meta.glob<string>("../../src/**/*.tsx", { query: "?raw", import: "default", eager: true });

/** Components that open a dialog, as `File.Component`. */
function dialogs(): string[] {
  const found = new Set<string>();
  for (const [path, text] of Object.entries(sources)) {
    if (path.includes("/src/ui/")) continue;
    const file = path.split("/").at(-1)!.replace(".tsx", "");
    for (const { index } of text.matchAll(/<(FormDialog|Dialog|ModalOverlay|Modal)\b/g)) {
      const before = [...text.slice(0, index).matchAll(/^(?:export )?(?:default )?function (\w+)/gm)];
      found.add(`${file}.${before.at(-1)?.[1] ?? "?"}`);
    }
  }
  return [...found].sort();
}

function routes(): string[] {
  return Object.entries(import.meta.glob<string>("../../src/pages/*/routes.ts", { query: "?raw", import: "default", eager: true }))
    .flatMap(([, text]) => [...text.matchAll(/path: "([^"]+)"/g)].map((match) => match[1]!));
}

describe("scenes", () => {
  it("show every page of the router", () => {
    const shown = pages(at).map(({ path }) => path.split("?")[0]!);
    const missing = routes().filter((route) => {
      const like = new RegExp(`^${route.replaceAll(/\$\w+/g, "[^/]+")}$`);
      // `/orders/new` is no order.
      return !shown.some((path) => path === route || (route.includes("$") && like.test(path) && !routes().includes(path)));
    });
    expect(routes().length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  it("open every dialog of the code, and none that is gone", () => {
    const shown = new Set([...opened(at).flatMap(({ of }) => of ?? []), ...Object.keys(ELSEWHERE)]);
    expect([...shown].sort()).toEqual(dialogs());
  });

  it("have names of their own", () => {
    const names = [...pages(at), ...opened(at)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /[./]/.test(name))).toEqual([]);
  });

  it("that no button opens are in the spec by themselves", () => {
    const spec = readFileSync(new URL("../looks.spec.ts", import.meta.url), "utf8");
    for (const name of Object.values(ELSEWHERE)) expect(spec).toContain(`test("${name}"`);
  });
});
