import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { ActionRepeats } from "./action-repeats.ts";
import { newRepetition, type Repetition } from "./repetition.ts";

type Found = Omit<Repetition, "timingDistance" | "timingLag">;

/** Pair by pair, the least lag and the first place of equally long runs. */
function slowly(tokens: Uint8Array, bins: Uint8Array, n: number): Found {
  let [length, lagOf, end, actionMatch, selfMatch] = [0, 0, -1, 0, 0];
  for (let lag = 1; lag <= n >> 1; lag++) {
    let [equal, both, run] = [0, 0, 0];
    for (let i = lag; i < n; i++) {
      const same = tokens[i] === tokens[i - lag];
      if (same) equal++;
      if (same && bins[i] === bins[i - lag]) both++;
      run = same ? run + 1 : 0;
      if (run > length) [length, lagOf, end] = [run, lag, i];
    }
    actionMatch = Math.max(actionMatch, equal / (n - lag));
    selfMatch = Math.max(selfMatch, both / (n - lag));
  }
  const at = end - length + 1 - lagOf;
  return { longestRun: length / n, longestRunLag: lagOf, longestRunAt: at, longestRunLength: length, actionMatch, selfMatch };
}

function quickly(repeats: ActionRepeats, tokens: Uint8Array, bins: Uint8Array, n: number): Found {
  const out = newRepetition();
  repeats.find(tokens, bins, n, out);
  const { timingDistance: _, timingLag: __, ...found } = out;
  return found;
}

describe("repeats of actions, 32 at a time, are those found pair by pair", () => {
  const repeats = new ActionRepeats(800);
  const random = new Random(7);
  test.each([
    ["chance of few kinds", (_i: number) => random.between(0, 3)],
    ["chance of many kinds", (_i: number) => random.between(0, 24)],
    ["one kind only", () => 5],
    ["a loop with slips", (i: number) => (random.chance(0.05) ? random.between(0, 24) : (i * 7) % 13)],
    ["a loop of 32", (i: number) => (i % 32) % 24],
    ["a long recording", (i: number) => Math.imul(i % 83, 0x9e3779b1) >>> 28],
    ["one kind with a few others", (_i: number) => (random.chance(0.03) ? 1 : 0)],
  ])("%s", (_case, token) => {
    for (const n of [1, 2, 31, 32, 33, 50, 63, 64, 65, 100, 127, 200, 399, 400, 800]) {
      const tokens = Uint8Array.from({ length: n }, (_, i) => token(i));
      const bins = Uint8Array.from({ length: n }, () => random.between(0, 5));
      expect(quickly(repeats, tokens, bins, n), `${n} actions`).toEqual(slowly(tokens, bins, n));
    }
  });
});
