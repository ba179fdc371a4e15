/** Reading the dashboard's report. Amounts are text; a chart's heights are the only place where they become numbers. */

interface Day {
  date: string;
  orders: number;
  value: Record<string, string>;
}

/** The currency most days have a value in; charts show one. */
export function mainCurrency(days: readonly Day[]): string | null {
  const counts = new Map<string, number>();
  for (const day of days) for (const currency of Object.keys(day.value)) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}

/** Height of a bar. */
export function height(amount: string | undefined): number {
  const value = Number(amount ?? "0");
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}

/** A day of the shop's calendar as an instant that formats to the same day wherever one is. */
export function dayAt(date: string): Date {
  const [y = 1970, m = 1, d = 1] = date.split("-").map(Number);
  return new Date(y, m - 1, d, 12);
}
