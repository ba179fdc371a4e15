/** A customer as a form holds it. */
import type { Schema } from "@/api/react";
import { commas, given, lines } from "@/pages/parts/numbers";

export type Address = Schema["Address"];

export interface Draft {
  name: string;
  phones: string;
  emails: string;
  type: string;
  tier: string;
  language: string;
  tags: string;
  addresses: Address[];
}

export const TYPES = ["retail", "wholesale", "vip", "corporate", "government"] as const;
export const LANGUAGES = ["en", "ur"] as const;

export const BLANK: Draft = { name: "", phones: "", emails: "", type: "retail", tier: "", language: "en", tags: "", addresses: [] };
export const BLANK_ADDRESS: Address = { line1: "", city: "", country: "PK", kind: "residential" };

export function draftOf(customer: Schema["CustomerView"]): Draft {
  return {
    name: customer.name, phones: customer.phones.join("\n"), emails: customer.emails.join("\n"), type: customer.type,
    tier: customer.tier, language: customer.language, tags: customer.tags.join(", "), addresses: customer.addresses,
  };
}

export function complete(draft: Draft): boolean {
  return draft.name.trim() !== "" && draft.addresses.every((one) => one.line1.trim() !== "" && one.city.trim() !== "");
}

/** What was left empty in an address is left out: the server would take an empty text for a value. */
function tidy(address: Address): Address {
  const filled = Object.entries(address).filter(([, value]) => typeof value === "string" && value.trim() !== "");
  return { line1: address.line1, city: address.city, ...Object.fromEntries(filled) };
}

export function body(draft: Draft) {
  return {
    name: draft.name.trim(), phones: lines(draft.phones), emails: lines(draft.emails), type: draft.type, tier: given(draft.tier) ?? "",
    language: draft.language, tags: commas(draft.tags), addresses: draft.addresses.map(tidy),
  };
}

/** Only what was changed: what nobody touched keeps what somebody else made of it meanwhile. */
export function changes(was: Draft, now: Draft): Partial<ReturnType<typeof body>> {
  const [before, after] = [body(was), body(now)];
  const keys = Object.keys(after) as (keyof typeof after)[];
  return Object.fromEntries(keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => [key, after[key]]));
}
