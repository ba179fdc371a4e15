/** What each vendor needs to be told, by the names that the server reads (docs/OPERATIONS.md). */
import type { Connection } from "./types";

export interface VendorForm {
  settings: string[];
  secrets: string[];
  /** What it cannot work without. */
  needed: string[];
  /** Whether the vendor calls us. */
  calls: boolean;
}

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
};

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
