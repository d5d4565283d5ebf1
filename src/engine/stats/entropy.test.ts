import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entropy, entropyBounds, normalised } from "./entropy.ts";
import { SpaceSaving } from "./space-saving.ts";

const streams = fc.array(fc.nat(30), { maxLength: 300 });

function summary(stream: readonly number[], capacity: number): SpaceSaving {
  const result = new SpaceSaving(capacity);
  for (const key of stream) result.add(key);
  return result;
}

const exact = (stream: readonly number[]): number =>
  entropy([...new Set(stream)].map((key) => stream.filter((other) => other === key).length));

describe("entropy", () => {
  test.each([
    ["nothing", [], 0],
    ["one key", [7], 0],
    ["two even keys are one bit", [5, 5], 1],
    ["eight even keys are three bits", Array<number>(8).fill(3), 3],
    ["a half and two quarters", [2, 1, 1, 0], 1.5],
  ])("%s", (_case, counts, bits) => expect(entropy(counts)).toBeCloseTo(bits, 12));

  test.each([
    ["one key has none", 0, 1, 0],
    ["even keys have all", 3, 8, 1],
    ["an estimate of the keys that is too low does not exceed 1", 3, 7, 1],
    ["half of it", 1.5, 8, 0.5],
  ])("normalised: %s", (_case, bits, distinct, wanted) => expect(normalised(bits, distinct)).toBeCloseTo(wanted, 12));

  test("the truth lies between the bounds, however few counters there are and however well the keys are known", () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 40 }), fc.nat(5), (stream, capacity, more) => {
        const of = summary(stream, capacity);
        const truth = exact(stream);
        const distinct = new Set(stream).size;
        for (const bounds of [entropyBounds(of), entropyBounds(of, distinct + more)]) {
          expect(bounds.lower).toBeLessThanOrEqual(truth + 1e-9);
          expect(bounds.upper).toBeGreaterThanOrEqual(truth - 1e-9);
        }
        expect(entropyBounds(of, distinct + more).upper).toBeLessThanOrEqual(entropyBounds(of).upper + 1e-9);
      }),
    );
  });

  test("the bounds hold after merging", () => {
    fc.assert(
      fc.property(streams, streams, fc.integer({ min: 1, max: 20 }), (a, b, capacity) => {
        const of = summary(a, capacity);
        of.merge(summary(b, capacity));
        const bounds = entropyBounds(of, 31);
        expect(bounds.lower).toBeLessThanOrEqual(exact([...a, ...b]) + 1e-9);
        expect(bounds.upper).toBeGreaterThanOrEqual(exact([...a, ...b]) - 1e-9);
      }),
    );
  });

  test("what merging had no counter for is counted in keys of the lightest one's size", () => {
    const merged = new SpaceSaving(3);
    const other = new SpaceSaving(3);
    for (const key of [1, 2]) merged.add(key, 10);
    for (const key of [3, 4]) other.add(key, 10);
    merged.merge(other);
    expect(entropyBounds(merged).lower).toBeCloseTo(2, 12);
  });

  test.each([
    ["as many unseen keys as there is unsure mass get one each", 4, Math.log2(11) - 24 / 11],
    ["a single unseen key shares with the lightest: one and a half each", 3, Math.log2(11) - (24 + 3 * Math.log2(1.5)) / 11],
  ])("%s", (_case, distinct, upper) => {
    // Eight of key 1 for sure, one of key 4; two more may belong to anybody.
    const of = summary([1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4], 2);
    expect(entropyBounds(of, distinct).upper).toBeCloseTo(upper, 12);
  });

  test("with a counter for each key the bounds meet", () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const { lower, upper } = entropyBounds(summary(stream, 31));
        expect(lower).toBeCloseTo(exact(stream), 9);
        expect(upper).toBeCloseTo(exact(stream), 9);
      }),
    );
  });

  test("a flood from 10,000 addresses in 256 counters is near even when the number of addresses is known", () => {
    const of = summary(
      Array.from({ length: 10_000 }, (_, i) => i),
      256,
    );
    expect(normalised(entropyBounds(of, 10_000).upper, 10_000)).toBeGreaterThan(0.99);
    expect(entropyBounds(of, 10_000).lower).toBeGreaterThan(7.9);
  });
});
