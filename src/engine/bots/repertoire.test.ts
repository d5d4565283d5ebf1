import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { beyondChance, Repertoire } from "./repertoire.ts";

function of(tokens: readonly number[]): Repertoire {
  const repertoire = new Repertoire();
  const all = Uint8Array.from(tokens);
  repertoire.take(all, all, all.length);
  return repertoire;
}

describe("repertoire of a window", () => {
  test.each([
    ["one kind: nothing to see", [3, 3, 3, 3], { kinds: 1, bits: 0, alike: 1, varied: false }],
    ["two kinds evenly", [0, 1, 0, 1], { kinds: 2, bits: 1, alike: 1 / 3, varied: true }],
    ["all different", [0, 1, 2, 3], { kinds: 4, bits: 2, alike: 0, varied: true }],
    ["no action at all", [], { kinds: 0, bits: 0, alike: 1, varied: false }],
  ])("%s", (_case, tokens, wanted) => {
    const { kinds, bits, alike, varied } = of(tokens);
    expect({ kinds, bits, alike, varied }).toEqual(wanted);
  });

  test("the longest run that chance gives is near that of drawn actions", () => {
    for (const kinds of [2, 4, 8]) {
      const random = new Random(kinds);
      const tokens = Array.from({ length: 400 }, () => random.between(0, kinds));
      let longest = 0;
      for (let lag = 1; lag <= 200; lag++)
        for (let i = lag, run = 0; i < 400; i++) {
          run = tokens[i] === tokens[i - lag] ? run + 1 : 0;
          longest = Math.max(longest, run);
        }
      expect(longest / of(tokens).chanceRun(400)).toBeGreaterThan(0.75);
      expect(longest / of(tokens).chanceRun(400)).toBeLessThan(1.4);
    }
  });

  test.each([
    ["as by chance", 0.2, 0.2, 0],
    ["always", 1, 0.2, 1],
    ["where chance always matches, nothing is beyond it", 1, 1, 0],
  ])("beyond chance: %s", (_case, share, chance, wanted) => expect(beyondChance(share, chance)).toBeCloseTo(wanted, 12));
});
