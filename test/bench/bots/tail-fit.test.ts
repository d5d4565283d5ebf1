import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { fitTail } from "./tail-fit.ts";

test("an exponential tail has shape 0 and its mean as scale", () => {
  const random = new Random(1);
  const [shape, scale] = fitTail(
    Array.from({ length: 50_000 }, () => random.exponential(3)),
    0.001,
  );
  expect(shape).toBeLessThan(0.02);
  expect(scale).toBeCloseTo(3, 1);
});

test("a Pareto tail has its shape", () => {
  const random = new Random(2);
  const [shape, scale] = fitTail(
    Array.from({ length: 50_000 }, () => (2 * ((1 - random.unit()) ** -0.25 - 1)) / 0.25),
    0.001,
  );
  expect(shape).toBeCloseTo(0.25, 1);
  expect(scale).toBeCloseTo(2, 0);
});
