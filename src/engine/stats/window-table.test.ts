import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { WindowTable } from "./window-table.ts";

test("the first that was put in goes at the limit", () => {
  const table = new WindowTable<{ since: number }>(2);
  for (const key of [7, -8, 9]) table.add(key, { since: Math.abs(key) });
  expect([7, -8, 9].map((key) => table.get(key)?.since)).toEqual([undefined, 8, 9]);
});

test("what began before goes, what took its place stays", () => {
  const table = new WindowTable<{ since: number }>(4);
  table.add(1, { since: 10 });
  table.add(2, { since: 11 });
  table.add(1, { since: 30 });
  table.expire(20);
  expect([table.size, table.get(1)?.since, table.get(2)]).toEqual([1, 30, undefined]);
});

test("holds no more than its capacity, and of each key the last value", () => {
  const random = new Random(5);
  let held = 0;
  const table = new WindowTable<{ since: number }>(50, () => void held--);
  const last = new Map<number, number>();
  for (let time = 1; time < 5000; time++) {
    const key = random.between(0, 80);
    last.set(key, time);
    table.add(key, { since: time });
    held++;
    if (random.chance(0.1)) table.expire(time - 30);
    expect(table.size).toBeLessThanOrEqual(50);
    expect(table.get(key)?.since).toBe(time);
    expect(held).toBe(table.size);
  }
  for (const [key, time] of last) expect([undefined, time]).toContain(table.get(key)?.since);
});
