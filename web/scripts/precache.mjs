// A build step: tells the scanner page's service worker which files the page needs, and their common hash.
//
// The files are the page's own chunks with everything they load, at once or later, and what is named in EXTRA; so a page
// that was installed opens without a connection, and a change of any of them makes a new version.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const EXTRA = ["scan.webmanifest", "scan-icon.svg", "scan-192.png", "scan-512.png", "scan-maskable.png"];

export function precache({ page = "scan", worker = "sw", publicDir = "public" } = {}) {
  return {
    name: "munshi-precache",
    enforce: "post",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === page);
      const sw = chunks.find((chunk) => chunk.isEntry && chunk.name === worker);
      if (!entry || !sw) return;
      const files = new Set();
      const visit = (name) => {
        if (files.has(name) || !bundle[name]) return;
        files.add(name);
        const chunk = bundle[name];
        if (chunk.type !== "chunk") return;
        for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
        for (const asset of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) visit(asset);
      };
      visit(entry.fileName);
      // Fonts and pictures that style sheets name.
      for (const name of [...files]) {
        const source = bundle[name].type === "asset" ? String(bundle[name].source) : "";
        for (const asset of Object.keys(bundle)) if (name.endsWith(".css") && source.includes(asset)) files.add(asset);
      }
      // The Urdu script: its style sheet is fetched by name when the language is chosen, which may be without a connection.
      for (const name of Object.keys(bundle)) if (/urdu-font.*\.css$|naskh-arabic.*[46]00.*\.woff2$/.test(name)) files.add(name);
      const hash = createHash("sha256");
      for (const name of [...files].sort()) hash.update(name).update(bundle[name].type === "chunk" ? bundle[name].code : bundle[name].source);
      for (const name of EXTRA) hash.update(name).update(readFileSync(join(publicDir, name)));
      // The page itself is written after this step; it changes with the names of its files, which are in the hash.
      hash.update(readFileSync(`${page}.html`));
      const told = { version: hash.digest("hex").slice(0, 16), files: [...files, ...EXTRA].map((name) => `/${name}`) };
      const before = sw.code;
      sw.code = before.replaceAll("__PRECACHE__", JSON.stringify(told));
      if (sw.code === before) this.error("the service worker does not ask for __PRECACHE__");
    },
  };
}
