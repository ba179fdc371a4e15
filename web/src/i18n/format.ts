/**
 * Numbers, money and times as people here write them. Digits are Latin in both languages, as in Pakistan's commerce.
 * Money is decimal text from the server and stays text: it is grouped, never computed with.
 */
import type { Language } from "./language";

const LOCALE: Record<Language, string> = { en: "en-PK", ur: "ur-PK-u-nu-latn" };

export interface Amount {
  amount: string;
  currency: string;
}

export interface Format {
  number(value: number): string;
  compact(value: number): string;
  percent(part: number): string;
  money(value: Amount): string;
  moneyText(amount: string, currency: string): string;
  date(at: string | number | Date): string;
  /** Day and month. */
  day(at: string | number | Date): string;
  time(at: string | number | Date): string;
  dateTime(at: string | number | Date): string;
  /** With seconds, for what happens in quick succession. */
  moment(at: string | number | Date): string;
  exact(at: string | number | Date): string;
  ago(at: string | number | Date, now?: number): string;
  list(items: string[]): string;
}

const made = new Map<Language, Format>();

export function formatFor(language: Language): Format {
  const known = made.get(language);
  if (known) return known;
  const format = make(LOCALE[language]);
  made.set(language, format);
  return format;
}

/** Times of a format; the part of a day behind the hour stays behind it where one reads from the right. */
function clock(locale: string, options: Intl.DateTimeFormatOptions): (at: string | number | Date) => string {
  const format = new Intl.DateTimeFormat(locale, options);
  if (!locale.startsWith("ur")) return (at) => format.format(new Date(at));
  return (at) => {
    const parts = format.formatToParts(new Date(at));
    const last = parts.findLastIndex(({ type }) => type === "dayPeriod" || type === "second" || type === "minute");
    return parts.map(({ type, value }, n) => `${type === "hour" ? "\u2066" : ""}${value}${n === last ? "\u2069" : ""}`).join("");
  };
}

function make(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const time = clock(locale, { hour: "numeric", minute: "2-digit" });
  const dateTime = clock(locale, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  const moment = clock(locale, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit", second: "2-digit" });
  const exact = clock(locale, { dateStyle: "full", timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    number: (v) => number.format(v),
    compact: (v) => compact.format(v),
    percent: (v) => percent.format(v),
    money: (v) => moneyText(v.amount, v.currency),
    moneyText,
    date: (v) => date.format(new Date(v)),
    day: (v) => day.format(new Date(v)),
    time,
    dateTime,
    moment,
    exact,
    ago: (v, now = Date.now()) => ago(relative, new Date(v).getTime(), now),
    list: (v) => list.format(v),
  };
}

const SIGN: Record<string, string> = { PKR: "Rs" };

/** `1234567.50`, `PKR` → `Rs 1,234,567.50`; whole amounts lose their noughts. */
export function moneyText(amount: string, currency: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  const sign = SIGN[currency] ?? currency;
  if (!found) return `${sign} ${amount}`;
  const [, minus = "", whole = "0", part = ""] = found;
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const rest = /^0*$/.test(part) ? "" : `.${part}`;
  return `${minus === "" ? "" : "−"}${sign} ${grouped}${rest}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000_000], ["month", 2_592_000_000], ["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000],
];

function ago(relative: Intl.RelativeTimeFormat, at: number, now: number): string {
  const gap = at - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(gap) >= size) return relative.format(Math.trunc(gap / size), unit);
  }
  return relative.format(Math.abs(gap) < 10_000 ? 0 : Math.trunc(gap / 1000), "second");
}
