import { expect, test } from "@playwright/test";
import { Munshi } from "./server";

test("a server of its own answers, survives being killed, and is gone afterwards", async () => {
  const munshi = await Munshi.start();
  try {
    expect((await fetch(`${munshi.url}/scan`)).headers.get("content-type")).toContain("text/html");
    const { items } = await munshi.rest<{ items: unknown[] }>("admin", "GET", "/warehouses/KHI-SITE/devices");
    expect(items.length).toBeGreaterThan(0);
    const { url } = munshi;
    await munshi.kill();
    await munshi.up();
    expect(munshi.url).toBe(url);
    expect((await fetch(`${url}/api/v1/openapi.json`)).ok).toBe(true);
    await munshi.stop();
    await expect(fetch(`${url}/api/v1/openapi.json`)).rejects.toThrow();
  } finally {
    await munshi.stop();
  }
});
