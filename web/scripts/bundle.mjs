// After a build: writes the .br and .gz twins that the server sends, and prints what each page costs to open. With
// `--budget` it fails where that is more than was agreed. More is taken on purpose, by changing BUDGET, or not at all.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const squeezable = /\.(html|js|css|svg|json|webmanifest|wasm)$/;
/** KiB over the wire (brotli), for each page before it runs, and for all that there is. */
const BUDGET = { index: 150, scan: 110, track: 10, decide: 10, all: 500 };
const kib = (bytes) => `${(bytes / 1024).toFixed(1).padStart(7)} KiB`;

const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((f) => f.isFile())
  .map((f) => join(f.parentPath, f.name));
const sizes = new Map();
for (const file of files.filter((f) => squeezable.test(f))) {
  const raw = await readFile(file);
  const br = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gz = gzipSync(raw, { level: 9 });
  if (br.length < raw.length) await writeFile(`${file}.br`, br);
  if (gz.length < raw.length) await writeFile(`${file}.gz`, gz);
  sizes.set("/" + relative(dist, file), { raw: raw.length, br: Math.min(br.length, raw.length) });
}
const sum = (paths, of) => paths.reduce((n, p) => n + (sizes.get(p)?.[of] ?? 0), 0);
console.log("\nPage             files       plain      brotli   (what the browser loads before the page runs)");
const over = [];
const hold = (name, bytes) => {
  if (bytes > BUDGET[name] * 1024) over.push(`${name}: ${kib(bytes).trim()} are more than ${BUDGET[name]} KiB`);
};
for (const page of ["index", "scan", "track", "decide"]) {
  const html = await readFile(join(dist, `${page}.html`), "utf8").catch(() => null);
  if (html === null) continue;
  const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);
  const all = [`/${page}.html`, ...first];
  hold(page, sum(all, "br"));
  console.log(`/${page.padEnd(14)} ${String(all.length).padStart(6)} ${kib(sum(all, "raw"))} ${kib(sum(all, "br"))}`);
}
const every = [...sizes.keys()];
console.log(`all             ${String(every.length).padStart(6)} ${kib(sum(every, "raw"))} ${kib(sum(every, "br"))}`);
hold("all", sum(every, "br"));
console.log("\nLargest files");
for (const [path, size] of [...sizes].sort((a, b) => b[1].br - a[1].br).slice(0, 12)) {
  console.log(`${kib(size.raw)} ${kib(size.br)} br  ${path}`);
}
if (over.length > 0) {
  console.error(`\nOver the budget of scripts/bundle.mjs\n${over.join("\n")}`);
  if (process.argv.includes("--budget")) process.exitCode = 1;
}
