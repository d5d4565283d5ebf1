import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { areaUnderCurve } from "./attack-mix.common.ts";
import { HalfSpaceTrees, type HalfSpaceTreesOptions } from "./half-space-trees.ts";
import { ModelRefused, seal } from "./model-file.ts";
import { RunningRange } from "./running-range.ts";

const options: HalfSpaceTreesOptions = { features: 6, depth: 10, seed: 3 };

/** Two clouds; a tenth of the noise is heavy. */
function usual(random: Random): Float64Array {
  const centre = random.chance(0.5) ? 0 : 40;
  return Float64Array.from({ length: 6 }, (_, f) => centre * (f % 2) + random.normal(100 * f, 5));
}
function taught(more: Partial<HalfSpaceTreesOptions> = {}, examples = 2000): { trees: HalfSpaceTrees; random: Random } {
  const random = new Random(1);
  const trees = new HalfSpaceTrees({ ...options, ...more });
  for (let i = 0; i < examples; i++) trees.process(usual(random));
  return { trees, random };
}

const scoreOf = (seed: number): number => taught({ seed }).trees.process(new Float64Array(6).fill(50));

describe("half-space trees", () => {
  test.each([
    ["as published", {}],
    ["of depth 15", { depth: 15, trees: 25 }],
    ["ten of depth 8", { depth: 8, trees: 10 }],
  ])("rank what is strange above what is usual: %s", (_case, more) => {
    const { trees, random } = taught(more);
    const scores: number[] = [];
    const attacks: boolean[] = [];
    for (let i = 0; i < 1500; i++) {
      const attack = random.chance(0.03);
      const row = usual(random);
      if (attack) for (let f = 0; f < 3; f++) row[f] = (row[f] as number) + 30 + 50 * random.unit();
      scores.push(trees.process(row));
      attacks.push(attack);
    }
    expect(areaUnderCurve(scores, attacks)).toBeGreaterThan(0.97);
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
  });

  test("say nothing before two windows", () => {
    const random = new Random(2);
    const trees = new HalfSpaceTrees(options);
    for (let i = 0; i < 500; i++) expect(trees.process(usual(random))).toBe(0);
    expect(trees.process(usual(random))).toBeGreaterThan(0);
  });

  test.each([0, 3, 5])("name the feature that sets an example apart: %d", (feature) => {
    const { trees, random } = taught();
    const row = usual(random);
    row[feature] = 2000;
    trees.process(row);
    expect(trees.explain(1)[0]?.feature).toBe(feature);
    expect(trees.explain(6).reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 9);
  });

  test("learn a new custom within a few windows", () => {
    const { trees, random } = taught();
    const moved = (): Float64Array => usual(random).map((value) => value + 25);
    const first = trees.process(moved());
    for (let i = 0; i < 3000; i++) trees.process(moved());
    expect(trees.process(moved())).toBeLessThan(first - 0.1);
  });

  test("depend on the seed and on nothing else", () => {
    expect(scoreOf(4)).toBe(scoreOf(4));
    expect(scoreOf(4)).not.toBe(scoreOf(5));
  });

  test("score whatever they are given", () => {
    const { trees } = taught();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, 0]) {
      const score = trees.process(new Float64Array(6).fill(value));
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});

describe("saved half-space trees", () => {
  test.each([100, 400, 1900])("go on after %d examples", (examples) => {
    const { trees, random } = taught({}, examples);
    const again = HalfSpaceTrees.from(trees.state(), options);
    for (let i = 0; i < 600; i++) {
      const row = usual(random);
      expect(again.process(row)).toBe(trees.process(row));
    }
  });

  test("are refused with other parameters", () => {
    const state = taught().trees.state();
    expect(() => HalfSpaceTrees.from(state, { ...options, depth: 9 })).toThrow(/depth was 10 and is 9/);
  });

  test("are refused or usable whatever bytes changed", () => {
    const random = new Random(2);
    const state = taught({ depth: 6 }, 600).trees.state();
    for (let i = 0; i < 300; i++) {
      const bytes = state.slice(0, random.chance(0.2) ? random.between(13, state.length) : state.length);
      for (let k = 0; k < 3; k++) bytes[random.between(0, bytes.length)] = random.between(0, 256);
      seal(bytes);
      try {
        const score = HalfSpaceTrees.from(bytes, { ...options, depth: 6 }).process(new Float64Array(6));
        expect(score).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ModelRefused);
      }
    }
  });
});

test("a running range puts most into 0…1 and the rest beside it, in order", () => {
  const random = new Random(6);
  const range = new RunningRange(1, 100);
  const out = new Float32Array(1);
  for (let i = 0; i < 500; i++) range.learn([random.chance(0.01) ? 1e9 : random.unit() * 10]);
  const scaled = [-1e6, -20, 1, 5, 9, 30, 1e12].map((value) => {
    range.scale([value], out);
    return out[0] as number;
  });
  expect(scaled).toEqual(scaled.toSorted((a, b) => a - b));
  expect(scaled[0]).toBeGreaterThanOrEqual(-0.5);
  expect(scaled[1]).toBeLessThan(0);
  expect(scaled[3]).toBeGreaterThan(0.2);
  expect(scaled[3]).toBeLessThan(0.6);
  expect(scaled[5]).toBeGreaterThan(1);
  expect(scaled[6]).toBeLessThanOrEqual(1.5);
});
