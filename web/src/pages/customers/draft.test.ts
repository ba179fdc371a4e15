import { describe, expect, it } from "vitest";
import { BLANK, BLANK_ADDRESS, body, changes, complete } from "./draft";

describe("a customer's form", () => {
  it("takes a phone a line and tags by either comma", () => {
    const sent = body({ ...BLANK, name: " Adnan ", phones: "0300 1234567\n\n 0321 7654321 ", tags: "vip، karachi, , old" });
    expect(sent).toMatchObject({ name: "Adnan", phones: ["0300 1234567", "0321 7654321"], tags: ["vip", "karachi", "old"] });
  });

  it("leaves out the parts of an address that were left empty", () => {
    const address = { ...BLANK_ADDRESS, line1: "12 Quaid Road", city: "Lahore", line2: " ", landmark: "" };
    expect(body({ ...BLANK, addresses: [address] }).addresses).toEqual([
      { line1: "12 Quaid Road", city: "Lahore", country: "PK", kind: "residential" },
    ]);
    expect(complete({ ...BLANK, name: "A", addresses: [BLANK_ADDRESS] })).toBe(false);
  });

  it("says only what was changed", () => {
    const was = { ...BLANK, name: "Adnan", phones: "0300 1234567" };
    expect(changes(was, was)).toEqual({});
    expect(changes(was, { ...was, tags: "vip" })).toEqual({ tags: ["vip"] });
  });
});
