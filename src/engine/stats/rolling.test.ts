import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "#base/time.ts";
import { Rolling } from "./rolling.ts";

const values = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: -9, max: 9 })), { maxLength: 60 });

describe("rolling window", () => {
  test("equals a sum over the values kept, in whatever order they come", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 8 }), fc.nat(500), (list, buckets, end) => {
        const of = new Rolling({ bucketMicros: 10, buckets }, 2);
        let newest = -1;
        let late = 0;
        const kept: [bucket: number, value: number][] = [];
        for (const [time, value] of list) {
          const bucket = Math.floor(time / 10);
          newest = Math.max(newest, bucket);
          const fits = bucket > newest - buckets;
          if (fits) kept.push([bucket, value]);
          else late++;
          expect(of.add(micros(time), value, 1)).toBe(fits);
        }
        of.advance(micros(end), 1);
        newest = Math.max(newest, Math.floor(end / 10));
        const live = kept.filter(([bucket]) => bucket > newest - buckets);
        const sum = live.reduce((total, [, value]) => total + value, 0);
        expect([of.sum(1), of.count(1), of.late]).toEqual([sum, live.length, late]);
        expect(of.mean(1)).toBe(live.length === 0 ? 0 : sum / live.length);
        for (let age = 0; age < buckets + 2; age++) {
          const wanted = live.filter(([bucket]) => bucket === newest - age).reduce((total, [, value]) => total + value, 0);
          expect(of.bucket(age, 1)).toBe(wanted);
        }
        expect([of.sum(0), of.count(0)]).toEqual([0, 0]);
        of.clear(1);
        expect([of.sum(1), of.bucket(0, 1)]).toEqual([0, 0]);
      }),
    );
  });

  test("times of this century fit", () => {
    const of = new Rolling({ bucketMicros: 1_000_000, buckets: 60 });
    const now = 1_795_000_000_000_000;
    for (let second = 0; second < 600; second++) of.add(micros(now + second * 1_000_000), 100);
    expect([of.sum(), of.count(), of.mean(), of.late]).toEqual([6000, 60, 100, 0]);
  });
});
