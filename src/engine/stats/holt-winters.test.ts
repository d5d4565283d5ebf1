import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { HoltWinters, type HoltWintersConfig } from "./holt-winters.ts";

const [day, week] = [24, 168];
/** Hourly traffic: busy by day, quiet at the weekend. */
function traffic(hour: number): number {
  const weekend = Math.floor(hour / day) % 7 >= 5;
  return 1000 - 400 * Math.cos((2 * Math.PI * hour) / day) - (weekend ? 300 : 0);
}

interface Run {
  readonly of: HoltWinters;
  readonly distances: number[];
}

function run(config: Partial<HoltWintersConfig>, hours: number, value: (hour: number) => number): Run {
  const of = new HoltWinters(config);
  return { of, distances: Array.from({ length: hours }, (_, hour) => of.add(value(hour))) };
}

function noisy(seed: number, deviation = 30): (hour: number) => number {
  const random = new Random(seed);
  return (hour) => traffic(hour) + random.normal(0, deviation);
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;

describe("Holt–Winters", () => {
  test("one step of the formulas by hand", () => {
    const of = new HoltWinters({ level: 0.5, trend: 0.1, season: 0.2, periods: [2] });
    for (const value of [10, 20]) of.add(value);
    // level 15, seasons -5 and 5; the next value should be 10 and is 14.
    expect(of.forecast).toBe(10);
    of.add(14);
    // l = .5·(14 + 5) + .5·15 = 17, b = .1·2 = .2, s₀ = .5·(14 − 17) + .5·(−5) = −4 (its second value: half), d = |4|.
    expect(of.forecast).toBeCloseTo(17 + 0.2 + 5, 6);
    expect(of.deviation).toBe(4);
    of.add(22.2);
    expect(of.forecast).toBeCloseTo(17.2 + 0.2 - 4, 6);
    expect([of.isReady, of.upper - of.lower]).toEqual([true, 6 * of.deviation]);
  });

  test("a repeating day without noise is forecast exactly from its second time on", () => {
    const { of, distances } = run({ periods: [day] }, 10 * day, (hour) => traffic(hour % day));
    expect(of.deviation).toBeLessThan(0.01);
    expect(meanOf(distances.slice(0, 2 * day))).toBe(0);
  });

  test("a repeating week without noise is forecast exactly from its second time on", () => {
    const of = run({ periods: [day, week] }, week, traffic).of;
    let worst = 0;
    for (let hour = week; hour < 3 * week; hour++) {
      worst = Math.max(worst, Math.abs(of.forecast - traffic(hour)));
      of.add(traffic(hour));
    }
    expect(worst).toBeLessThan(0.01);
  });

  test("day and week together learn the weekend, a day alone does not", () => {
    const both = run({ periods: [day, week] }, 10 * week, noisy(1));
    const one = run({ periods: [day] }, 10 * week, noisy(1));
    // The noise itself has a mean absolute deviation of 30·0.8 = 24.
    expect(both.of.deviation).toBeLessThan(31);
    expect(one.of.deviation).toBeGreaterThan(1.5 * both.of.deviation);
  });

  test("a band of three deviations leaves out few hours, and a spike stands far outside", () => {
    const value = noisy(2);
    const { distances } = run({ periods: [day, week] }, 12 * week, (hour) => value(hour) + (hour === 11 * week + 30 ? 500 : 0));
    const last = distances.slice(8 * week);
    expect(last.filter((distance) => Math.abs(distance) > 3).length / last.length).toBeLessThan(0.04);
    expect(distances[11 * week + 30]).toBeGreaterThan(10);
  });

  test("an attack of three hours does not become usual: the same hours of the next day are no outliers", () => {
    const value = noisy(3);
    const attack = 6 * week + 10;
    const { distances } = run({ periods: [day] }, 6 * week + 2 * day, (hour) =>
      hour >= attack && hour < attack + 3 ? 20_000 : value(hour % day),
    );
    expect(Math.min(...distances.slice(attack, attack + 3))).toBeGreaterThan(50);
    expect(Math.max(...distances.slice(attack + day, attack + day + 3).map(Math.abs))).toBeLessThan(6);
  });

  test("a lasting new level is learnt within two days", () => {
    const value = noisy(4);
    const { distances } = run({ periods: [day] }, 20 * day, (hour) => value(hour % day) + (hour >= 16 * day ? 2000 : 0));
    expect(distances[16 * day]).toBeGreaterThan(10);
    expect(meanOf(distances.slice(18 * day))).toBeLessThan(3);
  });

  test("hours without a value keep the place in the day", () => {
    const value = noisy(5);
    const { of } = run({ periods: [day] }, 10 * day, (hour) => value(hour % day));
    of.skip(7);
    expect(Math.abs(of.forecast - traffic(7))).toBeLessThan(60);
    const fresh = new HoltWinters({ periods: [4] });
    fresh.add(8);
    fresh.skip(6);
    expect([fresh.isReady, fresh.forecast]).toEqual([false, 8]);
  });

  test("goes on where it was saved, and takes nothing else", () => {
    const before = run({ periods: [6, 12] }, 40, noisy(6)).of;
    const after = new HoltWinters({ periods: [6, 12] });
    expect(after.fromState(JSON.parse(JSON.stringify(before.state())))).toBe(true);
    expect(after.add(900)).toBe(before.add(900));
    expect(after.state()).toEqual(before.state());
    expect(new HoltWinters({ periods: [6] }).fromState(before.state())).toBe(false);
    expect(after.fromState([-1, ...before.state().slice(1)])).toBe(false);
  });

  test.each([
    ["no season", []],
    ["longest first", [12, 6]],
    ["half a step", [1.5]],
    ["more than two weeks of minutes", [20_161]],
  ])("%s is refused", (_case, periods) => expect(() => new HoltWinters({ periods })).toThrow(/seasons/));
});
