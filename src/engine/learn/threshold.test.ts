import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { ModelRefused } from "./model-file.ts";
import { logNormalTail, normalLimit } from "./normal-tail.ts";
import { fitParetoTail, paretoLimit, paretoTail } from "./pareto-tail.ts";
import { type Calibration, ConformalCalibration, LognormalCalibration, PeaksOverThreshold } from "./threshold.ts";

test.each([
  [0, 0.5],
  [1, 0.158655253931457],
  [1.959963984540054, 0.025],
  [-1, 0.841344746068543],
  [3, 0.00134989803163009],
  [6, 9.86587645037698e-10],
])("above %d a normal number is with chance %d", (z, chance) => {
  expect(Math.exp(logNormalTail(z)) / chance).toBeCloseTo(1, 10);
  expect(normalLimit(chance)).toBeCloseTo(z, 8);
});

test("a normal tail is told where its chance is no number any more", () => {
  expect(logNormalTail(40)).toBeCloseTo(-804.608442, 5);
  expect(logNormalTail(-40)).toBeCloseTo(0, 12);
});

test.each([
  ["uniform", -1],
  ["bounded", -0.3],
  ["exponential", 1e-12],
  ["heavy", 0.4],
  ["very heavy", 0.8],
])("a fit finds the shape of a tail that is %s", (_case, shape) => {
  const random = new Random(4);
  const sample = Float64Array.from({ length: 4000 }, () => paretoLimit({ shape, scale: 3 }, 1 - random.unit()));
  const fit = fitParetoTail(sample.toSorted());
  expect(Math.abs(fit.shape - shape)).toBeLessThan(0.06);
  expect(Math.abs(fit.scale - 3)).toBeLessThan(0.3);
  expect(paretoTail(fit, paretoLimit(fit, 1e-3)) / 1e-3).toBeCloseTo(1, 6);
});

const distributions: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(10, 2),
  exponential: (random) => random.exponential(1),
  lognormal: (random) => Math.exp(random.normal(0, 0.8)),
  "heavy (Pareto, index 2)": (random) => (1 - random.unit()) ** (-1 / 2),
};
const calibrations: Readonly<Record<string, () => Calibration>> = {
  peaks: () => new PeaksOverThreshold({ bounded: true }),
  endless: () => new PeaksOverThreshold(),
  conformal: () => new ConformalCalibration(),
  lognormal: () => new LognormalCalibration(),
};

describe.each(Object.keys(distributions))("scores that are %s", (name) => {
  const draw = distributions[name] as (random: Random) => number;

  test.each([
    ["peaks", 1e-4, 2.5],
    ["peaks", 1e-3, 1.6],
    ["endless", 1e-4, 4.5],
    ["conformal", 5e-3, 1.6],
  ])("%s tells the limit of q = %d", (kind, q, factor) => {
    const random = new Random(21);
    const calibration = (calibrations[kind] as () => Calibration)();
    for (let i = 0; i < 60_000; i++) calibration.learn(draw(random));
    const limit = calibration.limit(q) as number;
    let over = 0;
    const tries = 400_000;
    for (let i = 0; i < tries; i++) if (draw(random) > limit) over++;
    expect(over / tries / q).toBeGreaterThan(1 / factor);
    // Without an end the tail may be taken for heavier than it is, never for much lighter.
    expect(over / tries / q).toBeLessThan(kind === "endless" ? 1.6 : factor);
    expect((calibration.tail(limit) as number) / q).toBeLessThan(1.2);
  });
});

test("the lognormal fit is right about lognormal scores", () => {
  const random = new Random(3);
  const calibration = new LognormalCalibration();
  for (let i = 0; i < 20_000; i++) calibration.learn(Math.exp(random.normal(1, 0.5)));
  expect(calibration.limit(1e-4)).toBeCloseTo(Math.exp(1 + 0.5 * 3.719), 0);
  expect(calibration.logTail(1e300)).toBeLessThan(-1e5);
});

test("a conformal p-value is at most q with a chance of at most q, from the first score on", () => {
  let hits = 0;
  for (let run = 0; run < 4000; run++) {
    const random = new Random(run);
    const calibration = new ConformalCalibration({ sampleScoresMax: 30, seed: run });
    for (let i = 0; i < 50; i++) calibration.learn((1 - random.unit()) ** -3);
    if ((calibration.tail((1 - random.unit()) ** -3) as number) <= 0.1) hits++;
  }
  expect(hits / 4000).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / 4000));
  expect(hits / 4000).toBeGreaterThan(0.07);
});

test("SPOT tells peaks from what is usual, and goes along when the scores move for good", () => {
  const random = new Random(8);
  const spot = new PeaksOverThreshold();
  let alerts = 0;
  for (let i = 0; i < 50_000; i++) if (spot.judge(random.normal(0, 1), 1e-4)) alerts++;
  expect(alerts).toBeLessThan(25);
  expect(spot.judge(9, 1e-4)).toBe(true);
  for (let i = 0; i < 5000; i++) spot.learn(random.normal(5, 1));
  alerts = 0;
  for (let i = 0; i < 20_000; i++) if (spot.judge(random.normal(5, 1), 1e-4)) alerts++;
  expect(alerts).toBeLessThan(20);
});

test.each([
  ["all scores are equal", () => 3],
  ["nearly all are nought", (random: Random) => (random.chance(0.001) ? 5 : 0)],
  [
    "some are no numbers",
    (random: Random) => (random.chance(0.3) ? Number.NaN : random.chance(0.1) ? Number.POSITIVE_INFINITY : random.unit()),
  ],
  ["they are huge and tiny", (random: Random) => 10 ** random.normal(0, 100)],
])("calibrations tell chances when %s", (_case, draw: (random: Random) => number) => {
  for (const make of Object.values(calibrations)) {
    const random = new Random(5);
    const calibration = make();
    for (let i = 0; i < 5000; i++) calibration.learn(draw(random));
    for (const score of [-1, 0, 0.5, 3, 1e9]) {
      const tail = calibration.tail(score) as number;
      expect(tail).toBeGreaterThanOrEqual(0);
      expect(tail).toBeLessThanOrEqual(1);
    }
  }
});

describe.each([
  ["peaks", (state: unknown) => PeaksOverThreshold.from(state), () => new PeaksOverThreshold()],
  ["conformal", (state: unknown) => ConformalCalibration.from(state), () => new ConformalCalibration()],
  ["lognormal", (state: unknown) => LognormalCalibration.from(state), () => new LognormalCalibration()],
] as const)("a saved calibration: %s", (_case, from, make) => {
  const taught = (): Calibration => {
    const random = new Random(6);
    const calibration = make();
    for (let i = 0; i < 3500; i++) calibration.learn(random.exponential(1));
    return calibration;
  };

  test("goes on alike", () => {
    const random = new Random(7);
    const a = taught();
    const b = from(JSON.parse(JSON.stringify(a.state())));
    for (let i = 0; i < 5000; i++) {
      const score = random.exponential(1);
      a.learn(score);
      b.learn(score);
    }
    expect(b.limit(1e-2)).toBe(a.limit(1e-2));
    expect(b.tail(4)).toBe(a.tail(4));
  });

  test("is refused, or tells chances, whatever its fields are", () => {
    const good = taught().state();
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good.body as object)), fc.jsonValue(), (field, value) => {
        try {
          const calibration = from({ ...good, body: { ...(good.body as object), [field]: value } });
          calibration.learn(1);
          expect(calibration.tail(1)).not.toBeNaN();
        } catch (error) {
          expect(error).toBeInstanceOf(ModelRefused);
        }
      }),
    );
  });
});
