/** What each vendor needs to be told, by the names that the server reads (docs/OPERATIONS.md). */
export interface VendorForm {
  settings: string[];
  secrets: string[];
  /** What it cannot work without. */
  needed: string[];
}

export const VENDORS: Record<string, VendorForm> = {
  twilio: {
    settings: ["account_sid", "whatsapp_sender", "sms_sender", "api_key"], secrets: ["auth_token", "api_secret"], needed: ["account_sid", "auth_token"],
  },
  meta: {
    settings: ["phone_number_id", "business_account_id", "api_version"], secrets: ["access_token", "app_secret", "verify_token"],
    needed: ["phone_number_id", "business_account_id", "access_token", "app_secret", "verify_token"],
  },
  smtp: {
    settings: ["host", "port", "encryption", "from", "reply_to", "user", "dkim_selector", "dkim_domain"], secrets: ["password", "dkim_key"],
    needed: ["host", "from"],
  },
  webhook: { settings: [], secrets: ["secret", "old_secret"], needed: ["secret"] },
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
