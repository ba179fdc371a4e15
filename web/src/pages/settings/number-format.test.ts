import { describe, expect, it } from "vitest";
import { preview } from "./number-format";

describe("number formats", () => {
  it("reads as the server will write it", () => {
    const cases: [string, string][] = [
      ["SO-{yyyy}-{seq:6}", "SO-2026-000042"],
      ["{seq}", "42"],
      ["K{yy}/{seq:2}", "K26/42"],
      ["{seq:1}!", "42!"],
    ];
    for (const [format, text] of cases) expect(preview(format, 42, 2026)).toEqual({ ok: true, text });
  });

  it("says what the server would refuse", () => {
    expect(preview("", 1, 2026)).toEqual({ ok: false, fault: "text" });
    expect(preview("آرڈر {seq}", 1, 2026)).toEqual({ ok: false, fault: "text" });
    expect(preview("x".repeat(41), 1, 2026)).toEqual({ ok: false, fault: "text" });
    expect(preview("SO-{yyyy}", 1, 2026)).toEqual({ ok: false, fault: "sequence" });
    expect(preview("{seq}{seq:2}", 1, 2026)).toEqual({ ok: false, fault: "sequence" });
    expect(preview("{seq:13}", 1, 2026)).toEqual({ ok: false, fault: { placeholder: "seq:13" } });
    expect(preview("{month}{seq}", 1, 2026)).toEqual({ ok: false, fault: { placeholder: "month" } });
  });
});
