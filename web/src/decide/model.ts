// What the decision page says about how a decision stands.
import { money } from "@/track/model";
import type { DecideView } from "./api";
import type { Words } from "./text";

export interface Standing {
  /** Whether it can still be decided. */
  open: boolean;
  text: string | null;
  good: boolean;
}

/** Why a decision is not taken; codes are for programs. */
export function why(code: string, words: Words): string {
  return words.why[code] ?? words.whyOther;
}

export function standing(view: DecideView, words: Words): Standing {
  if (view.outcome !== null && view.outcome !== "done") {
    return { open: false, text: words.notTaken.replace("{detail}", why(view.outcome, words)), good: false };
  }
  switch (view.state) {
    case "open":
      return { open: true, text: null, good: true };
    case "answered":
      return { open: false, text: view.answer === "yes" ? words.approved : words.rejected, good: true };
    case "expired":
      return { open: false, text: words.expired, good: false };
    default:
      return { open: false, text: words.closed, good: false };
  }
}

/** An amount as the server writes it, `PKR 7390.00`, as people do. */
export function total(text: string): string {
  const [currency = "", amount] = text.split(" ");
  return amount === undefined ? text : money(amount, currency);
}
