import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

test("without Node.js, or with an old one, the console is not built and that is said", () => {
  const dir = mkdtempSync(join(tmpdir(), "munshi-nonode-"));
  try {
    const bin = join(dir, "bin");
    for (const sub of ["bin", "scripts", "web"]) mkdirSync(join(dir, sub));
    writeFileSync(join(dir, "web/package.json"), "{}");
    copyFileSync(fileURLToPath(new URL("../../scripts/web.sh", import.meta.url)), join(dir, "scripts/web.sh"));
    for (const tool of ["bash", "dirname", "find"]) {
      symlinkSync(spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim(), join(bin, tool));
    }
    const build = (...words: string[]) => {
      const { status, stderr } = spawnSync(join(bin, "bash"), ["scripts/web.sh", ...words], { cwd: dir, env: { PATH: bin }, encoding: "utf8" });
      return { status, stderr };
    };
    const told = /The console is NOT built: the server answers its API, and \/ says so\. Install Node\.js 20\.19 or newer, then: make web/;
    expect(build("if-there")).toEqual({ status: 0, stderr: expect.stringMatching(told) });
    expect(build("if-there").stderr).toContain("Node.js is missing.");
    expect(build()).toEqual({ status: 1, stderr: "Node.js is missing.\n" });
    for (const version of ["16.20.2", "20.18.9"]) {
      writeFileSync(join(bin, "node"), `#!${join(bin, "bash")}\necho ${version}\n`);
      writeFileSync(join(bin, "npm"), `#!${join(bin, "bash")}\nexit 1\n`);
      for (const tool of ["node", "npm"]) chmodSync(join(bin, tool), 0o755);
      expect(build("if-there")).toEqual({ status: 0, stderr: expect.stringContaining(`Node.js ${version} is too old for the console.`) });
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
