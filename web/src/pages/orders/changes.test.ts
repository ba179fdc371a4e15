import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gatherer } from "./changes";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("changes that never pause are told all the same, each once", async () => {
  const told: string[][] = [];
  const gatherer = new Gatherer(async (ids) => void told.push(ids));
  for (let n = 0; n < 50; n++) {
    gatherer.add([`order-${n}`]);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(told.length).toBeGreaterThan(10);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told.flat()).toEqual(Array.from({ length: 50 }, (_, n) => `order-${n}`));
});

test("what comes while a call is under way is told after it", async () => {
  const told: string[][] = [];
  let finish = () => undefined as void;
  const gatherer = new Gatherer((ids) => {
    told.push(ids);
    return new Promise((resolve) => (finish = resolve));
  });
  gatherer.add(["a"]);
  await vi.advanceTimersByTimeAsync(1_000);
  gatherer.add(["b"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([["a"]]);
  finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([["a"], ["b"]]);
});

test("what could not be told is told again, until nobody looks", async () => {
  const told: string[][] = [];
  const gatherer = new Gatherer(async (ids) => {
    told.push(ids);
    throw new Error("away");
  });
  gatherer.add(["a"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told.length).toBeGreaterThan(1);
  gatherer.end();
  const calls = told.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told.length).toBe(calls);
});
