import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { AlertBudget } from "./budget.ts";
import { ModelRefused } from "./model-file.ts";
import { PeaksOverThreshold } from "./threshold.ts";

const dayMicros = 86_400e6;
const days = 30;

interface Outcome {
  readonly alerts: number[];
  readonly wanted: number;
}

/** Thirty days of scores; the rate swings by a factor of five between night and noon when `diurnal`. */
function month(seed: number, perDay: number, most: number, diurnal: boolean, draw: (random: Random, day: number) => number): Outcome {
  const random = new Random(seed);
  const budget = new AlertBudget({ alertsPerDayMax: most }, new PeaksOverThreshold());
  const alerts = Array.from({ length: days }, () => 0);
  let wanted = 0;
  let suppressed = 0;
  let last = 0;
  for (let micros = 0; micros < days * dayMicros; ) {
    const day = Math.floor(micros / dayMicros);
    if (day !== last) suppressed = 0;
    last = day;
    if (budget.judge(draw(random, day), micros)) {
      alerts[day] = (alerts[day] as number) + 1;
      wanted++;
    }
    wanted += budget.today.suppressed - suppressed;
    suppressed = budget.today.suppressed;
    const swing = diurnal ? 1 - (2 / 3) * Math.cos((2 * Math.PI * micros) / dayMicros) : 1;
    micros += random.exponential(dayMicros / perDay / swing);
  }
  return { alerts, wanted };
}

describe("a budget of alerts is kept over thirty days", () => {
  test.each<[string, number, boolean, (random: Random, day: number) => number]>([
    ["normal scores", 10_000, false, (random) => random.normal(0, 1)],
    ["heavy tails", 10_000, false, (random) => (1 - random.unit()) ** (-1 / 1.5)],
    ["lognormal scores by day and night", 10_000, true, (random) => Math.exp(random.normal(0, 1))],
    ["heavy tails by day and night", 10_000, true, (random) => (1 - random.unit()) ** (-1 / 2)],
    ["few scores", 800, true, (random) => random.exponential(1)],
    ["scores that are equal or nought", 5000, false, (random) => (random.chance(0.01) ? 1 : 0)],
  ])("%s", (_case, perDay, diurnal, draw) => {
    let most = 0;
    for (const seed of [1, 2]) {
      const { alerts, wanted } = month(seed, perDay, 5, diurnal, draw);
      expect(Math.max(...alerts)).toBeLessThanOrEqual(5);
      most = Math.max(most, wanted);
    }
    // Also without the day's maximum: half of the budget is aimed at.
    expect(most).toBeLessThanOrEqual(days * 5);
  });

  test("and is used: strange scores are found", () => {
    const random = new Random(4);
    const budget = new AlertBudget({ alertsPerDayMax: 5, scoresPerDay: 20_000 }, new PeaksOverThreshold());
    let found = 0;
    for (let i = 0; i < 200_000; i++) {
      const strange = i > 20_000 && i % 10_000 === 7;
      const alert = budget.judge(strange ? 14 : random.exponential(1), (i * dayMicros) / 20_000);
      if (alert && strange) found++;
    }
    expect(found).toBeGreaterThanOrEqual(16);
  });

  test("a storm of attacks ends at the day's maximum and is counted", () => {
    const random = new Random(5);
    const budget = new AlertBudget({ alertsPerDayMax: 3 }, new PeaksOverThreshold());
    for (let i = 0; i < 5000; i++) budget.judge(random.unit(), i * 1e6);
    let alerts = 0;
    for (let i = 0; i < 500; i++) if (budget.judge(1000 + i, 6e9 + i)) alerts++;
    expect(alerts).toBe(3);
    expect(budget.today.suppressed).toBeGreaterThan(0);
    expect(budget.today.spent).toBeLessThanOrEqual(1.5);
  });

  test("a day that brings hundred times the scores spends no more", () => {
    const random = new Random(6);
    const budget = new AlertBudget({ alertsPerDayMax: 4, scoresPerDay: 1000 }, new PeaksOverThreshold());
    for (let i = 0; i < 100_000; i++) {
      budget.judge(random.exponential(1), (i * dayMicros) / 100_000);
      expect(budget.today.spent).toBeLessThanOrEqual(2);
    }
  });

  test("time that goes back begins no new day", () => {
    const budget = new AlertBudget({ alertsPerDayMax: 4 }, new PeaksOverThreshold());
    for (const micros of [3 * dayMicros, 2 * dayMicros, Number.NaN, 3.5 * dayMicros]) budget.judge(1, micros);
    expect(budget.today.scores).toBe(4);
  });
});

test("a saved budget goes on in its day", () => {
  const random = new Random(9);
  const options = { alertsPerDayMax: 2 };
  const calibration = new PeaksOverThreshold();
  const a = new AlertBudget(options, calibration);
  for (let i = 0; i < 3000; i++) a.judge(random.unit(), i * 1e6);
  const b = AlertBudget.from(
    JSON.parse(JSON.stringify(a.state())),
    options,
    PeaksOverThreshold.from(JSON.parse(JSON.stringify(calibration.state()))),
  );
  for (let i = 0; i < 300; i++) {
    const score = random.unit() * 2;
    expect(b.judge(score, 4e9 + i)).toBe(a.judge(score, 4e9 + i));
  }
  expect(b.today).toEqual(a.today);
  expect(b.threshold).toBe(a.threshold);
  expect(() => AlertBudget.from(a.state(), { alertsPerDayMax: 3 }, calibration)).toThrow(ModelRefused);
});
