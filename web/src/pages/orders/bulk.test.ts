import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { runBulk } from "./bulk";

const refused = new Problem({ status: 409, code: "wrong_order_state", detail: "no" }, "refused");

test("one refusal does not stop the others", async () => {
  const outcomes = await runBulk(["a", "b", "c"], async (id) => {
    if (id === "b") throw refused;
  });
  expect(new Map(outcomes.map((o) => [o.id, o.error?.code ?? null]))).toEqual(new Map([["a", null], ["b", "wrong_order_state"], ["c", null]]));
});

test("never more at once than asked for, each exactly once", async () => {
  let now = 0;
  let most = 0;
  const seen: string[] = [];
  const ids = Array.from({ length: 25 }, (_, i) => String(i));
  await runBulk(ids, async (id) => {
    most = Math.max(most, (now += 1));
    await Promise.resolve();
    seen.push(id);
    now -= 1;
  }, { width: 3 });
  expect(most).toBe(3);
  expect(seen.sort()).toEqual([...ids].sort());
});

test("stopping leaves the rest alone", async () => {
  const stop = new AbortController();
  const outcomes = await runBulk(["a", "b", "c", "d"], async () => stop.abort(), { width: 1, signal: stop.signal });
  expect(outcomes.map((o) => o.id)).toEqual(["a"]);
});
