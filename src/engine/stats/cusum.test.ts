import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Cusum } from "./cusum.ts";
import { FloodCusum } from "./flood-cusum.ts";

/** Mean number of values until the first alarm. */
function runLength(limitDeviations: number, shift: number, runs: number): number {
  const random = new Random(21);
  const chart = new Cusum({ limitDeviations }, 2);
  let values = 0;
  for (let run = 0; run < runs; run++) {
    chart.clear(1);
    do values++;
    while (chart.add(random.normal(shift, 1), 1) === 0);
  }
  return values / runs;
}

describe("tabular CUSUM", () => {
  test.each([
    ["h = 5, no shift: 465 values between false alarms", 5, 0, 465, 0.15],
    ["h = 5, one deviation: seen after 10.4", 5, 1, 10.4, 0.05],
    ["h = 5, one deviation down: seen after 10.4", 5, -1, 10.4, 0.05],
    ["h = 5, two deviations: seen after 4.01", 5, 2, 4.01, 0.05],
    ["h = 4, no shift: 168 values between false alarms", 4, 0, 168, 0.15],
    ["h = 4, one deviation: seen after 8.38", 4, 1, 8.38, 0.05],
  ])("%s (Montgomery's table)", (_case, limit, shift, wanted, tolerance) => {
    const length = runLength(limit, shift, shift === 0 ? 1200 : 3000);
    expect(Math.abs(length / wanted - 1)).toBeLessThan(tolerance);
  });

  test("sums are those of the formula, and go on where they were saved", () => {
    const chart = new Cusum({}, 3);
    expect([2, 3, 0, -1].map((value) => chart.add(value, 2))).toEqual([0, 0, 0, 0]);
    expect([chart.above(2), chart.below(2), chart.above(0)]).toEqual([2, 0.5, 0]);
    const after = new Cusum();
    expect(after.fromState(JSON.parse(JSON.stringify(chart.state(2))))).toBe(true);
    expect([after.add(4), after.above(), chart.add(4, 2)]).toEqual([1, 5.5, 1]);
    expect([after.add(-20), after.above(), after.below()]).toEqual([-1, 0, 19.5]);
    expect(after.fromState({})).toBe(false);
  });
});

/** The periods until a flood is seen that opens this much more than the usual 1,000. */
function periods(more: number): number {
  const of = new FloodCusum();
  for (let i = 0; i < 50; i++) expect(of.add(1000, 1000)).toBe(false);
  for (let i = 1; i <= 20; i++) if (of.add(1000 + 1000 * more, 1000)) return i;
  return Number.POSITIVE_INFINITY;
}

describe("flood CUSUM", () => {
  test.each([
    ["a surge within the slack never is a flood", 0.3, Number.POSITIVE_INFINITY],
    ["what the paper designs for, h = 2a = 0.7, is seen once the sum passes three slacks", 0.71, 3],
    ["one and a half times the usual at once", 1.5, 1],
  ])("%s", (_case, more, wanted) => expect(periods(more)).toBe(wanted));

  test("ten thousand periods of an honest server, a twentieth of whose clients hang, raise no alarm", () => {
    const random = new Random(5);
    const of = new FloodCusum();
    let alarms = 0;
    for (let i = 0; i < 10_000; i++) {
      const opened = Math.max(0, Math.round(random.normal(200, 14)));
      if (of.add(opened, Math.round(opened * 0.95 + random.normal(0, 10)))) alarms++;
    }
    expect(alarms).toBe(0);
    expect(Math.abs(of.usual() - 190)).toBeLessThan(20);
  });

  test("a quiet server's first clients are no flood", () => {
    const of = new FloodCusum();
    expect([0, 1, 2, 3].map((opened) => of.add(opened, 0))).toEqual([false, false, false, false]);
  });

  test("a great flood is over 60 periods after its end, and rows are apart", () => {
    const of = new FloodCusum({}, 2);
    for (let i = 0; i < 100; i++) of.add(1e9, 100, 1);
    let periodsAfter = 0;
    while (of.add(100, 100, 1)) periodsAfter++;
    expect(periodsAfter).toBeGreaterThan(50);
    expect(periodsAfter).toBeLessThanOrEqual(60);
    expect(of.sum(0)).toBe(0);
    const again = new FloodCusum();
    expect([again.fromState(of.state(1)), again.sum(), again.fromState([Number.NaN, 0])]).toEqual([true, of.sum(1), false]);
  });
});
