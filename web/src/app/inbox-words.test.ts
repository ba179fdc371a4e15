import { expect, test } from "vitest";
import type { UserNotice } from "@/wire/munshi-v1";
import { inWords } from "./inbox-words";

const notice = (kind: string, text: string, a: unknown): UserNotice => ({ kind, level: "warning", text, at: 0, a }) as unknown as UserNotice;
const words = { floor_decision: { late: "a scan came in late" }, connection_trouble: { dead_letters: "messages were given up" } };

test("a code at the end of a notice is said in words", () => {
  const trouble = notice("connection_trouble", "WhatsApp has a problem: dead_letters", { connection: "WhatsApp", trouble: "dead_letters" });
  expect(inWords(trouble, words)).toBe("WhatsApp has a problem: messages were given up");
});

test("a name that is written like the code stays", () => {
  const decision = notice("floor_decision", "Warehouse late asks for a decision: late", { warehouse: "late", about: "late" });
  expect(inWords(decision, words)).toBe("Warehouse late asks for a decision: a scan came in late");
});

test("what has no words, or another kind, is told as the server says it", () => {
  const later = notice("connection_trouble", "Meta has a problem: of_next_year", { trouble: "of_next_year" });
  expect(inWords(later, words)).toBe("Meta has a problem: of_next_year");
  expect(inWords(notice("import_done", "The import of late is done", { file: "late" }), words)).toBe("The import of late is done");
});
