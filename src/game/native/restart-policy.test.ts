import { expect, test } from "vitest";
import { BatchSize } from "./batch-size.ts";
import { RestartPolicy } from "./restart-policy.ts";

test("a plugin is started at once, then later and later, then no more", () => {
  const policy = new RestartPolicy();
  expect(Array.from({ length: 5 }, () => policy.failed())).toEqual([0, 50, 200, 800, undefined]);
});

test("10,000 answers forgive one failure", () => {
  const policy = new RestartPolicy();
  const delays = Array.from({ length: 40 }, () => {
    const delay = policy.failed();
    policy.answered(9_999);
    policy.answered(1);
    return delay;
  });
  expect(new Set(delays)).toEqual(new Set([0]));
});

test.each([
  ["fast plugins get the largest batches", 0.001, 256],
  ["1 ms for each leaves an eighth of the deadline", 1, 125],
  ["slower than the deadline: one at a time", 2000, 1],
])("%s", (_case, milliseconds, expected) => {
  const size = new BatchSize(1000);
  for (let batch = 0; batch < 30; batch++) size.answered(size.records, size.records * milliseconds);
  expect(size.records).toBe(expected);
});

test("a missed deadline makes batches small", () => {
  const size = new BatchSize(1000);
  for (let batch = 0; batch < 5; batch++) size.answered(size.records, 0.1);
  size.missed();
  expect(size.records).toBe(32);
});
