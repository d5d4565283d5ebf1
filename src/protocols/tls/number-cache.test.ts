import { expect, test } from "vitest";
import { NumberCache, numbersMax } from "./number-cache.ts";

/** Looks a key up; the answer is how often a value was made before. */
function counting(): (first: number, ...lists: number[][]) => number {
  const cache = new NumberCache<number>();
  let made = 0;
  return (first, ...lists) => {
    cache.begin(first);
    for (const list of lists) cache.list(list);
    return cache.value(() => made++);
  };
}

test("the same numbers have the same value, others one of their own", () => {
  const look = counting();
  expect(look(1, [2, 3], [4])).toBe(0);
  expect(look(1, [2, 3], [4])).toBe(0);
  expect(look(1, [2], [3, 4])).toBe(1);
  expect(look(2, [2, 3], [4])).toBe(2);
  expect(look(1, [2, 3], [4], [])).toBe(3);
  expect(look(1, [2, 3], [5])).toBe(4);
});

test("keys that share a place replace one another and are never mixed up", () => {
  const look = counting();
  const first = Array.from({ length: 3000 }, (_, i) => look(i, [i * 7, i]));
  expect(new Set(first).size).toBe(3000);
  expect(look(2999, [2999 * 7, 2999])).toBe(2999);
});

test("keys beyond the limit are made anew each time", () => {
  const look = counting();
  const long = Array.from({ length: numbersMax }, (_, i) => i);
  expect([look(1, long), look(1, long)]).toEqual([0, 1]);
});
