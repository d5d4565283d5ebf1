import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

function sketch(values: Iterable<number>, k = 200, seed = 0): QuantileSketch {
  const result = new QuantileSketch(k, seed);
  for (const value of values) result.add(value);
  return result;
}

/** The largest distance between the sketch's ranks and the true ones, over all values. */
function rankError(of: QuantileSketch, values: Iterable<number>): number {
  const sorted = Float64Array.from(values).toSorted();
  let worst = 0;
  for (let i = 0; i < sorted.length; i += 7) worst = Math.max(worst, Math.abs(of.rank(sorted[i] as number) - (i + 1) / sorted.length));
  return worst;
}

const shuffled = (count: number, seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.unit());
};

describe("quantile sketch", () => {
  test("is exact as long as nothing was dropped", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 190 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const of = sketch(values);
          const sorted = values.toSorted((a, b) => a - b);
          expect(of.quantile(share)).toBe(sorted[Math.max(0, Math.ceil(share * values.length - 1e-12) - 1)]);
          expect(of.rank(3)).toBe(values.filter((value) => value <= 3).length / values.length);
          expect([of.min, of.max, of.count]).toEqual([sorted[0], sorted.at(-1), values.length]);
        },
      ),
    );
  });

  test("weights always add up to the count, and every value kept is one that came", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 8, max: 40 }), fc.nat(), (count, k, seed) => {
        const of = sketch(
          Array.from({ length: count }, (_, i) => (i * 7919) % 3001),
          k,
          seed,
        );
        expect(of.order().weight).toBe(count);
        for (const share of [0, 0.1, 0.5, 1]) expect(Number.isInteger(of.quantile(share))).toBe(true);
        expect(of.rank(3001)).toBe(count === 0 ? 0 : 1);
      }),
    );
  });

  test.each([
    ["in no order", shuffled(20_000, 1)],
    ["rising", shuffled(20_000, 2).toSorted()],
    ["falling", shuffled(20_000, 3).toSorted().toReversed()],
    ["heavy-tailed", shuffled(20_000, 4).map((unit) => 1 / (1 - unit))],
  ])("20,000 values %s: ranks are right within 1.65 % for at least 19 of 20 seeds", (_case, values) => {
    const errors = Array.from({ length: 20 }, (_, seed) => rankError(sketch(values, 200, seed), values));
    expect(errors.filter((error) => error > 0.0165).length).toBeLessThanOrEqual(1);
  });

  test("16 merged in order are as right as one", () => {
    const parts = Array.from({ length: 16 }, (_, part) => shuffled(part * 1000, part).map((unit) => unit + part / 16));
    const whole = parts.flatMap((part) => [...part]);
    let wrong = 0;
    for (let seed = 0; seed < 10; seed++) {
      const merged = new QuantileSketch(200, seed);
      for (const part of parts) merged.merge(sketch(part, 200, seed + 100));
      expect([merged.count, merged.order().weight]).toEqual([whole.length, whole.length]);
      if (rankError(merged, whole) > 0.0165) wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(1);
  });

  test("the same seed and order give the same sketch, and it grows no further than about 4k", () => {
    const values = shuffled(100_000, 9);
    expect(sketch(values, 100, 4).state()).toEqual(sketch(values, 100, 4).state());
    expect(sketch(values, 100, 4).state()).not.toEqual(sketch(values, 100, 5).state());
    expect(sketch(values, 100, 4).state().length).toBeLessThan(500);
  });

  test("reading does not change what comes", () => {
    const [read, unread] = [new QuantileSketch(20, 1), new QuantileSketch(20, 1)];
    for (const value of shuffled(2000, 5)) {
      read.add(value);
      unread.add(value);
      read.quantile(0.5);
    }
    expect(read.state()).toEqual(unread.state());
  });

  test("goes on where it was saved", () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(500), (first, second) => {
        const before = sketch(shuffled(first, 1), 16, 3);
        const after = new QuantileSketch(16, 3);
        expect(after.fromState(JSON.parse(JSON.stringify(before.state())))).toBe(true);
        for (const value of shuffled(second, 2)) {
          before.add(value);
          after.add(value);
        }
        expect(after.state()).toEqual(before.state());
      }),
    );
  });

  test.each([
    ["another k", [16, 0, 0, 0, 0, 1, 0]],
    ["too few numbers", [20, 0, 0]],
    ["a weight that is not the count", [20, 3, 0, 1, 0, 1, 2, 0.5, 0.25]],
    ["items missing", [20, 2, 0, 1, 0, 1, 2, 0.5]],
    ["an upper level out of order", [20, 4, 0, 1, 0, 2, 0, 2, 0.5, 0.25]],
    ["half an item", [20, 1, 0, 1, 0, 1, 0.5, 0.5]],
    ["levels without end", [20, 1, 0, 1, 0, 1e9, 1, 0.5]],
  ])("%s is no saved state", (_case, state) => {
    const of = sketch([7], 20);
    expect(of.fromState(state)).toBe(false);
    expect([of.count, of.quantile(0.5)]).toEqual([1, 7]);
  });
});
