/** A notice in the words of the page's language; one of a kind that is not known here says what the server says. */
import { moneyText } from "@/i18n/format";
import type { UserNotice } from "@/wire/munshi-v1";

type Words = Record<string, string>;

/** Texts by kind of notice, with `{name}` for what it is made of, and words of the codes among that. */
export interface InboxWords {
  texts: Words;
  /** By kind and name, such as `floor_exception.code`. */
  codes: Record<string, Words>;
}

export function inWords(notice: UserNotice, { texts, codes }: InboxWords): string {
  const template = texts[notice.kind];
  if (template === undefined) return notice.text;
  const made = notice.a as Record<string, unknown>;
  const say = (_: string, name: string) => {
    const value = String(made[name] ?? "");
    if (name === "amount") return moneyText(value.slice(4), value.slice(0, 3));
    return codes[`${notice.kind}.${name}`]?.[value] ?? value;
  };
  // A reason that was not given leaves its place empty.
  return template.replace(/\{(\w+)\}/g, say).replaceAll("\u2068\u2069", "").replace(/[ :]+$/, "");
}
