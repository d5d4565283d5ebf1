import { expect, test } from "vitest";
import { OldestFirstMap, OldestFirstSet } from "./oldest-first.ts";
import { Random } from "./random.ts";

test("the first that was put in goes at the limit", () => {
  const table = new OldestFirstMap<number, { since: number }>(2);
  for (const key of [7, -8, 9]) table.set(key, { since: Math.abs(key) });
  expect([7, -8, 9].map((key) => table.get(key)?.since)).toEqual([undefined, 8, 9]);
});

test("what began before goes, what took its place stays", () => {
  const table = new OldestFirstMap<number, { since: number }>(4);
  table.set(1, { since: 10 });
  table.set(2, { since: 11 });
  table.renew(1, { since: 30 });
  table.expire(({ since }) => since < 20);
  expect([table.size, table.get(1)?.since, table.get(2)]).toEqual([1, 30, undefined]);
});

test("holds no more than its capacity, and of each key the last value", () => {
  const random = new Random(5);
  let held = 0;
  const table = new OldestFirstMap<number, { since: number }>(50, () => void held--);
  const last = new Map<number, number>();
  for (let time = 1; time < 5000; time++) {
    const key = random.between(0, 80);
    last.set(key, time);
    table.renew(key, { since: time });
    held++;
    if (random.chance(0.1)) table.expire(({ since }) => since < time - 30);
    expect(table.size).toBeLessThanOrEqual(50);
    expect(table.get(key)?.since).toBe(time);
    expect(held).toBe(table.size);
  }
  for (const [key, time] of last) expect([undefined, time]).toContain(table.get(key)?.since);
});

test("behaves as a plain map whose first entry is deleted at the limit", () => {
  const random = new Random(11);
  const max = 20;
  const table = new OldestFirstMap<number, number>(max);
  const plain = new Map<number, number>();
  const room = (key: number): void => {
    if (!plain.has(key) && plain.size >= max) plain.delete(plain.keys().next().value ?? -1);
  };
  for (let step = 0; step < 20_000; step++) {
    const key = random.between(0, 40);
    const deed = random.between(0, 5);
    if (deed === 0) {
      room(key);
      plain.set(key, step);
      table.set(key, step);
    } else if (deed === 1) {
      room(key);
      plain.delete(key);
      plain.set(key, step);
      table.renew(key, step);
    } else if (deed === 2) {
      plain.delete(key);
      table.delete(key);
    } else if (deed === 3) {
      if (!plain.has(key)) {
        room(key);
        plain.set(key, step);
      }
      expect(table.ensure(key, () => step)).toBe(plain.get(key));
    } else {
      for (const [first, value] of plain) {
        if (value >= step - 100) break;
        plain.delete(first);
      }
      table.expire((value) => value < step - 100);
    }
    if (step % 100 === 0) expect([...table.values()]).toEqual([...plain.values()]);
    expect([table.size, table.has(key), table.get(key)]).toEqual([plain.size, plain.has(key), plain.get(key)]);
  }
});

test("a set keeps the last that were added", () => {
  const set = new OldestFirstSet<string>(2);
  for (const name of ["a", "b", "a", "c"]) set.add(name);
  expect([...set]).toEqual(["b", "c"]);
  set.delete("b");
  expect([set.has("b"), set.has("c")]).toEqual([false, true]);
});
