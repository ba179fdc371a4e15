/** A notice in words: the server's text, whose code at the end is said in the words of its place. */
import type { UserNotice } from "@/wire/munshi-v1";

/** What a notice's code is called among what its text is made of, by kind. */
const NAMED: Record<string, string> = { floor_exception: "code", floor_decision: "about", connection_trouble: "trouble" };

/** `words` of codes, by kind of notice; a code without words stays as it is. */
export function inWords(notice: UserNotice, words: Record<string, Record<string, string>>): string {
  const code = (notice.a as Record<string, unknown>)[NAMED[notice.kind] ?? ""];
  const word = typeof code === "string" ? words[notice.kind]?.[code] : undefined;
  if (typeof code !== "string" || word === undefined || !notice.text.endsWith(code)) return notice.text;
  return notice.text.slice(0, -code.length) + word;
}
