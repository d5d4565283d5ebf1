import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { PatternEntropy } from "./pattern-entropy.ts";

/** By the texts of the patterns. */
function slowly(symbols: Uint8Array, n: number): number {
  let [before, first, least] = [0, 0, Number.POSITIVE_INFINITY];
  for (let m = 1; m <= 5; m++) {
    const counts = new Map<string, number>();
    for (let i = 0; i + m <= n; i++) {
      const key = symbols.subarray(i, i + m).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const patterns = n - m + 1;
    const shares = [...counts.values()].map((count) => count / patterns);
    const bits = -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
    const once = [...counts.values()].filter((count) => count === 1).length / patterns;
    if (m === 1) first = bits;
    else least = Math.min(least, bits - before + once * first);
    before = bits;
  }
  return least;
}

describe("corrected conditional entropy", () => {
  const random = new Random(3);
  const patterns = new PatternEntropy(400);
  test.each([
    ["five symbols by chance", () => random.between(0, 5)],
    ["24 symbols by chance", () => random.between(0, 24)],
    ["one symbol", () => 3],
    ["a loop", (i: number) => i % 7],
    ["a loop with slips", (i: number) => (random.chance(0.1) ? random.between(0, 24) : i % 11)],
    ["all different at first", (i: number) => Math.min(i, 23)],
  ])("%s: as by counting texts", (_case, symbol) => {
    for (const n of [6, 50, 137, 400]) {
      const symbols = Uint8Array.from({ length: n }, (_, i) => symbol(i));
      expect(patterns.correctedConditional(symbols, n), `${n} symbols`).toBeCloseTo(slowly(symbols, n), 9);
    }
  });
});
