// Builds four pages (console, scanner, tracking, decision) from one tree.
// In development, /api and /ws go to a running server (MUNSHI_URL); the Origin is rewritten to that server's own,
// because the server takes sockets only from origins it knows.
import { readFileSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { locales } from "./scripts/locales.mjs";
import { precache } from "./scripts/precache.mjs";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.MUNSHI_URL ?? "http://127.0.0.1:8080";

const forward = {
  target: server,
  changeOrigin: true,
  headers: { origin: new URL(server).origin },
};

const { version } = JSON.parse(readFileSync(at("./package.json"), "utf8")) as { version: string };

export default defineConfig({
  plugins: [locales(), react(), precache()],
  define: { __APP_VERSION__: JSON.stringify(version) },
  resolve: { alias: { "@": at("./src") } },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": forward, "/ws": { ...forward, ws: true } },
  },
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 400,
    rollupOptions: {
      input: {
        index: at("./index.html"),
        scan: at("./scan.html"),
        track: at("./track.html"),
        decide: at("./decide.html"),
        sw: at("./src/scan/sw.ts"),
      },
      output: {
        // The service worker's address is its scope, so it keeps its name and stays at the root.
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "e2e/**/*.test.ts"],
    environment: "node",
  },
});
