import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { BalanceClock } from "./balance-clock.ts";

const config = { tickMicros: 50_000, driftMicros: 120_000, aheadMicros: 150_000, unitsPerSecondMax: 10, teleportUnitsMin: 200 };

function run(speed: number, late: (random: Random) => number, units = 0.2) {
  const clock = new BalanceClock(config);
  const random = new Random(3);
  let sent = 1e9;
  let arrived = 0;
  for (let i = 0; i < 4000; i++) {
    sent += 50_000 / speed;
    arrived = Math.max(arrived, sent + late(random));
    clock.report(Math.round(arrived), i * units, 0);
  }
  return clock.verdict();
}

describe("balance clock", () => {
  test.each([
    ["the right speed on a steady line is no alarm", 1, () => 0, 0],
    ["the right speed on a line that bunches by up to 100 ms is no alarm", 1, (r: Random) => r.unit() * 100_000, 0],
    ["one percent slow is no alarm", 0.99, () => 0, 0],
  ] as const)("%s", (_case, speed, late, alarms) => expect(run(speed, late).fastReports).toBe(alarms));

  test.each([1.01, 1.1, 2])("%d times the right speed is an alarm, however the line bunches", (speed) => {
    const verdict = run(speed, (random) => random.unit() * 60_000);
    expect(verdict.fastReports).toBeGreaterThan(0);
    expect(verdict.speed).toBeCloseTo(speed, 1);
  });

  test("silence cannot be saved up beyond the drift", () => {
    const clock = new BalanceClock(config);
    clock.report(1e9, 0, 0);
    const alarms = Array.from({ length: 20 }, () => clock.report(1e9 + 60e6, 0, 0)).filter(Boolean);
    expect(alarms.length).toBeGreaterThan(0);
  });

  test.each([
    ["a step as long as the game allows is fine", 0.5, 0],
    ["steps three times as long are told", 3, 3999],
    ["jumps beyond the length of a teleport are the game's", 500, 0],
  ])("%s", (_case, units, long) => expect(run(1, () => 0, units).longSteps).toBe(long));
});
