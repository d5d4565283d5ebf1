import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PcreMachine } from "./pcre-machine.ts";
import { firstBytes, nullable, uncountedLengthMax } from "./pcre-measure.ts";
import { parsePcre } from "./pcre-parse.ts";
import { type PcreProgram, writeProgram } from "./pcre-program.ts";
import { writeScript } from "./pcre-script.ts";
import type { PcreTree } from "./pcre-tree.ts";
import { askPerl, type PerlAnswer, type PerlCase, perlIsHere } from "./perl.common.ts";

const hasPerl = perlIsHere();
if (!hasPerl) process.stderr.write("skipped: patterns beside Perl, which is not installed\n");

/** Bytes and sets of patterns, all of which can match bytes of the texts. */
const atoms = [
  ..."abcAB1 ".split(""),
  ".",
  "\\n",
  "\\r",
  "\\d",
  "\\w",
  "\\W",
  "\\s",
  "\\S",
  "\\D",
  "\\h",
  "\\R",
  "\\x41",
  "\\x{62}",
  "\\101",
  "\\t",
  "\\N",
  "\\V",
  "\\xe9",
  "\xc9",
  "[ab]",
  "[^a]",
  "[a-c1]",
  "[[:alpha:]]",
  "[[:^digit:]b]",
  "[\\w.]",
  "[]a]",
  "[^\\n\\r]",
  "[A-C\\d]",
  "[\\x00-\\x20]",
];
const places = ["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"];
const quantifiers = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "+?", "??", "{1,3}?", "*+", "++", "?+", "{1,2}+"];
const openings = ["(", "(", "(?:", "(?:", "(?i:", "(?s:", "(?m-i:", "(?>", "(?=", "(?!", "(?<name>", "(?#note)(?:", "(?i)(?:"];
const befores = ["(?<=a)", "(?<!b)", "(?<=ab|c)", "(?<=^a)", "(?<![^a-c])"];

const patterns = fc.letrec<{ pattern: string; item: string }>((tie) => ({
  pattern: fc.oneof(
    { weight: 4, arbitrary: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((items) => items.join("")) },
    { weight: 1, arbitrary: fc.tuple(tie("pattern"), tie("pattern")).map(([one, other]) => `${one}|${other}`) },
  ),
  item: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: fc.constantFrom(...atoms) },
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...atoms), fc.constantFrom(...quantifiers)).map((pair) => pair.join("")) },
    { weight: 1, arbitrary: fc.constantFrom(...places, ...befores) },
    { weight: 1, arbitrary: fc.constantFrom("\\1", "\\2", "(a)\\1", "(?<n>b|c)\\k<n>") },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...openings), tie("pattern"), fc.constantFrom("", "", ...quantifiers))
        .map(([opening, body, quantifier]) => `${opening}${body})${/^\(\?[=!]/.test(opening) ? "" : quantifier}`),
    },
  ),
}));
const texts = fc.array(fc.constantFrom(..."aabbcABC1 .\n\r\x85é\xc9_".split("")), { maxLength: 14 }).map((chars) => chars.join(""));
const cases: fc.Arbitrary<PerlCase> = fc.record({
  pattern: patterns.pattern,
  flags: fc.constantFrom("", "", "i", "m", "s", "x", "im", "isx"),
  text: texts,
});

const sample = (seed: number, count: number): readonly PerlCase[] => fc.sample(cases, { seed, numRuns: count });

function byMachine(tree: PcreTree, text: string, stepsMax = 1_000_000): PerlAnswer | "limit" {
  const first = nullable(tree.root) ? undefined : firstBytes(tree.root);
  const machine = new PcreMachine(writeProgram(tree) as PcreProgram, first, tree.anchored);
  const verdict = machine.find(text, 0, stepsMax);
  if (verdict !== "found") return verdict;
  return Array.from({ length: tree.groups + 1 }, (_, group) => [...machine.registers.subarray(2 * group, 2 * group + 2)]).flatMap(
    ([from = -1, to = -1]) => (to < 0 ? [-1, -1] : [from, to]),
  );
}

function byScript(tree: PcreTree, text: string): PerlAnswer {
  const { source, groups } = writeScript(tree);
  const found = new RegExp(source, tree.anchored ? "dy" : "d").exec(text);
  return found?.indices === undefined ? "absent" : groups.flatMap((group) => found.indices?.[group] ?? [-1, -1]);
}

/** The match without its groups: where a group took part in an earlier turn of a loop only, Perl and PCRE differ. */
const whole = (answer: PerlAnswer | "limit"): string => (typeof answer === "string" ? answer : answer.slice(0, 2).join("-"));

/** Patterns that Perl's optimizer gets wrong, and PCRE does not. */
const perlErrs: readonly string[] = ["(?=(?i:\\W*?))[ab]"];

describe.skipIf(!hasPerl)("patterns beside Perl", () => {
  test("the counting machine finds what Perl finds", () => {
    const all = sample(1, 12_000).map((one) => ({ one, tree: parsePcre(one.pattern, one.flags) }));
    const taken = all.filter((entry): entry is { one: PerlCase; tree: PcreTree } => !("error" in entry.tree));
    expect(taken.length).toBeGreaterThan(all.length * 0.8);
    const answers = askPerl(taken.map(({ one }) => one));
    const wrong = taken.flatMap(({ one, tree }, i) => {
      const [ours, perl] = [whole(byMachine(tree, one.text)), whole(answers[i] ?? "refused")];
      return ours === perl || perl === "refused" || perlErrs.includes(one.pattern) ? [] : [{ ...one, ours, perl }];
    });
    expect(wrong).toEqual([]);
  });
});

test("V8 finds what the counting machine finds, wherever it is asked", () => {
  let asked = 0;
  fc.assert(
    fc.property(cases, ({ pattern, flags, text }) => {
      const tree = parsePcre(pattern, flags);
      if ("error" in tree || uncountedLengthMax(tree) === 0) return;
      asked++;
      expect(byScript(tree, text)).toEqual(byMachine(tree, text));
    }),
    { numRuns: 6000 },
  );
  expect(asked).toBeGreaterThan(2000);
});

test("what V8 is asked takes few steps, also in texts made to mislead", () => {
  const length = 200;
  let asked = 0;
  fc.assert(
    fc.property(patterns.pattern, fc.constantFrom("", "s", "i"), fc.stringMatching(/^[abcA1 \n]{1,3}$/), (pattern, flags, unit) => {
      const tree = parsePcre(pattern, flags);
      if ("error" in tree) return;
      const most = uncountedLengthMax(tree);
      if (most === 0) return;
      asked++;
      const text = `${unit.repeat(length).slice(0, Math.min(length, most))}!`;
      // Growth with the length is what counts: the pattern's own length is allowed a factor.
      const degree = most === Number.POSITIVE_INFINITY ? 1 : Math.max(1, Math.round(24 / Math.log2(most)));
      expect(byMachine(tree, text, 1024 * text.length ** degree)).not.toBe("limit");
    }),
    { numRuns: 20_000 },
  );
  expect(asked).toBeGreaterThan(5000);
});
