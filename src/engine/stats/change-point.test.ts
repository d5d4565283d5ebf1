import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { meanShift, PageHinkley } from "./change-point.ts";

describe("Page–Hinkley", () => {
  test("is the distance of the cumulated deviations from their extremes so far", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 80 }), (values) => {
        const of = new PageHinkley({ slack: 0.5, limit: 12, warmUp: 3 }, 2);
        let [sum, up, least, down, most] = [0, 0, 0, 0, 0];
        values.forEach((value, i) => {
          sum += value;
          const mean = sum / (i + 1);
          up += value - mean - 0.5;
          down += value - mean + 0.5;
          [least, most] = [Math.min(least, up), Math.max(most, down)];
          const side = of.add(value, 1);
          if (i + 1 < 3) expect(side).toBe(0);
          else if (Math.abs(up - least - 12) > 1e-9 && Math.abs(most - down - 12) > 1e-9)
            expect(side).toBe(up - least > 12 ? 1 : most - down > 12 ? -1 : 0);
        });
      }),
    );
  });

  test.each([
    ["up", 1 as const],
    ["down", -1 as const],
  ])("a shift %s by two deviations is seen, and said when it began", (_case, side) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const of = new PageHinkley({ slack: 0.5, limit: 15, warmUp: 30 });
      for (let i = 0; i < 300; i++) expect(of.add(random.normal(10, 1))).toBe(0);
      let after = 0;
      do after++;
      while (of.add(random.normal(10 + 2 * side, 1)) === 0);
      expect(after).toBeLessThan(25);
      expect(Math.abs(of.since(side) - after)).toBeLessThanOrEqual(10);
    }
  });

  test("goes on where it was saved", () => {
    const config = { slack: 0, limit: 5, warmUp: 1 };
    const [before, after] = [new PageHinkley(config, 2), new PageHinkley(config)];
    for (const value of [1, 2, 3]) before.add(value, 1);
    expect(after.fromState(JSON.parse(JSON.stringify(before.state(1))))).toBe(true);
    expect([after.add(9), after.mean()]).toEqual([before.add(9, 1), 3.75]);
    after.clear();
    expect([after.mean(), after.since(1), after.fromState([])]).toEqual([0, 0, false]);
  });
});

describe("mean shift", () => {
  test("finds where the level changed", () => {
    const random = new Random(2);
    const values = Array.from({ length: 100 }, (_, i) => random.normal(i < 70 ? 5 : 9, 1));
    const shift = meanShift(values);
    expect(Math.abs((shift?.at ?? 0) - 70)).toBeLessThanOrEqual(2);
    expect(Math.abs((shift?.before ?? 0) - 5)).toBeLessThan(0.5);
    expect(Math.abs((shift?.after ?? 0) - 9)).toBeLessThan(0.5);
    expect(shift?.rarity).toBeLessThan(1e-6);
  });

  test("without a change, one list in twenty is as rare as 5 %, and none is called rarer than it is", () => {
    const random = new Random(4);
    const rarities = Array.from(
      { length: 1000 },
      () => meanShift(Array.from({ length: 200 }, () => random.exponential(1)))?.rarity as number,
    );
    const share = rarities.filter((rarity) => rarity < 0.05).length / rarities.length;
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.055);
  });

  test.each([
    ["too few values", [1, 2, 3]],
    ["equal values", [4, 4, 4, 4, 4]],
  ])("%s have none", (_case, values) => expect(meanShift(values)).toBeUndefined());

  test("two clean levels are cut exactly", () => {
    expect(meanShift([1, 1, 1, 1, 5, 5, 5, 5])).toMatchObject({ at: 4, before: 1, after: 5 });
  });
});
