import { expect, it } from "vitest";
import { asQuery } from "./search";

it("tells phones and addresses of e-mail from words", () => {
  const cases: [string, ReturnType<typeof asQuery>][] = [
    ["", {}],
    ["  Adnan ", { q: "Adnan" }],
    ["0300 1234567", { phone: "03001234567" }],
    ["+92 300-1234567", { phone: "+923001234567" }],
    ["0300", { q: "0300" }],
    ["a@b.pk", { email: "a@b.pk" }],
    ["a@b", { q: "a@b" }],
  ];
  for (const [text, wanted] of cases) expect(asQuery(text)).toEqual(wanted);
});
