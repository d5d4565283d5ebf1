import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Adwin } from "./adwin.ts";

/** Values between the shift and the first cut behind it; undefined without one. */
function delay(of: Adwin, random: Random, before: number, after: number): number | undefined {
  for (let i = 0; i < 2000; i++) of.add(random.chance(before) ? 1 : 0);
  for (let i = 1; i <= 2000; i++) if (of.add(random.chance(after) ? 1 : 0)) return i;
  return undefined;
}

describe("ADWIN", () => {
  test("the window's mean is that of the last values, as many as it says", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 400 }), fc.integer({ min: 1, max: 40 }), (values, testEvery) => {
        const of = new Adwin({ high: 8, delta: 0.3, testEvery });
        values.forEach((value, i) => {
          const isCut = of.add(value);
          const held = values.slice(i + 1 - of.width, i + 1);
          expect(held.length).toBe(of.width);
          expect(of.mean).toBeCloseTo(held.length === 0 ? 0 : held.reduce((sum, one) => sum + one, 0) / held.length, 9);
          if (isCut) expect(of.width).toBeLessThan(i + 1);
        });
      }),
    );
  });

  test.each([
    ["coins", (random: Random): number => (random.chance(0.5) ? 1 : 0)],
    ["rare ones", (random: Random): number => (random.chance(0.02) ? 1 : 0)],
    ["any value", (random: Random): number => random.unit()],
  ])("without drift, %s: false alarms stay below δ per test", (_case, draw) => {
    const delta = 0.02;
    let [alarms, tests] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const of = new Adwin({ delta });
      for (let i = 0; i < 6400; i++) if (of.add(draw(random))) alarms++;
      tests += 200;
    }
    expect(alarms / tests).toBeLessThanOrEqual(delta);
  });

  test.each([
    ["a great shift", 0.2, 0.8, 96],
    ["a moderate one", 0.4, 0.6, 640],
    ["from rare to less rare", 0.01, 0.1, 480],
    ["down", 0.8, 0.2, 96],
  ])("%s is seen within so many values, for every one of 20 seeds", (_case, before, after, most) => {
    for (let seed = 0; seed < 20; seed++) {
      const of = new Adwin();
      const random = new Random(seed);
      const first = delay(of, random, before, after);
      expect(first).toBeLessThanOrEqual(most);
      for (let i = 0; i < 3000; i++) of.add(random.chance(after) ? 1 : 0);
      expect(Math.abs(of.mean - after)).toBeLessThan(0.05);
    }
  });

  test("values are cut to the range", () => {
    const of = new Adwin({ low: -1, high: 3 });
    for (const value of [-100, 100]) of.add(value);
    expect([of.mean, of.width]).toEqual([1, 2]);
  });

  test("goes on where it was saved, and takes nothing else", () => {
    const random = new Random(3);
    const [before, after] = [new Adwin(), new Adwin()];
    for (let i = 0; i < 1000; i++) before.add(random.unit());
    expect(after.fromState(JSON.parse(JSON.stringify(before.state())))).toBe(true);
    for (let i = 0; i < 500; i++) {
      const value = random.chance(0.9) ? 1 : 0;
      expect(after.add(value)).toBe(before.add(value));
    }
    expect([after.width, after.state().length]).toEqual([before.width, before.state().length]);
    expect(after.mean).toBeCloseTo(before.mean, 12);
    expect(after.fromState([...before.state(), 1])).toBe(false);
    expect(after.fromState([before.width + 1, ...before.state().slice(1)])).toBe(false);
  });
});
