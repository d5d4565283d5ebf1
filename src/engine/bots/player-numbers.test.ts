import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { PlayerNumbers, pairAt, putPair, putSmall, smallAt } from "./player-numbers.ts";

describe("numbers of a player", () => {
  test("sections grow in any order and keep what they hold", () => {
    const random = new Random(7);
    const numbers = new PlayerNumbers();
    const held = Array.from({ length: 11 }, (): number[] => []);
    for (let i = 0; i < 400; i++) {
      const section = Math.floor(random.unit() * held.length);
      const count = 1 + Math.floor(random.unit() * 5);
      const at = numbers.grow(section, count);
      for (let k = 0; k < count; k++) {
        expect(numbers.all[at + k]).toBe(0);
        numbers.all[at + k] = i + k / 8;
        held[section]?.push(i + k / 8);
      }
    }
    held.forEach((values, section) => {
      const from = numbers.from(section);
      expect([...numbers.all.subarray(from, from + numbers.room(section))]).toEqual(values);
    });
  });

  test("three values of 21 bits stand in one number, whatever they are and in whatever order they are put", () => {
    const random = new Random(8);
    const all = new Float64Array(40);
    const values = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      const index = Math.floor(random.unit() * 120);
      const value = i % 5 === 0 ? 0x1f_ffff : Math.floor(random.unit() * 2 ** 21);
      putSmall(all, 0, index, value);
      values.set(index, value);
      expect(all.every(Number.isFinite)).toBe(true);
    }
    for (const [index, value] of values) expect(smallAt(all, 0, index)).toBe(value);
  });

  test.each([
    ["usual", 1.5, -2048.25],
    ["rounded to infinity", 1e39, -1e39],
    ["tiny", 1e-42, -1e-42],
    ["nothing", 0, -0],
    ["no number", Number.NaN, Number.NaN],
  ])("a pair of numbers: %s", (_case, first, second) => {
    const all = new Float64Array(2);
    putPair(all, 1, first, second);
    expect(Number.isFinite(all[1])).toBe(true);
    expect([...pairAt(all, 1).subarray(0, 2)]).toEqual([Math.fround(first), Math.fround(second)]);
  });
});
