import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Moments } from "./moments.ts";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 100 });

function moments(values: readonly number[]): Moments {
  const result = new Moments();
  for (const value of values) result.add(value);
  return result;
}

/** The textbook's two passes. */
function twoPass(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: values.length < 2 ? 0 : squares / (values.length - 1) };
}

const near = (value: number, wanted: number, scale: number): void =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * (scale + Math.abs(wanted)));

describe("moments", () => {
  test("equal two passes over the values, and merging equals one stream", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const whole = twoPass([...a, ...b]);
        const merged = moments(a);
        merged.merge(moments(b));
        for (const result of [moments([...a, ...b]), merged]) {
          expect(result.count).toBe(a.length + b.length);
          near(result.mean, whole.mean, 1e6);
          near(result.variance, whole.variance, 1e12);
        }
      }),
    );
  });

  test("a small deviation beside a large mean survives", () => {
    expect(moments([1e9, 1e9 + 1, 1e9 + 2]).variance).toBe(1);
    const merged = moments([1e9, 1e9 + 1]);
    merged.merge(moments([1e9 + 2]));
    expect(merged.variance).toBeCloseTo(1, 6);
  });

  test.each([
    ["nothing", [], 0, 0],
    ["one value", [4], 4, 0],
    ["a mean of 0", [-1, 1], 0, 0],
  ])("%s has no variation", (_case, values, mean, variation) => {
    expect([moments(values).mean, moments(values).variation]).toEqual([mean, variation]);
  });

  test("go on where they were saved", () => {
    const before = moments([1, 5, 9]);
    const after = new Moments();
    expect(after.fromState(JSON.parse(JSON.stringify(before.state())))).toBe(true);
    for (const one of [before, after]) one.add(2);
    expect(after).toEqual(before);
    expect(after.state()).toEqual(before.state());
  });

  test.each([["a text"], [undefined], [[1, 2]], [[1, 2, "3"]], [[1, 2, Number.NaN]], [{ count: 1 }]])("%j is no saved state", (state) => {
    const of = moments([3]);
    expect(of.fromState(state)).toBe(false);
    expect([of.count, of.mean]).toEqual([1, 3]);
  });
});
