import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "#base/time.ts";
import { Damped, KITSUNE_DECAYS } from "./damped.ts";

const steps = fc.array(fc.tuple(fc.nat(3_000_000), fc.double({ min: -100, max: 100, noNaN: true })), { minLength: 1, maxLength: 50 });

describe("damped window", () => {
  test("equals Kitsune's sums: weight, LS/w and |SS/w − μ²|", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const of = new Damped(KITSUNE_DECAYS, 2);
        const sums = KITSUNE_DECAYS.map(() => ({ weight: 0, linear: 0, squares: 0 }));
        let time = 1_795_000_000_000_000;
        let last = time;
        for (const [gap, value] of list) {
          time += gap;
          of.add(micros(time), value, 1);
          sums.forEach((sum, i) => {
            const faded = 2 ** ((-(KITSUNE_DECAYS[i] as number) * (time - last)) / 1e6);
            sum.weight = sum.weight * faded + 1;
            sum.linear = sum.linear * faded + value;
            sum.squares = sum.squares * faded + value * value;
          });
          last = time;
        }
        sums.forEach((sum, i) => {
          const mean = sum.linear / sum.weight;
          expect(of.weight(i, 1)).toBeCloseTo(sum.weight, 9);
          expect(of.mean(i, 1)).toBeCloseTo(mean, 9);
          expect(of.variance(i, 1)).toBeCloseTo(Math.abs(sum.squares / sum.weight - mean * mean), 6);
          expect(of.weight(i, 1, micros(time + 1_000_000))).toBeCloseTo(sum.weight * 2 ** -(KITSUNE_DECAYS[i] as number), 9);
        });
        expect(of.weight(0, 0)).toBe(0);
      }),
    );
  });

  test("time that goes back does not add weight", () => {
    const of = new Damped([1]);
    of.add(micros(5_000_000), 1);
    of.add(micros(1_000_000), 3);
    expect([of.weight(0), of.mean(0), of.variance(0)]).toEqual([2, 2, 1]);
    of.add(micros(6_000_000), 2);
    expect(of.weight(0)).toBe(2);
  });

  test("of a steady stream the weight times λ·ln 2 is its rate", () => {
    const of = new Damped([0.1]);
    for (let i = 0; i < 10_000; i++) of.add(micros(i * 10_000), 1);
    expect(of.weight(0) * 0.1 * Math.LN2).toBeGreaterThan(99);
    expect(of.weight(0) * 0.1 * Math.LN2).toBeLessThan(101);
  });

  test("goes on where it was saved", () => {
    const [before, after] = [new Damped([1, 2], 2), new Damped([1, 2])];
    for (const i of [1, 2, 5]) before.add(micros(i * 700_000), i, 1);
    expect(after.fromState(JSON.parse(JSON.stringify(before.state(1))))).toBe(true);
    before.add(micros(9_000_000), 4, 1);
    after.add(micros(9_000_000), 4);
    expect(after.state()).toEqual(before.state(1));
    expect(after.fromState([1])).toBe(false);
    after.clear();
    expect(after.weight(1)).toBe(0);
  });
});
