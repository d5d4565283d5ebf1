import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { aheadMaxUs, aheadPacketsMin, Movement, usualTopSpeed } from "./movement.ts";

const tick = 100_000;

/** Walks for a minute; `rate` is how fast the client's clock runs, `late` delays packets, `speed` in m/s. */
function walk(rate: number, late: (i: number) => number, speed: number, told: boolean): Movement {
  const movement = new Movement();
  let last = 0;
  for (let i = 0; i < 600; i++) {
    // The network keeps the order: a packet is never before its predecessor.
    last = Math.max(last, 1e12 + (i * tick) / rate + late(i));
    movement.move(last, (i * speed) / 10, 0, 0, told ? i * tick : -1, tick);
  }
  return movement;
}

const random = new Random(5);
const jitter = (): number => random.unit() * 60_000;
/** For three seconds nothing comes, then everything at once. */
const stalled = (i: number): number => (i > 200 && i < 230 ? (230 - i) * tick : 0);

test.each([
  ["a client with an honest clock", 1, jitter, true, false],
  ["the same without a clock in its packets", 1, jitter, false, false],
  ["a connection that stalls for three seconds and catches up", 1, stalled, true, false],
  ["a client at 1.05 times the speed", 1.05, jitter, true, true],
  ["a client at twice the speed, without a clock in its packets", 2, jitter, false, true],
  ["a slow client", 0.8, jitter, true, false],
] as const)("balance clock: %s", (_case, rate, late, told, found) => {
  const movement = walk(rate, late, 6, told);
  expect(movement.ahead > aheadMaxUs && movement.aheadPackets >= aheadPacketsMin).toBe(found);
});

test("a minute's pause lends nobody time", () => {
  const movement = walk(1, () => 0, 6, true);
  for (let i = 1; i <= 20; i++) movement.move(1e12 + 120e6 + i * tick, 0, 0, 0, 120e6 + i * tick, tick);
  expect(movement.ahead).toBeLessThan(tick * 2);
});

test("speed is measured over windows, and one jump is no speed", () => {
  const movement = walk(1, () => 0, 6, true);
  expect(movement.sustainedSpeed).toBeCloseTo(6, 0);
  movement.move(1e12 + 61e6, 10_000, 0, 0, 61e6, tick);
  for (let i = 0; i < 40; i++) movement.move(1e12 + 61.1e6 + i * tick, 10_000, 0, 0, 61.1e6 + i * tick, tick);
  expect(movement.topSpeed).toBeGreaterThan(100);
  expect(movement.sustainedSpeed).toBeLessThan(10);
});

test("the usual top speed is the median's, and nobody's while players are few", () => {
  expect(usualTopSpeed([6, 6, 6])).toBe(0);
  expect(usualTopSpeed([0, 6, 5, 6, 7, 6, 6, 6, 40])).toBe(6);
});
