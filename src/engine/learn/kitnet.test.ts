import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { AfterImage } from "./after-image.ts";
import { areaUnderCurve, attackMix } from "./attack-mix.common.ts";
import { KitNet, type KitNetOptions } from "./kitnet.ts";
import { ModelRefused, seal } from "./model-file.ts";
import { PlainKitNet } from "./plain-kitnet.common.ts";

/** Features in groups that move together, each with noise of its own, so that no two distances are equal. */
function* examples(features: number, groups: number, seed: number): Generator<Float64Array, never> {
  const random = new Random(seed);
  for (;;) {
    const causes = Array.from({ length: groups }, () => random.normal(0, 1));
    yield Float64Array.from(
      { length: features },
      (_, i) => 10 * i + (causes[i % groups] as number) * (1 + i) + random.normal(0, 0.3 + i / 9),
    );
  }
}
const options = (more: Partial<KitNetOptions> = {}): KitNetOptions => ({
  features: 24,
  mode: "exact",
  seed: 11,
  mapExamples: 200,
  trainExamples: 500,
  ...more,
});
function trained(more: Partial<KitNetOptions> = {}): { net: KitNet; rows: Generator<Float64Array, never> } {
  const net = new KitNet(options(more));
  const rows = examples(24, 3, 5);
  while (net.phase !== "score") net.process(rows.next().value);
  return { net, rows };
}

describe("KitNET", () => {
  test("is what its formulas are, to a billionth", () => {
    const net = new KitNet(options());
    const plain = new PlainKitNet(200, 500, 11);
    const rows = examples(24, 4, 3);
    let sum = 0;
    for (let i = 0; i < 1500; i++) {
      const row = rows.next().value;
      const score = net.process(row);
      const expected = plain.process(row);
      expect(Math.abs(score - expected)).toBeLessThan(1e-9);
      sum += score;
    }
    expect(net.clusters).toEqual(plain.clusters);
    expect(net.clusters.length).toBeGreaterThan(3);
    expect(sum).toBeGreaterThan(10);
  });

  test("gives these scores for seed 11", () => {
    const { net, rows } = trained();
    const scores = Array.from({ length: 3 }, () => net.process(rows.next().value));
    expect(scores.map((score) => Number(score.toFixed(9)))).toMatchInlineSnapshot(`
      [
        0.072926548,
        0.088321352,
        0.070555069,
      ]
    `);
  });

  test("puts what moves together into one autoencoder of at most ten", () => {
    const { net } = trained();
    expect(net.clusters.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    for (const cluster of net.clusters) {
      expect(cluster.length).toBeLessThanOrEqual(10);
      expect(new Set(cluster.map((i) => i % 3)).size).toBe(1);
    }
  });

  test.each(["exact", "fast"] as const)("names the feature that was changed: %s", (mode) => {
    const { net, rows } = trained({ mode });
    expect(new KitNet(options()).explain(3)).toEqual([]);
    for (const feature of [0, 7, 23]) {
      const row = rows.next().value;
      const usual = net.process(row);
      row[feature] = (row[feature] as number) + 40 * (1 + feature);
      expect(net.process(row)).toBeGreaterThan(2 * usual);
      const [first, second] = net.explain(2);
      expect(first?.feature).toBe(feature);
      expect(first?.share).toBeGreaterThan(second?.share ?? 1);
      expect(net.explain(24).reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 5);
    }
  });

  test("fast scores are the exact ones to a few digits", () => {
    const exact = trained();
    const fast = trained({ mode: "fast" });
    for (let i = 0; i < 300; i++) {
      const [a, b] = [exact.net.process(exact.rows.next().value), fast.net.process(fast.rows.next().value)];
      expect(Math.abs(a - b)).toBeLessThan(2e-4 * Math.max(a, 0.1));
    }
  });

  test("fast finds attacks as well as exact", () => {
    const areas = (["exact", "fast"] as const).map((mode) => {
      const image = new AfterImage({ mode });
      const net = new KitNet({ features: 100, mode, mapExamples: 1000, trainExamples: 8000 });
      const row = new Float64Array(100);
      const scores: number[] = [];
      const attacks: boolean[] = [];
      for (const point of attackMix(20_000, 9500, 8)) {
        image.update(point, row);
        const ready = net.phase === "score";
        const score = net.process(row);
        if (!ready) continue;
        scores.push(score);
        attacks.push(point.attack);
      }
      return areaUnderCurve(scores, attacks);
    });
    expect(areas[0]).toBeGreaterThan(0.95);
    expect(Math.abs((areas[0] as number) - (areas[1] as number))).toBeLessThan(0.01);
  });

  test("fast scores are numbers, and bounded, whatever is given", () => {
    const { net } = trained({ mode: "fast" });
    for (const value of [0, -1e30, 1e30, 1e-30, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const score = net.process(new Float64Array(24).fill(value));
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThan(200);
    }
  });
});

describe("a saved KitNET", () => {
  test.each([
    ["in its map", 100],
    ["in its training", 400],
    ["in scoring", 900],
  ])("goes on: %s", (_case, count) => {
    for (const mode of ["exact", "fast"] as const) {
      const net = new KitNet(options({ mode }));
      const rows = examples(24, 3, 5);
      for (let i = 0; i < count; i++) net.process(rows.next().value);
      const again = KitNet.from(net.state(), options({ mode }));
      for (let i = 0; i < 800; i++) {
        const row = rows.next().value;
        expect(again.process(row)).toBe(net.process(row));
      }
    }
  });

  test("is refused where parameters differ", () => {
    const state = trained().net.state();
    expect(() => KitNet.from(state, options({ learningRate: 0.05 }))).toThrow(/learningRate was 0.1 and is 0.05/);
    expect(() => KitNet.from(state, options({ features: 23 }))).toThrow(ModelRefused);
  });

  test("is refused or usable, whatever bytes changed in it", () => {
    const random = new Random(2);
    const state = trained().net.state();
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const bytes = state.slice(0, random.chance(0.2) ? random.between(0, state.length) : state.length);
      for (let k = 0; k < 3; k++) bytes[random.between(0, Math.max(1, bytes.length))] = random.between(0, 256);
      // With a good checksum the damage reaches what reads the parts.
      if (bytes.length > 12) seal(bytes);
      try {
        KitNet.from(bytes, options()).process(new Float64Array(24));
      } catch (error) {
        expect(error).toBeInstanceOf(ModelRefused);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(400);
  });
});
