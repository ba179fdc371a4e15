// A shop with something on every page and behind every button, for the pictures.
import { expect } from "@playwright/test";
import { KHI, order, product } from "../pages";
import type { Munshi } from "../server";
import { placed, somebody, type World } from "../world";

const SKU = "LOOK-1";

/** What a warehouse does to a parcel, in its order. */
const STEPS: [step: string, body: unknown][] = [
  ["claim", {}], ["confirm", { sku: SKU, quantity: 2 }], ["pack", { weight_grams: 900 }], ["book", { carrier: "TCS", tracking: "TCS-5512" }], ["hand-over", {}],
];

/** An order whose parcel went these steps. */
async function parcel(munshi: Munshi, steps: number): Promise<{ order: string; page: string }> {
  const { id } = await order(munshi, SKU, 2);
  await munshi.rest("admin", "POST", `/orders/${id}/confirm`, {}).catch(() => undefined);
  const at = `/warehouses/${KHI}/parcels/${id}/1`;
  await expect.poll(async () => (await munshi.rest<{ state: string }>("admin", "GET", at).catch(() => null))?.state, { timeout: 30_000 }).toBe("queued");
  for (const [step, body] of STEPS.slice(0, steps)) await munshi.rest("warehouse", "POST", `${at}/${step}`, body);
  return { order: id, page: `/floor/${KHI}/parcels/${id}/1` };
}

async function goods(munshi: Munshi): Promise<void> {
  const base = `/warehouses/${KHI}`;
  await product(munshi, SKU, 400);
  await munshi.rest("admin", "PUT", `/products/LOOK-FAMILY`, { title: "Hand-embroidered bridal dupatta with kundan and gota border, six yards", price: { amount: "1249999.50", currency: "PKR" } });
  await munshi.rest("admin", "PUT", `${base}/receipts/PO-LOOK`, { kind: "order", lines: [{ line: 1, sku: SKU, expected: 12 }] });
  await munshi.rest("admin", "PUT", `${base}/receipts/ASN-LOOK`, { kind: "announced", plates: { "340123450000000017": [{ sku: SKU, units: 5 }], "340123450000000024": [{ sku: SKU, units: 7 }] } });
  await munshi.rest("admin", "POST", `${base}/counts`, { location: "A-01" });
  await munshi.rest("admin", "PUT", `${base}/item-rules`, { rules: [{ sku: SKU, lot: true, packs: [{ gtin: "09506000134352", units: 1 }] }] });
  await munshi.rest("admin", "POST", `${base}/devices/look-gun/invite`, { label: "Front desk 2" });
}

/** A thread with words both ways, one that waits for a call, and what a vendor refused. */
async function talk(world: World): Promise<{ thread: string; talked: string; customer: string }> {
  const { munshi } = world;
  const who = somebody();
  const talked = await placed(munshi, SKU, { who, warehouse: KHI });
  await world.arrives(who.phone, talked.number);
  await world.ctl("emit", { phone: who.phone, text: "کیا یہ بڑے سائز میں ملے گا؟ mera size 44 hai", name: "Customer" });
  const of = () => munshi.rest<{ id: string; needs_agent: boolean }>("admin", "GET", `/customers/${talked.customer}/conversation`);
  await expect.poll(async () => (await of()).needs_agent, { timeout: 60_000 }).toBe(true);
  const { id: thread } = await of();
  await munshi.rest("service", "POST", `/conversations/${thread}/reply`, { text: "جی، کل تک آ جائے گا۔ We keep one for you.", channel: "whatsapp" });
  const consent = [{ channel: "sms", category: "marketing", allowed: false }, { channel: "whatsapp", category: "utility", allowed: true }];
  await munshi.rest("service", "PATCH", `/conversations/${thread}/preferences`, { language: "ur", consent, preferences: { parcel_shipped: ["whatsapp", "email"] } });
  await munshi.rest("admin", "PATCH", "/settings", { messaging: { confirm_sms_after_seconds: 0, confirm_call_after_seconds: 1 } });
  const unanswered = await placed(munshi, SKU, { warehouse: KHI });
  await world.arrives(unanswered.phone, unanswered.number);
  await munshi.rest("admin", "PATCH", "/connections/practice", { settings: { whatsapp_sender: "+14155230000", sms_sender: "+14155550000" } });
  await placed(munshi, SKU, { warehouse: KHI, payment: "prepaid" });
  const count = async (path: string) => (await munshi.rest<{ items: unknown[] }>("admin", "GET", path)).items.length;
  await expect.poll(() => count("/dead-letters"), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => count("/conversations?call_due=true"), { timeout: 60_000 }).toBeGreaterThan(0);
  return { thread, talked: talked.id, customer: talked.customer };
}

/** The places that have an id in them. */
export interface Places {
  pending: string;
  held: string;
  shipped: string;
  draft: string;
  customer: string;
  buyer: string;
  blocked: string;
  queued: string;
  picking: string;
  picked: string;
  packed: string;
  left: string;
  stopped: string;
  thread: string;
  talked: string;
}

export async function furnish(world: World): Promise<Places> {
  const { munshi } = world;
  await goods(munshi);
  const [queued, picking, picked, packed, left, stopped] = [await parcel(munshi, 0), await parcel(munshi, 1), await parcel(munshi, 2), await parcel(munshi, 3), await parcel(munshi, 5), await parcel(munshi, 1)];
  await munshi.rest("warehouse", "POST", `/warehouses/${KHI}/parcels/${stopped.order}/1/hold`, { reason: "the customer asked for another colour" });
  const draft = await munshi.rest<{ id: string }>("admin", "POST", "/orders", {
    customer: { name: "Hina Tariq", phone: "0300 5551200" }, payment_method: "cod",
    shipping_address: { line1: "12-B, Gulberg III", city: "Lahore" }, lines: [{ sku: SKU, quantity: 3, warehouse: KHI }, { sku: "LOOK-FAMILY", quantity: 9 }],
  });
  const held = await placed(munshi, SKU, { warehouse: KHI, quantity: 3 });
  await munshi.rest("admin", "POST", `/orders/${held.id}/hold`, { kind: "address", reason: "House number missing; the rider could not find it" });
  const customers = await munshi.rest<{ items: { id: string }[] }>("admin", "GET", "/customers?limit=2");
  const [customer, other] = customers.items;
  await munshi.rest("admin", "PUT", `/customers/${customer!.id}/credit`, { limit: { amount: "250000.00", currency: "PKR" }, days: 30 });
  await munshi.rest("admin", "POST", `/customers/${other!.id}/block`, { reason: "three parcels refused at the door" });
  const { thread, talked, customer: buyer } = await talk(world);
  await munshi.rest("admin", "POST", "/connections", { id: "shop-crm", name: "The shop's CRM", vendor: "webhook", mode: "paused", base_url: "https://crm.example.pk/hooks/munshi", settings: {}, credentials: { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } });
  const pending = await placed(munshi, SKU, { warehouse: KHI, quantity: 2 });
  return {
    pending: pending.id, held: held.id, shipped: left.order, draft: draft.id, customer: customer!.id, blocked: other!.id, buyer,
    queued: queued.page, picking: picking.page, picked: picked.page, packed: packed.page, left: left.page, stopped: stopped.page, thread, talked,
  };
}
