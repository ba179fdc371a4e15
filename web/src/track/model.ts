// What the tracking page knows of an order, as `GET /api/v1/track` answers it.
// A field that an older server leaves out is shown as nothing, never guessed.

export interface TrackLine {
  title: string;
  quantity: number;
  shipped?: number;
  delivered?: number;
  canceled?: number;
  returned?: number;
  total: string;
}

export interface TrackParcel {
  n: number;
  state: string;
  units?: { line: number; quantity: number }[];
  carrier?: string | null;
  carrier_state?: string | null;
  tracking_number?: string | null;
}

export interface TrackStep {
  what: string;
  at: string;
  parcel?: number | null;
}

export interface TrackView {
  /** Topic of a console socket on which this view is live. */
  topic?: string;
  shop: string;
  number: string;
  status: string;
  canceling?: boolean;
  placed_at?: string | null;
  language?: string | null;
  city?: string;
  phone?: string | null;
  payment_method?: string;
  lines: TrackLine[];
  /** Amounts are decimal text in `currency`. */
  total: string;
  shipping?: string;
  currency: string;
  parcels: TrackParcel[];
  can_cancel: boolean;
  steps: TrackStep[];
}

/** How far along the way an order is: the four stations every customer understands. */
export const STATIONS = ["received", "preparing", "on_the_way", "delivered"] as const;
export type Station = (typeof STATIONS)[number];

/** The station an order stands at; `null` where it is on no way to the customer (cancelled, rejected, returned …). */
export function stationOf(status: string): number | null {
  const at = STATIONS.indexOf(status as Station);
  return at < 0 ? null : at;
}

/** Decimal text in groups of three, without ever becoming a binary fraction. Trailing zeros of whole amounts go. */
export function groupDigits(amount: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (!match) return amount;
  const [, sign = "", whole = "", fraction = ""] = match;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return /[1-9]/.test(fraction) ? `${sign}${grouped}.${fraction}` : `${sign}${grouped}`;
}

const SIGNS: Record<string, string> = { PKR: "Rs", USD: "US$", EUR: "€", GBP: "£", AED: "AED", SAR: "SAR" };

/** An amount as people write it; text without a currency stays a plain number. */
export function money(amount: string | null | undefined, currency: string): string {
  if (amount == null) return "";
  const sign = SIGNS[currency] ?? currency;
  return sign ? `${sign} ${groupDigits(amount)}` : groupDigits(amount);
}
