import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { spearman, upperTail } from "./conditional.ts";
import { combine, fuse, likelihoodRatio, SequentialTest } from "./fusion.ts";
import { burstiness, modeMass } from "./marginal.ts";
import { autocorrelation, fluctuationExponent, lempelZiv } from "./order.ts";
import { PatternEntropy } from "./pattern-entropy.ts";
import { type Distribution, type People, rarity } from "./people.ts";
import { findRepetition, newRepetition, selfSimilarity } from "./repetition.ts";
import { PatternTable, Workspace } from "./workspace.ts";

function window(gaps: readonly number[], tokens: readonly number[]): Workspace {
  const workspace = new Workspace(gaps.length);
  workspace.n = gaps.length;
  workspace.gaps.set(gaps);
  workspace.tokens.set(tokens);
  workspace.prepare();
  return workspace;
}

const range = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const white = (seed: number, n: number): number[] => {
  const random = new Random(seed);
  return range(n, () => Math.exp(random.normal(0, 1)));
};

describe("published formulas", () => {
  test.each([
    ["equal gaps have burstiness -1", 0, 50, -1],
    ["one gap holding all the time has burstiness 1", Math.sqrt(49), 50, 1],
    ["many exponential gaps have burstiness 0", 1, 1e9, 0],
  ])("%s", (_case, ratio, n, wanted) => expect(burstiness(1, ratio, n)).toBeCloseTo(wanted, 4));

  test.each([
    ["ten equal symbols are four phrases", "aaaaaaaaaa", 4],
    ["a|ab|abc is three phrases", "aababc", 3],
    ["a phrase that is not over counts", "aba", 3],
  ])("Lempel and Ziv: %s", (_case, text, phrases) => {
    const symbols = Uint8Array.from(text, (letter) => letter.charCodeAt(0) - 97);
    expect(lempelZiv(symbols, text.length, new PatternTable())).toBeCloseTo((phrases * Math.log2(text.length)) / text.length, 12);
  });

  test("corrected conditional entropy is 0 for a loop and near log2 5 for five symbols by chance", () => {
    const random = new Random(3);
    const loop = Uint8Array.from({ length: 400 }, (_, i) => i % 5);
    const chance = Uint8Array.from({ length: 400 }, () => random.between(0, 5));
    expect(new PatternEntropy(400).correctedConditional(loop, 400)).toBeLessThan(0.02);
    expect(new PatternEntropy(400).correctedConditional(chance, 400)).toBeGreaterThan(2.2);
    expect(new PatternEntropy(400).correctedConditional(chance, 400)).toBeLessThanOrEqual(Math.log2(5) + 1e-9);
  });

  test("detrended fluctuation is 0.5 for white noise and 1.5 for its sum", () => {
    let [noise, walk] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const gaps = white(seed, 400);
      noise +=
        fluctuationExponent(
          window(
            gaps,
            gaps.map(() => 0),
          ),
        ) / 40;
      let sum = 0;
      const summed = gaps.map((gap) => {
        sum += Math.log(gap) / 10;
        return Math.exp(sum);
      });
      walk +=
        fluctuationExponent(
          window(
            summed,
            gaps.map(() => 0),
          ),
        ) / 40;
    }
    expect(noise).toBeGreaterThan(0.45);
    expect(noise).toBeLessThan(0.6);
    expect(walk).toBeCloseTo(1.5, 0);
  });

  test("autocorrelation of alternating gaps is that of its five lags", () => {
    const alternating = window(
      range(1000, (i) => (i % 2 === 0 ? 1 : Math.E)),
      range(1000, () => 0),
    );
    expect(autocorrelation(alternating)).toBeCloseTo(-1 / 5, 2);
  });

  test("Spearman's correlation of ten children's IQ and hours of television is -29/165", () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  test.each([
    [1.959964, 0.025],
    [3.090232, 0.001],
    [4.753424, 1e-6],
    [-1.281552, 0.9],
  ])("the normal tail beyond %f is %f", (z, wanted) => expect(upperTail(z) / wanted).toBeCloseTo(1, 2));

  test("Cauchy combination of equal p-values is that p-value, small or large", () => {
    for (const p of [0.9, 0.5, 0.01, 1e-5, 1e-9]) {
      expect(combine([p]) / p).toBeCloseTo(1, 6);
      expect(combine([p, p, p]) / p).toBeCloseTo(1, 6);
    }
  });

  test("the likelihood ratio of people's p-values has mean 1", () => {
    const steps = 2_000_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += Math.exp(likelihoodRatio((i + 0.5) / steps, 0.5, 1e-12)) / steps;
    expect(sum).toBeCloseTo(1, 2);
  });

  test("fusing takes the mean of the products over all sets of families", () => {
    const [a, b] = [3, 0.2];
    expect(Math.exp(fuse([Math.log(a), Math.log(b)]))).toBeCloseTo((1 + a + b + a * b) / 4, 12);
  });

  test("self-similarity is 1 when all minutes are alike", () => {
    const scratch = new Float64Array(200);
    expect(
      selfSimilarity(
        window(
          range(360, () => 1),
          range(360, (i) => i % 6),
        ),
        scratch,
      ),
    ).toBeCloseTo(1, 2);
  });
});

describe("repetition", () => {
  test("a replayed recording shows its length in the waits", () => {
    const [gaps, random] = [white(5, 60), new Random(6)];
    const actions = range(60, () => random.between(0, 8));
    const found = newRepetition();
    findRepetition(
      window(
        range(400, (i) => gaps[i % 60] as number),
        range(400, (i) => actions[i % 60] as number),
      ),
      found,
    );
    expect(found.timingLag).toBe(60);
    expect(found.timingDistance).toBeCloseTo(0, 9);
    expect(found).toMatchObject({ longestRunLag: 60, longestRunLength: 340, longestRunAt: 0, actionMatch: 1 });
  });

  test("shuffled waits are about as far from each other as any", () => {
    const found = newRepetition();
    findRepetition(
      window(
        white(8, 400),
        range(400, (i) => i % 251),
      ),
      found,
    );
    expect(found.timingDistance).toBeGreaterThan(0.75);
  });

  test("a timer shows as one length of wait", () =>
    expect(
      modeMass(
        window(
          range(100, (i) => (i % 4 === 0 ? 1 + i : 0.5)),
          range(100, () => 0),
        ),
      ),
    ).toBeGreaterThanOrEqual(0.75));
});

describe("people", () => {
  const distribution: Distribution = {
    quantiles: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
    low: [0, 0.01],
    high: [0.2, 0.02],
  };
  const people: People = { origin: "test", gapQuantiles: [0], sizes: [50, 200], distributions: { x: [distribution, distribution] } };

  test.each([
    ["the median is half rare", "high", 0.5, 0.5],
    ["the upper quantile is 5 % rare", "high", 0.95, 0.05],
    ["behind the upper quantile the Pareto tail holds", "high", 1.05, 0.05 * (1 + (0.2 * 0.1) / 0.02) ** -5],
    ["below the lower quantile the exponential tail holds", "low", 0.03, 0.05 * Math.exp(-2)],
    ["both sides count twice", "both", 0.95, 0.1],
  ] as const)("%s", (_case, bots, value, wanted) => expect(rarity(people, "x", bots, value, 100)).toBeCloseTo(wanted, 6));

  test("the further out, the rarer, without a step", () => {
    let last = 1;
    for (let value = -0.2; value < 3; value += 0.003) {
      const next = rarity(people, "x", "high", value, 90) as number;
      expect(next).toBeLessThanOrEqual(last + 1e-12);
      last = next;
    }
  });
});

describe("sequential test", () => {
  const limits = { falseAlarm: 0.001, miss: 0.1, hysteresisWindows: 3, evidenceLeak: 0.5 };
  const says = (...ratios: readonly number[]) => {
    const sequential = new SequentialTest(limits);
    for (const ratio of ratios) sequential.add(ratio, 1);
    return sequential.says;
  };
  test.each([
    ["two strong windows are not enough", [9, 9], "undecided"],
    ["three strong windows are", [9, 9, 9], "bot"],
    ["a weak window between starts again", [9, 9, 1, 9, 9], "undecided"],
    ["a verdict is kept through one weak window", [9, 9, 9, 1], "bot"],
    ["three windows like people's are human", [-3, -3, -3], "human"],
  ] as const)("%s", (_case, ratios, wanted) => expect(says(...ratios)).toBe(wanted));

  test("somebody who starts a bot after a long human day is found", () => {
    const sequential = new SequentialTest(limits);
    for (let i = 0; i < 1000; i++) sequential.add(-2.5, 0.25);
    let windows = 0;
    while (sequential.says !== "bot" && windows < 100) {
      sequential.add(10, 0.25);
      windows += 1;
    }
    expect(windows).toBeLessThan(10);
  });
});
