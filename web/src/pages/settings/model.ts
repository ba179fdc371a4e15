/** The shop's settings as the server keeps them (its document of settings; amounts and rates are decimal text). */
export interface Amount {
  amount: string;
  currency: string;
}

export interface ApprovalRule {
  over: Amount;
  queue: string;
  role: string;
}

/** What is set about messages, as far as it is edited here. Hours of the day are minutes of the shop's clock. */
export interface Messaging {
  enabled: boolean;
  default_language: string;
  quiet_from_minute: number;
  quiet_until_minute: number;
  confirm_sms_after_seconds: number;
  confirm_call_after_seconds: number;
}

export interface Shop {
  name: string;
  currency: string;
  time_zone: string;
  order_number: string;
  tax_rates: Record<string, string>;
  default_tax_code: string;
  prices_include_tax: boolean;
  approval_rules: ApprovalRule[];
  remind_after_seconds: number;
  escalate_after_seconds: number;
  approval_expires_seconds: number;
  sourcing: string[];
  split_orders: boolean;
  confirm_cod: boolean;
  confirmation_seconds: number;
  placement_seconds: number;
  release_automatically: boolean;
  return_window_days: number;
  minimum_order: Amount[];
  messaging: Messaging;
}

/**
 * The change from `was` to `now` as a merge patch (RFC 7396): only what differs, so that two people who change different
 * settings do not undo each other. A tax code that is gone is said to be gone by `null`.
 */
export function patch(was: Shop, now: Shop): Partial<Record<keyof Shop, unknown>> {
  const changed: Partial<Record<keyof Shop, unknown>> = {};
  for (const key of Object.keys(now) as (keyof Shop)[]) {
    if (JSON.stringify(was[key]) !== JSON.stringify(now[key])) changed[key] = now[key];
  }
  if ("tax_rates" in changed) {
    const gone = Object.keys(was.tax_rates).filter((code) => !(code in now.tax_rates));
    changed.tax_rates = { ...now.tax_rates, ...Object.fromEntries(gone.map((code) => [code, null])) };
  }
  return changed;
}

/** The time in a zone, or nothing if browsers do not know it. */
export function timeIn(zone: string, now: Date, locale: string): string | null {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "numeric", minute: "2-digit", weekday: "short" }).format(now);
  } catch {
    return null;
  }
}
