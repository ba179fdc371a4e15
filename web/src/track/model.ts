// What the tracking page knows of an order, as `GET /api/v1/track` answers it.
// A field that an older server leaves out is shown as nothing, never guessed.

export interface Amount {
  amount: string;
  currency: string;
}

export interface TrackLine {
  title: string;
  quantity: number;
  total?: Amount | string | null;
}

export interface TrackParcel {
  n: number;
  state: string;
  carrier?: string | null;
  carrier_state?: string | null;
  tracking_number?: string | null;
}

export interface TrackStep {
  what: string;
  at: string;
}

export interface TrackView {
  id?: string;
  version?: number;
  shop: string;
  number: string;
  status: string;
  placed_at?: string | null;
  language: string;
  lines: TrackLine[];
  total: Amount | string;
  currency?: string;
  parcels: TrackParcel[];
  can_cancel: boolean;
  steps: TrackStep[];
}

/** How far along the way an order is: the four stations every customer understands. */
export const STATIONS = ["placed", "packing", "on_the_way", "delivered"] as const;
export type Station = (typeof STATIONS)[number];

const STATION_OF: Record<string, number> = {
  placing: 0,
  pending_approval: 0,
  pending: 0,
  approved: 0,
  processing: 1,
  shipped: 2,
  delivered: 3,
};

/** The station an order stands at; `null` where it is on no way to the customer (cancelled, rejected, returned …). */
export function stationOf(status: string): number | null {
  return STATION_OF[status] ?? null;
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
export function money(value: Amount | string | null | undefined, currency?: string): string {
  if (value == null) return "";
  const [amount, code] = typeof value === "string" ? [value, currency] : [value.amount, value.currency];
  const sign = code ? (SIGNS[code] ?? code) : "";
  return sign ? `${sign} ${groupDigits(amount)}` : groupDigits(amount);
}
