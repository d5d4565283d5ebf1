import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { distance, robustDistance } from "./distance.ts";
import { RollingMedian, StreamMedian } from "./median.ts";

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

describe("rolling median", () => {
  test("equals median and MAD of the last values, sorted anew each time", () => {
    const lists = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 60 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 12 }), (values, window) => {
        const of = new RollingMedian(window);
        values.forEach((value, i) => {
          of.add(value);
          const held = values.slice(Math.max(0, i + 1 - window), i + 1);
          const centre = median(held);
          const distances = held.map((one) => Math.abs(one - centre));
          expect([of.size, of.median, of.medianDistance]).toEqual([held.length, centre, median(distances)]);
          expect(of.meanDistance).toBeCloseTo(distances.reduce((sum, one) => sum + one, 0) / held.length, 9);
        });
        const again = new RollingMedian(window);
        expect(again.fromState(JSON.parse(JSON.stringify(of.state())))).toBe(true);
        for (const one of [of, again]) one.add(5);
        expect([again.state(), again.median]).toEqual([of.state(), of.median]);
      }),
    );
  });

  test("without values nothing is far", () => {
    const of = new RollingMedian(5);
    expect([of.median, of.medianDistance, of.meanDistance, of.distance(9)]).toEqual([0, 0, 0, 0]);
  });

  test.each([[[1, 2, 3, 4, 5, 6]], ["1"], [[Number.NaN]]])("%j is no saved state of five values", (state) => {
    expect(new RollingMedian(5).fromState(state)).toBe(false);
  });
});

describe("median of a stream", () => {
  test("median and MAD of 30,000 normal values are right within the rank error", () => {
    const random = new Random(8);
    const of = new StreamMedian(64, 1);
    for (let i = 0; i < 30_000; i++) of.add(random.normal(50, 10));
    expect(Math.abs(of.median - 50)).toBeLessThan(1.2);
    expect(Math.abs(of.medianDistance - 6.745)).toBeLessThan(1.2);
    expect(Math.abs(of.distance(85) - 3.5)).toBeLessThan(0.6);
    const again = new StreamMedian(64, 1);
    expect([again.fromState(of.state()), again.median, again.count]).toEqual([true, of.median, 30_000]);
  });

  test("one attack among ten values moves neither", () => {
    const of = new StreamMedian();
    for (let i = 0; i < 100; i++) of.add(i % 10 === 0 ? 1e6 : 100 + (i % 5));
    expect([of.median, of.medianDistance]).toEqual([102, 1]);
    expect(of.distance(1e6)).toBe(1000);
    const merged = new StreamMedian();
    merged.merge(of);
    expect(merged.median).toBe(102);
    expect(new StreamMedian().distance(4)).toBe(0);
  });
});

describe("distances", () => {
  test.each([
    ["Iglewicz and Hoaglin's factor", robustDistance(13.5, 10, 0.6745, 9), 3.5],
    ["equal values but one: the mean distance serves", robustDistance(12, 10, 0, 0.7979), 2],
    ["beside a constant everything is as far as can be", robustDistance(9, 10, 0, 0), -1000],
    ["the constant itself is not", robustDistance(10, 10, 0, 0), 0],
    ["a plain one", distance(-6, 2), -3],
    ["a spread of next to nothing", distance(1, 1e-300), 1000],
  ])("%s", (_case, value, wanted) => expect(value).toBeCloseTo(wanted, 9));
});
