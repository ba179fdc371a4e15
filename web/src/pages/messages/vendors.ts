/** What each vendor needs to be told, by the names that the server reads (docs/OPERATIONS.md). */
import type { Connection } from "./types";

export interface VendorForm {
  settings: string[];
  secrets: string[];
  /** What it cannot work without. */
  needed: string[];
  /** Whether the vendor calls us. */
  calls: boolean;
  /** A chat room: its address is a secret, and what it hears of is chosen. */
  room?: boolean;
}

const ROOM: VendorForm = { settings: [], secrets: ["url"], needed: ["url"], calls: false, room: true };

export const VENDORS: Record<string, VendorForm> = {
  twilio: {
    settings: ["account_sid", "whatsapp_sender", "sms_sender", "api_key"], secrets: ["auth_token", "api_secret"], needed: ["account_sid", "auth_token"], calls: true,
  },
  meta: {
    settings: ["phone_number_id", "business_account_id", "api_version"], secrets: ["access_token", "app_secret", "verify_token"],
    needed: ["phone_number_id", "business_account_id", "access_token", "app_secret", "verify_token"], calls: true,
  },
  smtp: {
    settings: ["host", "port", "encryption", "from", "reply_to", "user", "dkim_selector", "dkim_domain"], secrets: ["password", "dkim_key"],
    needed: ["host", "from"], calls: false,
  },
  webhook: { settings: [], secrets: ["secret", "old_secret"], needed: ["secret"], calls: false },
  slack: ROOM,
  teams: ROOM,
};

/** What a room can hear of, as the server names it. */
export const ROOM_KINDS = ["approval_request", "approval_escalated", "low_stock", "sync_failed", "error_alert"];

/** What a room hears of, and in which language. */
export interface Room {
  roles: string[];
  kinds: string[];
  language: string;
}

const words = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []);

/** A room as its settings say; without a list of kinds it hears of all. */
export function roomOf(settings: Record<string, unknown>): Room {
  const kinds = words(settings.kinds);
  return { roles: words(settings.roles), kinds: kinds.length > 0 ? kinds : [...ROOM_KINDS], language: shownSetting(settings.language) || "en" };
}

/** Settings of a room that differ, as the server takes them. */
export function roomChanged(was: Record<string, unknown>, now: Room): Record<string, unknown> {
  const [before, same] = [roomOf(was), (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join()];
  return {
    ...(!same(before.roles, now.roles) && { roles: now.roles }),
    ...(!same(before.kinds, now.kinds) && { kinds: now.kinds }),
    ...(before.language !== now.language && { language: now.language }),
  };
}

export type AddressFault = "addressNot" | "addressPlain" | "addressSlack";

/**
 * What is wrong with a room's address, as far as it can be seen here. Practice goes to a practice server, which is
 * near and not encrypted; the server has the last word.
 */
export function addressFault(vendor: string, mode: string, text: string): AddressFault | null {
  const given = text.trim();
  if (!URL.canParse(given) || /\s/.test(given)) return "addressNot";
  const address = new URL(given);
  if (!/^https?:$/.test(address.protocol) || address.username !== "") return "addressNot";
  if (mode !== "live") return null;
  if (address.protocol !== "https:") return "addressPlain";
  return vendor === "slack" && address.host !== "hooks.slack.com" ? "addressSlack" : null;
}

/** Settings that differ, as the server takes them: a port is a number, and what was emptied goes. */
export function settingsChanged(was: Record<string, unknown>, typed: Record<string, string>): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(typed)) {
    const value = text.trim();
    if (value === shownSetting(was[name])) continue;
    changed[name] = value === "" ? null : name === "port" && /^\d+$/.test(value) ? Number(value) : value;
  }
  return changed;
}

export function shownSetting(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** Secrets that were typed; an untouched field changes nothing. */
export function secretsTyped(typed: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ""));
}

/** Whether what waits may be tried again at once: the vendor is left alone for a while, or the last call failed. */
export function failing(health: Connection["health"]): boolean {
  const { breaker, planned, last_failure: failed, last_ok: ok } = health;
  return breaker !== "closed" || (planned > 0 && failed != null && (ok == null || failed > ok));
}
