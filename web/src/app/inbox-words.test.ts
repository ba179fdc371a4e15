import { expect, test } from "vitest";
import { en } from "@/i18n/en/inbox";
import { ur } from "@/i18n/ur/inbox";
import type { UserNotice } from "@/wire/munshi-v1";
import { inWords } from "./inbox-words";

const notice = (kind: string, a: Record<string, string>): UserNotice => ({ kind, level: "warning", text: "as the server says it", at: 0, a }) as unknown as UserNotice;

test("codes and amounts are said in words", () => {
  expect(inWords(notice("connection_trouble", { connection: "WhatsApp", trouble: "unreachable" }), en)).toBe("WhatsApp has a problem: it cannot be reached");
  expect(inWords(notice("approval_waiting", { number: "SO-7", amount: "PKR 130000.00" }), en)).toBe("Order SO-7 (Rs 130,000) waits for your decision");
});

test("a name that is written like a code stays, and a code without words too", () => {
  expect(inWords(notice("floor_decision", { warehouse: "late", about: "late" }), en)).toBe("Warehouse late asks for a decision: a scan came in late");
  expect(inWords(notice("connection_trouble", { connection: "Meta", trouble: "of_next_year" }), en)).toBe("Meta has a problem: of_next_year");
});

test("a reason that was not given leaves nothing behind", () => {
  expect(inWords(notice("approval_rejected", { number: "A-7", reason: "" }), en)).toBe("Order A-7 was rejected");
  expect(inWords(notice("approval_rejected", { number: "A-7", reason: "" }), ur)).toBe("آرڈر \u2068A-7\u2069 مسترد ہو گیا");
});

test("a kind that is not known is told as the server says it", () => {
  expect(inWords(notice("of_next_year", {}), en)).toBe("as the server says it");
});

test("both languages name the same things", () => {
  const named = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([kind, text]) => [kind, [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()]));
  expect(named(ur.texts)).toEqual(named(en.texts));
});
