import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Ewma } from "./ewma.ts";
import { EwmaChart } from "./ewma-chart.ts";

const numbers = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });

/** Mean and variance with every value's weight written out: equal weights first, then falling by 1 − λ. */
function weighted(values: readonly number[], lambda: number): { mean: number; variance: number } {
  let weights: number[] = [];
  for (let i = 1; i <= values.length; i++) {
    const weight = Math.max(lambda, 1 / i);
    weights = [...weights.map((old) => old * (1 - weight)), weight];
  }
  const mean = values.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
  return { mean, variance: values.reduce((sum, value, i) => sum + (value - mean) ** 2 * (weights[i] as number), 0) };
}

describe("exponential mean", () => {
  test("equals the weighted mean and variance written out", () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, lambda) => {
        const of = new Ewma(lambda, 2);
        for (const value of values) of.add(value, 1);
        const wanted = weighted(values, lambda);
        expect(of.mean(1)).toBeCloseTo(wanted.mean, 6);
        expect(of.variance(1)).toBeCloseTo(wanted.variance, 4);
        expect([of.count(1), of.count(0), of.mean(0)]).toEqual([values.length, 0, 0]);
      }),
    );
  });

  test("follows a shift within its memory", () => {
    const of = new Ewma(2 / 21);
    for (let i = 0; i < 500; i++) of.add(10 + (i % 2));
    for (let i = 0; i < 60; i++) of.add(100 + (i % 2));
    expect(of.mean()).toBeGreaterThan(99);
    expect(of.deviation()).toBeLessThan(12);
  });

  test("goes on where it was saved", () => {
    const [before, after] = [new Ewma(0.3, 2), new Ewma(0.3)];
    for (const value of [1, 5, 9]) before.add(value, 1);
    expect(after.fromState(JSON.parse(JSON.stringify(before.state(1))))).toBe(true);
    before.add(4, 1);
    after.add(4);
    expect(after.state(0)).toEqual(before.state(1));
    expect(after.fromState([1, 2])).toBe(false);
    after.clear();
    expect(after.state()).toEqual([0, 0, 0]);
  });
});

/** Mean number of values until the first alarm. */
function runLength(shift: number, runs: number, limit?: number): number {
  const random = new Random(77);
  const chart = new EwmaChart(limit === undefined ? {} : { limitDeviations: limit });
  let values = 0;
  for (let run = 0; run < runs; run++) {
    chart.clear();
    do values++;
    while (chart.side(chart.add(random.normal(shift, 1))) === 0);
  }
  return values / runs;
}

describe("EWMA chart", () => {
  test("500 values lie between two false alarms (Lucas and Saccucci), within 12 %", () => {
    expect(runLength(0, 1500)).toBeGreaterThan(440);
    expect(runLength(0, 1500)).toBeLessThan(560);
  });

  test("a shift by one deviation is seen after about ten values", () => {
    expect(runLength(1, 1500)).toBeGreaterThan(8);
    expect(runLength(1, 1500)).toBeLessThan(11);
  });

  test("the limit is that of the formula", () => {
    const chart = new EwmaChart({ lambda: 0.25 }, 2);
    const values = [3, -1, 2.5, 0.1];
    let smoothed = 0;
    values.forEach((value, i) => {
      smoothed = 0.25 * value + 0.75 * smoothed;
      const deviation = Math.sqrt((0.25 / 1.75) * (1 - 0.75 ** (2 * (i + 1))));
      expect(chart.add(value, 1)).toBeCloseTo(smoothed / deviation, 12);
    });
    const other = new EwmaChart({ lambda: 0.25 });
    expect(other.fromState(chart.state(1))).toBe(true);
    expect(other.add(1)).toBe(chart.add(1, 1));
    expect([chart.side(3), chart.side(-3), chart.side(2)]).toEqual([1, -1, 0]);
  });
});
