import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { CountMin, type CountMinConfig } from "./count-min.ts";

const small: Partial<CountMinConfig> = { width: 16, depth: 3, seed: 5 };
const streams = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 1, max: 9 })), { maxLength: 200 });
type Stream = readonly (readonly [key: number, weight: number])[];

function sketch(stream: Stream, config: Partial<CountMinConfig>): CountMin {
  const result = new CountMin(config);
  for (const [key, weight] of stream) result.add(key, weight);
  return result;
}

describe("count-min", () => {
  test("no estimate is below the truth, and conservative ones are never above plain ones", () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const plain = sketch(stream, small);
        const conservative = sketch(stream, { ...small, conservative: true });
        for (const [key] of stream) {
          const truth = stream.reduce((sum, [other, weight]) => sum + (other === key ? weight : 0), 0);
          expect(conservative.estimate(key)).toBeGreaterThanOrEqual(truth);
          expect(plain.estimate(key)).toBeGreaterThanOrEqual(conservative.estimate(key));
          expect(plain.estimate(key)).toBeLessThanOrEqual(plain.total);
        }
      }),
    );
  });

  test("merging is as if one had seen both streams", () => {
    fc.assert(
      fc.property(streams, streams, (a, b) => {
        const merged = sketch(a, small);
        merged.merge(sketch(b, small));
        const whole = sketch([...b, ...a], small);
        expect(merged.total).toBe(whole.total);
        for (let key = -5; key <= 60; key++) expect(merged.estimate(key)).toBe(whole.estimate(key));
      }),
    );
  });

  test.each([
    ["even keys", 1, (random: Random): number => random.between(0, 20_000)],
    ["Zipf keys", 1, (random: Random): number => Math.floor(20_000 ** random.unit())],
    ["addresses of one network", 0x0a00_0000, (random: Random): number => 0x0a00_0000 + random.between(0, 20_000)],
  ])("%s: at most a share δ = e^−d of the estimates is above the truth by more than εN = eN/w", (_case, seed, draw) => {
    for (const conservative of [false, true]) {
      const random = new Random(seed);
      const of = new CountMin({ width: 1024, depth: 3, conservative, seed });
      const truth = new Map<number, number>();
      for (let i = 0; i < 100_000; i++) {
        const key = draw(random);
        of.add(key);
        truth.set(key, (truth.get(key) ?? 0) + 1);
      }
      const bound = (Math.E / 1024) * of.total;
      const wrong = [...truth].filter(([key, count]) => of.estimate(key) > count + bound).length;
      expect(wrong / truth.size).toBeLessThanOrEqual(Math.exp(-3));
    }
  });

  test("counters stop at their largest value", () => {
    const of = sketch([[1, 4_000_000_000]], {});
    expect(of.add(1, 4_000_000_000)).toBe(4_294_967_295);
    expect(of.estimate(1)).toBe(4_294_967_295);
    of.merge(sketch([[1, 5]], {}));
    expect(of.estimate(1)).toBe(4_294_967_295);
  });

  test("conservative sketches and those of another seed are not merged", () => {
    expect(() => new CountMin({ conservative: true }).merge(new CountMin({ conservative: true }))).toThrow(/conservative/);
    expect(() => new CountMin({ seed: 1 }).merge(new CountMin())).toThrow(/seed/);
  });

  test("a cleared sketch is a new one", () => {
    const of = sketch([[1, 3]], small);
    of.clear();
    expect([of.total, of.estimate(1)]).toEqual([0, 0]);
  });
});
