import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { defaultBotConfig } from "./bot-config.ts";
import { Conditional } from "./conditional.ts";
import { dip, dipRarity } from "./dip.ts";

const second = 1e6;
const start = 1_700_000_000 * second;

/** Events of the server about every four seconds, each answered after `delay` seconds. */
function answers(delay: (random: Random) => number, count = 200): Conditional {
  const conditional = new Conditional(defaultBotConfig.rhythm);
  const random = new Random(4);
  for (let i = 0, time = start; i < count; i++, time += random.between(3, 6) * second) {
    conditional.stimulus(time);
    conditional.action(time + delay(random) * second);
  }
  return conditional;
}

const person = (random: Random) => Math.max(0.11, random.normal(0.25, 0.05) + random.exponential(0.15));

describe("answers to the server", () => {
  test("people's are neither too fast nor of several kinds", () => {
    const people = answers(person);
    expect(people.fastShare).toBe(0);
    expect(people.fastRarity).toBeGreaterThan(0.5);
    expect(dipRarity(people.answerDip as number, people.responses)).toBeGreaterThan(0.5);
  });

  test("a program's come within milliseconds", () => expect(answers((random) => random.unit() * 0.01).fastRarity).toBeLessThan(1e-9));

  test("two fixed delays are two modes", () => {
    const two = answers((random) => (random.chance(0.5) ? 0.3 : 1.2) + random.unit() * 0.05);
    expect(dipRarity(two.answerDip as number, two.responses)).toBeLessThan(1e-6);
  });

  test("few answers say nothing", () => expect(answers(person, 10).fastShare).toBeUndefined());
});

describe("dip", () => {
  const edges = [1, 2, 3, 4, 5, 6];
  test.each([
    ["even bins have none", [5, 5, 5, 5, 5, 5], 0],
    ["one peak has none", [1, 4, 9, 6, 3, 1], 0],
    ["a falling histogram has none", [9, 7, 5, 3, 2, 1], 0],
    ["two equal spikes at the ends have a sixth", [1, 0, 0, 0, 0, 1], 1 / 6],
  ])("%s", (_case, counts, wanted) => expect(dip(edges, counts)).toBeCloseTo(wanted, 9));

  test("a mirrored histogram has the same", () => {
    const random = new Random(2);
    for (let round = 0; round < 50; round++) {
      const counts = Array.from({ length: 6 }, () => random.between(0, 9));
      expect(dip(edges, counts)).toBeCloseTo(dip(edges, counts.toReversed()), 9);
    }
  });
});

/** Forty windows in which the round trip swings; `reacts` says how much slower the player then is. */
const played = (reacts: number): Conditional => {
  const conditional = new Conditional(defaultBotConfig.rhythm);
  const random = new Random(8);
  let time = start;
  while (time < start + 40 * 15 * second) {
    const delay = 60_000 + 50_000 * Math.sin((time - start) / (60 * second));
    conditional.roundTrip(delay);
    conditional.action(time);
    time += second * (0.8 + random.unit() * 0.4) * (1 + (reacts * delay) / 110_000);
  }
  return conditional;
};

describe("a slow line and long days", () => {
  test("who slows down with the line is a person, who does not is rarer", () => {
    expect(played(2).delayCorrelation).toBeLessThan(-0.5);
    expect(played(2).delayRarity).toBeGreaterThan(0.8);
    expect(played(0).delayRarity as number).toBeLessThan(played(2).delayRarity as number);
  });

  test.each([
    ["eight hours are usual", 8, 0, 0.5, 1],
    ["forty hours without sleep are not", 40, 0, 0, 1e-6],
    ["twenty-eight hours with a night between are", 28, 20, 0.3, 1],
  ])("%s", (_case, hours, pauseAt, low, high) => {
    const conditional = new Conditional(defaultBotConfig.rhythm);
    for (let minute = 0, pause = 0; minute < hours * 60; minute++) {
      if (pauseAt > 0 && minute === pauseAt * 60) pause = 7 * 60;
      conditional.action(start + (minute + pause) * 60 * second);
    }
    expect(conditional.awakeRarity).toBeGreaterThanOrEqual(low);
    expect(conditional.awakeRarity).toBeLessThanOrEqual(high);
  });
});
