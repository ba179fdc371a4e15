import { expect, test } from "vitest";
import { formatFor, moneyText } from "./format";
import { pick } from "./language";

test("money is grouped as text, whatever its size", () => {
  expect(moneyText("1234567.50", "PKR")).toBe("Rs 1,234,567.50");
  expect(moneyText("123456789012345678.01", "PKR")).toBe("Rs 123,456,789,012,345,678.01");
  expect(moneyText("1500.00", "PKR")).toBe("Rs 1,500");
  expect(moneyText("-20.5", "USD")).toBe("−USD 20.5");
  expect(moneyText("n/a", "PKR")).toBe("Rs n/a");
});

test("Urdu keeps Latin digits", () => {
  expect(formatFor("ur").number(12345)).toMatch(/^12,345$/);
});

test("in Urdu the part of the day stays behind its hour", () => {
  const at = new Date(2026, 10, 22, 0, 34, 5);
  expect(formatFor("ur").time(at)).toBe("\u206612:34 AM\u2069");
  expect(formatFor("ur").dateTime(at)).toMatch(/22 .*\u206612:34 AM\u2069$/);
  expect(formatFor("ur").moment(at)).toMatch(/\u206612:34:05 AM\u2069$/);
  expect(formatFor("en").time(at)).toBe("12:34 am");
});

test("times are told in the largest unit that fits", () => {
  const en = formatFor("en");
  const now = Date.parse("2026-01-02T00:00:00Z");
  expect(en.ago(now - 3_000, now)).toBe("now");
  expect(en.ago(now - 30_000, now)).toMatch(/30 sec/);
  expect(en.ago(now - 90 * 60_000, now)).toMatch(/1 hr/);
  expect(en.ago(now + 3 * 86_400_000, now)).toMatch(/in 3 days/);
});

test("the choice goes before the browser's languages, and unknown ones are passed over", () => {
  expect(pick("ur", ["en"])).toBe("ur");
  expect(pick(null, ["de", "ur-PK", "en"])).toBe("ur");
  expect(pick("xx", ["de"])).toBe("en");
});
