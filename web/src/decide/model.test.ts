import { describe, expect, it } from "vitest";
import type { DecideView } from "./api";
import { standing, total } from "./model";
import { WORDS } from "./text";

const view: DecideView = {
  shop: "S", approver: "A", number: "SO-1", total: "PKR 7390.00", customer: "C", payment_method: "cod", queue: "sales",
  lines: [], state: "open", answer: null, outcome: null, choice: "yes", asked_at: "", expires_at: "", language: "en",
};

describe("how a decision stands", () => {
  it("is open only while the server says so", () => {
    expect(standing(view, WORDS.en).open).toBe(true);
    for (const state of ["answered", "expired", "closed", "a_later_word"]) {
      expect(standing({ ...view, state }, WORDS.en).open).toBe(false);
    }
  });

  it("never says decided about what was refused", () => {
    const refused = standing({ ...view, state: "answered", answer: "yes", outcome: "step_closed" }, WORDS.en);
    expect(refused).toEqual({ open: false, text: "Your decision could not be taken: it was decided already", good: false });
    const strange = standing({ ...view, state: "answered", answer: "yes", outcome: "something_new" }, WORDS.ur).text;
    expect(strange).toBe(WORDS.ur.notTaken.replace("{detail}", WORDS.ur.whyOther));
    expect(Object.keys(WORDS.ur.why)).toEqual(Object.keys(WORDS.en.why));
    expect(standing({ ...view, state: "answered", answer: "no", outcome: "done" }, WORDS.en).text).toBe(WORDS.en.rejected);
  });

  it("writes amounts as people do", () => {
    expect([total("PKR 7390.00"), total("JPY 10"), total("much")]).toEqual(["Rs 7,390", "JPY 10", "much"]);
  });
});
