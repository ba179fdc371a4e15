/** What a person wants to hear, as the dialog holds it, and the change that it makes. */
import type { Conversation, PatchPreferences } from "./types";

export const CHANNELS = ["whatsapp", "sms", "email"];
/** Answers to what the person wrote need no consent. */
export const CATEGORIES = ["utility", "marketing"];

export interface Wishes {
  language: string;
  /** `channel/category` to `yes`, `no` or `unknown`. */
  consent: Record<string, string>;
  /** Kind to channels in order, joined by commas; empty for none, `shop` for the shop's choice. */
  kinds: Record<string, string>;
}

export const SHOP = "shop";

export function wishesOf(of: Conversation | null): Wishes {
  const consent: Record<string, string> = {};
  for (const channel of CHANNELS) for (const category of CATEGORIES) consent[`${channel}/${category}`] = "unknown";
  for (const one of of?.consent ?? []) consent[`${one.channel}/${one.category}`] = one.allowed ? "yes" : "no";
  const kinds = Object.fromEntries(Object.entries(of?.preferences ?? {}).map(([kind, channels]) => [kind, channels.join(",")]));
  return { language: of?.language ?? "", consent, kinds };
}

/** What differs. A consent once recorded cannot become unrecorded, so only yes and no are sent. */
export function wishesChanged(was: Wishes, now: Wishes): PatchPreferences {
  const patch: PatchPreferences = {};
  if (now.language !== was.language && now.language !== "") patch.language = now.language;
  const consent = Object.entries(now.consent).filter(([key, value]) => value !== was.consent[key] && value !== "unknown");
  if (consent.length > 0) {
    patch.consent = consent.map(([key, value]) => {
      const [channel = "", category = ""] = key.split("/");
      return { channel, category, allowed: value === "yes" };
    });
  }
  const kinds = Object.entries(now.kinds).filter(([kind, value]) => value !== (was.kinds[kind] ?? SHOP));
  if (kinds.length > 0) {
    patch.preferences = Object.fromEntries(kinds.map(([kind, value]) => [kind, value === SHOP ? null : value.split(",").filter(Boolean)]));
  }
  return patch;
}
