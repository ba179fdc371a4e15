import { describe, expect, it } from "vitest";
import { blank, body, complete, nextLine } from "./receipt";

describe("announcing goods", () => {
  it("sends the lines of a purchase order", () => {
    const draft = { ...blank(), receipt: "PO-7", lines: [{ line: 1, sku: " CHD-1 ", expected: 12 }, { line: 3, sku: "KUR-2", expected: 5 }] };
    expect(complete(draft)).toBe(true);
    expect(body(draft)).toEqual({ kind: "order", exclusive: false, lines: [{ line: 1, sku: "CHD-1", expected: 12 }, { line: 3, sku: "KUR-2", expected: 5 }] });
    expect(nextLine(draft.lines)).toBe(4);
    expect(complete({ ...draft, lines: [{ line: 1, sku: "CHD-1", expected: NaN }] })).toBe(false);
  });

  it("sends plates by number, each once", () => {
    const plate = { number: "395012340000000018", goods: [{ sku: "CHD-1", units: 40, lot: "", expiry: "2027-01-31" }] };
    const draft = { ...blank(), receipt: "ASN-1", kind: "announced" as const, plates: [plate] };
    expect(body(draft).plates).toEqual({ "395012340000000018": [{ sku: "CHD-1", units: 40, lot: null, expiry: "2027-01-31" }] });
    expect(complete({ ...draft, plates: [plate, plate] })).toBe(false);
  });

  it("says nothing of quantities where the receipt is blind", () => {
    expect(body({ ...blank(), receipt: "B-1", kind: "blind" })).toEqual({ kind: "blind", exclusive: false });
  });
});
