/** What the orders board shows, as its address says it. The address is the whole truth: it can be sent to a colleague. */

export const FILTERS = ["status", "q", "warehouse", "channel", "tag", "from", "to"] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;
export type View = "list" | "columns";

/** Columns of the board, in the order in which an order moves. */
export const COLUMNS = ["draft", "pending", "pending_approval", "approved", "processing", "shipped", "delivered"] as const;
export const STATUSES = [...COLUMNS, "returned", "pending_cancellation", "canceled", "rejected", "expired"] as const;
export const CHANNELS = ["online", "offline", "b2b_portal", "mobile", "social", "marketplace"] as const;

/** The filters of an address; what is no filter is left out. */
export function readFilters(search: Record<string, string>): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = search[name]?.trim();
    if (value) filters[name] = value;
  }
  return filters;
}

/** The query of `GET /orders`. Days are whole days of the person who looks. */
export function toQuery(filters: Filters): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(filters)) {
    const bound = name === "from" ? dayStart(value) : name === "to" ? dayEnd(value) : value;
    if (bound) query[name] = bound;
  }
  return query;
}

function dayStart(day: string): string | null {
  return instant(`${day}T00:00:00`);
}

function dayEnd(day: string): string | null {
  return instant(`${day}T23:59:59.999`);
}

function instant(local: string): string | null {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export function sameFilters(a: Filters, b: Filters): boolean {
  return FILTERS.every((name) => (a[name] ?? "") === (b[name] ?? ""));
}

export function count(filters: Filters): number {
  return FILTERS.filter((name) => name !== "q" && filters[name]).length;
}
