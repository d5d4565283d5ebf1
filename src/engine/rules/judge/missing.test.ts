import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { indexOfLiteral } from "#engine/match/search.ts";
import type { Content } from "#engine/rules/signature.ts";
import { BufferJudge } from "./buffer.ts";
import { ContentRange } from "./content-range.ts";
import { Scratch } from "./scratch.ts";
import { bytesOf, content, testsOf } from "./testing.ts";

const streamBytes = 120;
const windowBytes = 40;
const runs = 3000;

const textOf = (random: Random, length: number): string => Array.from({ length }, () => "aabbbccdx"[random.between(0, 9)]).join("");

function made(random: Random, index: number): Content {
  const number = random.between(-2, 6);
  const literal = textOf(random, random.between(1, 4));
  const nocase = random.chance(0.2);
  if (index === 0 || random.chance(0.2)) {
    const offset = random.chance(0.3) ? random.between(0, 30) : 0;
    return content(literal, { nocase, offset, depth: random.chance(0.2) ? literal.length + random.between(0, 30) : undefined });
  }
  return content(literal, {
    nocase,
    negated: random.chance(0.2),
    distance: number,
    within: random.chance(0.4) ? literal.length + random.between(0, 9) : undefined,
  });
}

/** Tries every place of every literal. */
function holdsSomehow(tests: readonly Content[], index: number, bytes: Uint8Array, scratch: Scratch): boolean {
  const sought = tests[index];
  if (sought === undefined) return true;
  const { position } = scratch;
  const range = new ContentRange();
  const isRoom = range.set(sought, bytes.length, scratch);
  const { literal, nocase } = sought;
  const find = (from: number): number => (isRoom ? indexOfLiteral(bytes, from, range.high, literal, nocase) : -1);
  if (sought.negated) return find(range.low) < 0 && holdsSomehow(tests, index + 1, bytes, scratch);
  for (let at = find(range.low); at >= 0; at = find(at + 1)) {
    scratch.position = at + literal.length;
    if (holdsSomehow(tests, index + 1, bytes, scratch)) return true;
  }
  scratch.position = position;
  return false;
}

test("a literal that is nowhere ends the search, and no stream without it fulfils the tests", () => {
  const random = new Random(7);
  const judge = new BufferJudge();
  let held = 0;
  let spared = 0;
  for (let run = 0; run < runs; run++) {
    const tests = Array.from({ length: random.between(1, 5) }, (_, index) => made(random, index));
    const stream = bytesOf(textOf(random, streamBytes));
    let missing: Content | undefined;
    let absentUpTo = 0;
    for (let end = 10; end <= streamBytes; end += 10) {
      const begin = Math.max(0, end - windowBytes);
      const bytes = stream.subarray(begin, end);
      const scratch = new Scratch();
      scratch.precedingBytes = begin;
      const expected = holdsSomehow(tests, 0, bytes, scratch);
      if (missing !== undefined) {
        const from = Math.max(begin, absentUpTo - missing.literal.length + 1);
        if (indexOfLiteral(stream, from, end, missing.literal, missing.nocase) < 0) {
          expect(expected, JSON.stringify({ tests, end })).toBe(false);
          spared++;
        } else missing = undefined;
      }
      scratch.beginRule();
      expect(judge.match(testsOf(tests), bytes, 0, bytes.length, scratch), JSON.stringify({ tests, end })).toBe(expected);
      if (expected) held++;
      missing ??= judge.missing;
      absentUpTo = end;
    }
  }
  expect([held > 1000, spared > 1000]).toEqual([true, true]);
});
