import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { measureDispersion } from "./dispersion.ts";
import { transform } from "./fourier.ts";
import { contactsMax, judgeBeacon } from "./periodicity.ts";
import { gapScore } from "./rita-score.ts";
import { findPeriod } from "./spectrum.ts";

const hours = 3600;
const sum = (gaps: readonly number[]): number[] => {
  let time = 0;
  return gaps.map((gap) => (time += gap));
};
const gaps = (count: number, of: (random: Random, i: number) => number, seed = 7): number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => of(random, i));
};
const burst = (random: Random, i: number): number => (i % 9 === 0 ? random.exponential(500) : random.exponential(1));
const score = (times: readonly number[], bytes = times.map(() => 640)): number => judgeBeacon({ times, bytes })?.score ?? Number.NaN;

describe("judgeBeacon", () => {
  test.each([
    ["a clock", gaps(480, () => 60), 0.99, 1, 60],
    ["a clock with ±20 % jitter", gaps(480, (r) => 60 * (0.8 + 0.4 * r.unit())), 0.97, 1, 60],
    ["a clock with ±50 % jitter", gaps(480, (r) => 60 * (0.5 + r.unit())), 0.95, 1, 60],
    ["a clock of which a fifth is missing", gaps(480, (r) => (r.chance(0.2) ? 120 : 60)), 0.97, 1, 60],
    ["independent arrivals of one size", gaps(480, (r) => r.exponential(60)), 0.6, 1, undefined],
    ["bursts", gaps(480, burst), 0, 0.05, undefined],
    ["a clock of ten minutes' length", gaps(60, () => 10), 0, 0.95, 10],
  ])("%s", (_case, intervals, low, high, period) => {
    const judged = judgeBeacon({ times: sum(intervals), bytes: intervals.map(() => 640) });
    expect(judged?.score).toBeGreaterThanOrEqual(low);
    expect(judged?.score).toBeLessThanOrEqual(high);
    if (period === undefined) expect(judged?.period).toBeUndefined();
    else expect(Math.abs((judged?.period ?? 0) / period - 1)).toBeLessThan(0.05);
  });

  test("the order of the gaps counts: the same gaps in clumps are no beacon, while sorted gaps cannot tell", () => {
    const mixed = gaps(480, (r) => r.exponential(60));
    const clumped = Array.from({ length: 12 }, (_, k) => mixed.slice(40 * k, 40 * k + 40).toSorted((a, b) => a - b)).flat();
    expect(gapScore(sum(clumped))).toBeCloseTo(gapScore(sum(mixed)) ?? 0, 2);
    expect(score(sum(clumped))).toBeLessThan(score(sum(mixed)) - 0.3);
  });

  test("a machine that was off at night keeps its beacon", () => {
    const day = gaps(300, (r) => 60 * (0.5 + r.unit()));
    day[150] = 8 * hours;
    expect(score(sum(day))).toBeGreaterThan(0.9);
  });

  test("sizes all over speak against", () => {
    const times = sum(gaps(300, (r) => r.exponential(60)));
    const random = new Random(3);
    const various = times.map(() => 5000 * Math.exp(random.normal(0, 1.4)));
    expect(score(times, various)).toBeLessThan(score(times) - 0.2);
  });

  test("a pair seen for an hour of a day that was watched is weaker", () => {
    const times = sum(gaps(120, () => 30));
    expect(judgeBeacon({ times, from: 0, to: 24 * hours })?.score).toBeLessThan(judgeBeacon({ times })?.score ?? 0);
  });

  test.each([
    ["no contacts", []],
    ["eleven contacts", sum(gaps(11, () => 60))],
    ["contacts all at once", gaps(20, () => 5)],
  ])("%s are not judged", (_case, times) => expect(judgeBeacon({ times })).toBeUndefined());

  test("what is too much is cut, and the same input gives the same judgement", () => {
    const times = sum(gaps(contactsMax + 500, (r) => 20 + r.unit()));
    const judged = judgeBeacon({ times });
    expect(judged?.contacts).toBe(contactsMax);
    expect(judgeBeacon({ times })).toEqual(judged);
  });

  test("any ascending times give a score between zero and one", () => {
    const random = new Random(11);
    for (let round = 0; round < 200; round++) {
      const spread = random.between(1, 5);
      const times = sum(gaps(random.between(12, 80), (r) => (r.chance(0.3) ? 0 : Math.exp(r.normal(0, spread))), round + 1));
      const judged = judgeBeacon({ times, bytes: times.map(() => random.between(0, 3)) });
      if (judged === undefined) continue;
      expect(judged.score).toBeGreaterThanOrEqual(0);
      expect(judged.score).toBeLessThanOrEqual(1);
    }
  });
});

describe("what it stands on", () => {
  test("the transform equals the sum it stands for", () => {
    const random = new Random(5);
    const real = Float64Array.from({ length: 16 }, () => random.unit());
    const given = [real.slice(), new Float64Array(16)] as const;
    transform(given[0], given[1]);
    for (let k = 0; k < 16; k++) {
      const angle = (n: number): number => (-2 * Math.PI * k * n) / 16;
      expect(given[0][k]).toBeCloseTo(
        real.reduce((total, value, n) => total + value * Math.cos(angle(n)), 0),
        10,
      );
      expect(given[1][k]).toBeCloseTo(
        real.reduce((total, value, n) => total + value * Math.sin(angle(n)), 0),
        10,
      );
    }
  });

  test("independent arrivals have no period in 19 of 20 cases, and an Allan factor of about one", () => {
    let found = 0;
    let clumping = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const times = sum(gaps(400, (r) => r.exponential(10), seed));
      if (findPeriod(times) !== undefined) found++;
      clumping += measureDispersion(times).clumping / 40;
    }
    expect(found).toBeLessThanOrEqual(2);
    expect(Math.abs(clumping)).toBeLessThan(0.35);
  });

  test("a clock among as many independent arrivals is found", () => {
    const noise = sum(gaps(200, (r) => r.exponential(60)));
    const times = [...noise, ...sum(gaps(200, () => 60))].toSorted((a, b) => a - b);
    expect(Math.abs((findPeriod(times)?.seconds ?? 0) - 60)).toBeLessThan(1.5);
  });
});
