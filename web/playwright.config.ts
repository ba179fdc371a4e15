// End-to-end tests in the system's Chromium. Each file starts a server of its own (e2e/server.ts); build the pages first.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  // Pictures to look at and measurements with many orders have commands of their own: `make looks`, `make test-big`.
  testIgnore: process.env.MUNSHI_LONG ? [] : ["**/looks.spec.ts", "**/sheets.spec.ts", "**/big.spec.ts"],
  outputDir: "e2e/test-results",
  timeout: 90_000,
  // A machine with two busy cores is sometimes slower than a person waits; what needed it is reported as flaky.
  retries: 2,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  workers: Number(process.env.MUNSHI_E2E_WORKERS ?? 1),
  reporter: [["list"]],
  use: {
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
