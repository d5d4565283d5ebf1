import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { defaultBotConfig } from "./bot-config.ts";
import { createBotScorer, rawOpcode } from "./bot-scorer.ts";

const score = (packets: number, gap: (i: number) => number, opcode: (i: number) => number) => {
  const scorer = createBotScorer({ ...defaultBotConfig, scorer: "classic" });
  let time = 1_700_000_000_000_000;
  for (let i = 0; i < packets; i++) {
    time += gap(i);
    scorer.action(time, opcode(i), 24, 0, Float64Array.of(i * 2, 0));
  }
  return scorer.verdict();
};

const metronome = () => 500_000;
const two = (i: number) => i % 2;

describe("classic scorer", () => {
  const random = new Random(7);
  test.each([
    ["a metronome with two opcodes is a bot", 100, two, "bot"],
    ["a metronome with too few packets stays undecided", 40, two, "undecided"],
    ["raw packets without opcodes stay undecided", 100, () => rawOpcode, "undecided"],
  ] as const)("%s", (_case, packets, opcode, says) => expect(score(packets, metronome, opcode).says).toBe(says));

  test("exponential gaps over sixteen opcodes do not make a bot", () => {
    const verdict = score(
      200,
      () => random.exponential(1e6),
      () => random.between(0, 16),
    );
    expect(verdict.says).not.toBe("bot");
    expect(verdict.parts[0]?.value).toBe(0);
  });

  test("weights are the shares of the score", () => {
    const verdict = score(
      100,
      () => 500_000,
      () => 3,
    );
    expect(verdict.parts.map((part) => part.value)).toEqual([0.4, 0.2, 0.2, 0]);
    expect(verdict.score).toBeCloseTo(0.8);
  });

  test("more opcodes than slots are counted, not lost", () => {
    expect(
      score(
        1000,
        () => 1000,
        (i) => i,
      ).packets,
    ).toBe(1000);
  });
});
