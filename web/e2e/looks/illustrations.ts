// What only scanners and long work fill, one of each kind, so that lists of it can be looked at: answers in place of the
// server's, in the server's types.
import type { Page } from "@playwright/test";
import type { components } from "../../src/wire/rest";

type Schema = components["schemas"];

const OPERATOR = "00000000-0000-4000-8000-0000000000aa";
const AT = "2026-03-14T09:26:53Z";
const by = { device: "gun-7", operator: OPERATOR, performed_at: AT, recorded_at: AT };

const exceptions: Schema["ExceptionView"][] = [
  { exception: 1, code: "pin_wrong", text: "The PIN is wrong", offline: false, about: { by: "B-100" }, ...by },
  { exception: 2, code: "stale_task", text: "The task has changed", offline: true, about: { task: "41", order: OPERATOR, sku: "KURTA-EMBROIDERED-XL-MIDNIGHT-BLUE", expected: "12", found: "9" }, ...by },
  { exception: 3, code: "a_code_of_tomorrow", text: "Something this page has no words for", offline: false, about: { plate: "340123450000000017", location: "A-01-02-03", lot: "L-2026-03" }, ...by },
];

const deltas = (...units: number[]): Schema["StockDeltaView"][] => units.map((delta, at) => ({ sku: at ? "LOOK-1" : "KURTA-EMBROIDERED-XL-MIDNIGHT-BLUE", lot: at ? "L-2026-03" : null, delta }) as Schema["StockDeltaView"]);

const decisions: Schema["FloorDecisionView"][] = [
  { decision: 1, kind: "over_receipt", about: { receipt: "PO-4711", line: "3", expected: "12", found: "15" }, deltas: deltas(3), ...by },
  { decision: 2, kind: "variance", about: { location: "A-01-02-03", count: "18" }, deltas: deltas(-4, 2), ...by },
  { decision: 3, kind: "late", about: { plate: "340123450000000017" }, deltas: [], ...by },
  { decision: 4, kind: "missing_pieces", about: { load: "L-9", door: "D-2", seal: "PK-000017" }, deltas: [], ...by },
];

const file = { by: OPERATOR, changed: 0, unchanged: 0, done: 0, errors: 0, error_file: false, of: 0, rows: 0, skipped: 0, layout: "native", stage: null, queued_at: AT, started_at: AT, finished_at: null, failure: null };
const imports = [
  { ...file, id: "1", kind: "orders", state: "running", file: "orders-2025-with-a-rather-long-name-from-the-old-system (final).xlsx", stage: "customers", done: 41_288, of: 96_431, rows: 96_431, changed: 40_111, unchanged: 1_150, skipped: 20, errors: 7 },
  { ...file, id: "2", kind: "products", state: "queued", file: "مصنوعات.csv", started_at: null },
  { ...file, id: "3", kind: "stock", state: "done", file: "count-march.csv", done: 812, of: 812, rows: 812, changed: 800, errors: 12, error_file: true, finished_at: AT },
  { ...file, id: "4", kind: "customers", state: "failed", file: "customers.csv", failure: { code: "column_missing", detail: "the column phone is missing" }, finished_at: AT },
  { ...file, id: "5", kind: "products", state: "stopped", file: "old.csv", done: 90, of: 400, rows: 400, changed: 90, finished_at: AT },
] as unknown as Schema["ImportView"][];

const LISTS: [RegExp, unknown[]][] = [[/\/warehouses\/[^/]+\/exceptions(\?|$)/, exceptions], [/\/warehouses\/[^/]+\/decisions(\?|$)/, decisions], [/\/api\/v1\/imports(\?|$)/, imports]];

/** Shows them on a page from now on. */
export async function illustrated(page: Page): Promise<void> {
  for (const [path, items] of LISTS) await page.route(path, (route) => (route.request().method() === "GET" ? route.fulfill({ json: { items, next_cursor: null } }) : route.continue()));
}

/** What a one-time link asks an approver, as it stands in each state. */
export const asked: Schema["DecideView"] = {
  shop: "Gulbagh Textiles", approver: "Bilal Ahmed", number: "SO-2026-001042", total: "PKR 1249999.50", customer: "Sheikh Brothers Fabrics 17", payment_method: "terms",
  queue: "large-orders", lines: [{ title: "Hand-embroidered bridal dupatta with kundan and gota border, six yards", quantity: 1 }, { title: "Kurta, white", quantity: 250 }],
  state: "open", answer: null, outcome: null, choice: "yes", asked_at: AT, expires_at: "2026-03-16T09:26:53Z", language: "en",
};
