import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HyperLogLog } from "./hyper-log-log.ts";

function counted(keys: Iterable<number>, seed = 0): HyperLogLog {
  const result = new HyperLogLog(10, 1, seed);
  for (const key of keys) result.add(key);
  return result;
}

function* run(from: number, count: number, step = 1): Generator<number> {
  for (let i = 0; i < count; i++) yield from + i * step;
}

describe("hyper-log-log", () => {
  test.each([
    ["none", 0, 0],
    ["one", 1, 0.01],
    ["ten, of which two may share a register", 10, 0.101],
    ["a hundred", 100, 4 * 0.0325],
    ["a thousand", 1000, 4 * 0.0325],
    ["three thousand, where the correction for small counts ends", 3000, 4 * 0.0325],
    ["a hundred thousand", 100_000, 4 * 0.0325],
  ])("%s distinct keys are counted within four standard errors", (_case, count, error) => {
    for (const step of [1, 256, 4_294_967_296 + 1]) {
      expect(Math.abs(counted(run(0x0a00_0000, count, step)).estimate() - count)).toBeLessThanOrEqual(error * count);
    }
  });

  test("over many seeds the error's deviation is 1.04/√m and there is no bias", () => {
    const seeds = 200;
    let [sum, squares] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const error = counted(run(0, 10_000), seed).estimate() / 10_000 - 1;
      sum += error;
      squares += error * error;
    }
    const expected = 1.04 / 32;
    expect(Math.abs(sum / seeds)).toBeLessThan((3.5 * expected) / Math.sqrt(seeds));
    expect(Math.sqrt(squares / seeds)).toBeGreaterThan(expected * 0.8);
    expect(Math.sqrt(squares / seeds)).toBeLessThan(expected * 1.2);
  });

  test("order and repetition do not matter, and merging is the union", () => {
    const keys = fc.array(fc.maxSafeInteger(), { maxLength: 200 });
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const whole = counted([...b, ...a, ...b]).estimate();
        const [ab, ba] = [counted(a), counted(b)];
        ab.merge(counted(b));
        ba.merge(counted(a));
        expect([ab.estimate(), ba.estimate()]).toEqual([whole, whole]);
      }),
    );
  });

  test("rows do not disturb each other", () => {
    const table = new HyperLogLog(6, 3);
    for (const key of run(1, 50)) table.add(key, 1);
    expect([table.estimate(0), table.estimate(2)]).toEqual([0, 0]);
    table.merge(table, 2, 1);
    table.clear(1);
    expect([table.estimate(1), table.estimate(2) > 25]).toEqual([0, true]);
  });

  test("a key seen again changes nothing", () => {
    const of = counted([1, 2, 3]);
    expect([of.add(2), of.add(1)]).toEqual([false, false]);
  });
});
