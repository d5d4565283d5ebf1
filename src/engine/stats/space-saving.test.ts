import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { SpaceSaving } from "./space-saving.ts";

type Stream = readonly (readonly [key: number, weight: number])[];
const streams = fc.array(fc.tuple(fc.integer({ min: -3, max: 40 }), fc.integer({ min: 1, max: 9 })), { maxLength: 300 });
const capacities = fc.integer({ min: 1, max: 12 });

function summary(stream: Stream, capacity: number): SpaceSaving {
  const result = new SpaceSaving(capacity, 7);
  for (const [key, weight] of stream) result.add(key, weight);
  return result;
}

function exact(stream: Stream): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [key, weight] of stream) counts.set(key, (counts.get(key) ?? 0) + weight);
  return counts;
}

/** The guarantees of the paper, for every key of the stream and for one that never came. */
function checkBounds(of: SpaceSaving, stream: Stream): void {
  const counts = exact(stream);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const bound = total / of.capacity;
  expect(of.total).toBe(total);
  expect(of.size).toBeLessThanOrEqual(of.capacity);
  for (const [key, count] of [...counts, [99, 0] as const]) {
    expect(of.estimate(key)).toBeGreaterThanOrEqual(count);
    expect(of.estimate(key)).toBeLessThanOrEqual(count + bound);
    if (count > bound) expect(of.slot(key)).toBeGreaterThanOrEqual(0);
  }
  for (const { key, count, error } of of.top()) {
    expect(count - error).toBeLessThanOrEqual(counts.get(key) ?? 0);
    expect(of.keyAt(of.slot(key))).toBe(key);
  }
}

describe("space-saving", () => {
  test("counts are too high by at most N/k and every key above N/k is held", () => {
    fc.assert(fc.property(streams, capacities, (stream, capacity) => checkBounds(summary(stream, capacity), stream)));
  });

  test("the same holds after merging, and for what is added behind it", () => {
    fc.assert(
      fc.property(streams, streams, streams, capacities, (a, b, c, capacity) => {
        const merged = summary(a, capacity);
        merged.merge(summary(b, capacity));
        checkBounds(merged, [...a, ...b]);
        for (const [key, weight] of c) merged.add(key, weight);
        checkBounds(merged, [...a, ...b, ...c]);
      }),
    );
  });

  test("merging two does not depend on their order", () => {
    fc.assert(
      fc.property(streams, streams, capacities, (a, b, capacity) => {
        const [ab, ba] = [summary(a, capacity), summary(b, capacity)];
        ab.merge(summary(b, capacity));
        ba.merge(summary(a, capacity));
        expect(ab.top()).toEqual(ba.top());
      }),
    );
  });

  test("counts are exact while every key has a counter", () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const of = summary(stream, 64);
        expect(new Map(of.top().map(({ key, count }) => [key, count]))).toEqual(exact(stream));
        expect(of.top().every(({ error }) => error === 0)).toBe(true);
      }),
    );
  });

  test("a slot stays with its key and tells when another moves in", () => {
    const of = new SpaceSaving(2);
    const first = of.add(5, 10);
    expect([of.isNew, of.add(5)]).toEqual([true, first]);
    expect(of.isNew).toBe(false);
    const second = of.add(6);
    expect([of.add(7), of.isNew, of.keyAt(second), of.countAt(second), of.errorAt(second)]).toEqual([second, true, 7, 2, 1]);
  });

  test("the ten heaviest of a Zipf stream of 200,000 over 50,000 keys stand first in 1,000 counters, counted exactly", () => {
    const random = new Random(11);
    const of = new SpaceSaving(1000, 3);
    const counts = new Map<number, number>();
    for (let i = 0; i < 200_000; i++) {
      const key = Math.floor(50_000 ** random.unit()) * 4_294_967_297;
      of.add(key);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const heaviest = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 10);
    expect(of.top(10).map(({ key, count }) => [key, count])).toEqual(heaviest);
  });

  test("a cleared summary is a new one", () => {
    const of = summary([[1, 3]], 4);
    of.clear();
    expect([of.size, of.total, of.slot(1), of.unheldMax, of.top()]).toEqual([0, 0, -1, 0, []]);
  });
});
