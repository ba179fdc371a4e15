// Writes src/wire/rest.ts from the OpenAPI document, or (without --write) fails if it is not what the document says.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../protocols/openapi.json", import.meta.url);
const target = new URL("../src/wire/rest.ts", import.meta.url);
const head = "// Made from protocols/openapi.json by `npm run types`; do not edit.\n\n";

const made = head + astToString(await openapiTS(JSON.parse(await readFile(source, "utf8"))));
if (process.argv.includes("--write")) {
  await writeFile(target, made);
} else if ((await readFile(target, "utf8").catch(() => "")) !== made) {
  console.error("src/wire/rest.ts differs from protocols/openapi.json: run `npm run types` and commit the result");
  process.exit(1);
}
