import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { macroSimilarity, rhythmSimilarity, signatureOf } from "./account-signature.ts";

const account = (seed: number, opcode: (i: number, random: Random) => number, pace: number) => {
  const random = new Random(seed);
  const opcodes = Array.from({ length: 300 }, (_, i) => opcode(i, random));
  const gaps = Array.from({ length: 300 }, () => pace * Math.exp(random.normal(0, 0.3)));
  return signatureOf(opcodes, gaps, 300);
};
const macro = (i: number) => [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5][i % 11] as number;

describe("account signature", () => {
  const one = account(1, (i, random) => (random.chance(0.02) ? 8 : macro(i)), 1);
  const other = account(2, (i, random) => (random.chance(0.02) ? 8 : macro(i + 5)), 1);
  const person = account(3, (_i, random) => random.between(0, 12), 1.5);

  test("an account is like itself", () => {
    expect(macroSimilarity(one, one)).toBe(1);
    expect(rhythmSimilarity(one, one)).toBeCloseTo(1);
  });
  test("the same macro with other mistakes, begun elsewhere, is alike", () => expect(macroSimilarity(one, other)).toBeGreaterThan(0.5));
  test("a person shares no sequence with it", () => expect(macroSimilarity(one, person)).toBe(0));
  test("another pace overlaps less", () => expect(rhythmSimilarity(one, person)).toBeLessThan(rhythmSimilarity(one, other)));
  test("too few actions are like nothing", () => {
    const short = signatureOf([1, 2], [1, 1], 2);
    expect(macroSimilarity(short, short)).toBe(0);
  });
});
