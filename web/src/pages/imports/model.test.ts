import { describe, expect, it } from "vitest";
import { faultOf, KINDS, LAYOUTS, MAX_BYTES, mediaType } from "./model";

describe("files to import", () => {
  it("are told by their names", () => {
    expect(mediaType("Stock 2026.CSV")).toBe("text/csv");
    expect(mediaType("orders.xlsx")).toContain("spreadsheetml");
    expect(mediaType("orders.xls")).toBeNull();
    expect(mediaType("csv")).toBeNull();
  });

  it("are refused before they are sent", () => {
    expect(faultOf({ name: "a.csv", size: MAX_BYTES })).toBeNull();
    expect(faultOf({ name: "a.csv", size: MAX_BYTES + 1 })).toBe("tooLarge");
    expect(faultOf({ name: "a.pdf", size: 1 })).toBe("wrongType");
  });

  it("may always be told from their headers", () => {
    for (const kind of KINDS) expect(LAYOUTS[kind][0]).toBe("");
  });
});
