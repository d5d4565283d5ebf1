/**
 * `npm run bench:dga`: how well made-up names are told from people's. Each family is judged by a model that was trained
 * without it, against names by rule and against the real names of captures ($ODDWIRE_CORPORA), which no training sees.
 * `-- --names FILE` judges against other real names instead: registered labels, one a line.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { randomFamilies, wordFamilies } from "#engine/names/dga/families.ts";
import { benignExamples, type Example, familyExamples, oddsOf, train, type Weights } from "#engine/names/dga/train.ts";
import { entropyBits, isMeasurable, measureLabel } from "#engine/names/name-features.ts";
import { Vocabulary } from "#engine/names/vocabulary.ts";
import { words } from "#engine/names/words.ts";
import { areaUnderCurve, shareAbove } from "./beacon/curve.ts";
import { tableText } from "./bots/table-text.ts";
import { realLabels } from "./dga/real-names.ts";

const trainSeed = 11;
const testSeed = 4711;
const perFamily = 1000;
const started = performance.now();

const known = new Vocabulary(words);
const { values } = parseArgs({ options: { names: { type: "string" } } });
const real = values.names === undefined ? realLabels() : readFileSync(values.names, "utf8").split(/\s+/).filter(isMeasurable);
const realFeatures = real.map((label) => measureLabel(label, known));
const byRule = benignExamples(testSeed, 4000);
const benignTraining = benignExamples(trainSeed, 20_000);
const families = Object.entries(randomFamilies);
const training = families.map(([, family]) => familyExamples(family, trainSeed, perFamily));

const judge = (weights: Weights, examples: readonly Example[]): number[] => examples.map(({ features }) => oddsOf(weights, features));
const rows: string[][] = [];
const sums = [0, 0, 0, 0, 0];

function row(name: string, weights: Weights, examples: readonly Example[]): readonly number[] {
  const scores = judge(weights, examples);
  const realScores = realFeatures.map((features) => oddsOf(weights, features));
  const figures = [
    areaUnderCurve(scores, judge(weights, byRule)),
    areaUnderCurve(scores, realScores),
    shareAbove(scores, realScores, 0.01),
    areaUnderCurve(
      examples.map(({ features }) => features.shape[3] as number),
      real.map((label) => entropyBits(label) / 4),
    ),
  ];
  rows.push([name, ...figures.map((figure) => figure.toFixed(3))]);
  return figures;
}

for (const [i, [name, family]] of families.entries()) {
  const weights = train([...benignTraining, ...training.filter((_, j) => j !== i).flat()], trainSeed);
  for (const [at, figure] of row(name, weights, familyExamples(family, testSeed, perFamily)).entries())
    sums[at] = (sums[at] as number) + figure / families.length;
}
rows.push(["mean of the families", ...sums.slice(0, 4).map((sum) => sum.toFixed(3))]);
/** Families that are alike: with all of them left out, nothing of their kind is in training. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "sounding like words": ["alternating", "syllables", "vowel-pairs", "frequent-letters"],
  "with digits": ["hash-digits", "base32", "letters-and-digits", "letters-then-digits", "counted"],
  "any letters": [
    "congruential",
    "chained",
    "shift-register",
    "hash-letters",
    "permuted",
    "replaced",
    "triples",
    "few-letters",
    "many-letters",
  ],
};
for (const [group, members] of Object.entries(groups)) {
  const weights = train([...benignTraining, ...training.filter((_, j) => !members.includes(families[j]?.[0] ?? "")).flat()], trainSeed);
  const left = families.filter(([name]) => members.includes(name));
  row(
    `all ${group} left out`,
    weights,
    left.flatMap(([, family]) => familyExamples(family, testSeed, perFamily / 4)),
  );
}
const all = train([...benignTraining, ...training.flat()], trainSeed);
for (const [name, family] of Object.entries(wordFamilies)) row(name, all, familyExamples(family, testSeed, perFamily));
console.log(`area under the curve, each family left out of training; ${byRule.length} names by rule, ${real.length} real ones`);
console.log(
  tableText([["family", "by rule", "real", "at 1 % FP", "entropy"], ...rows].map(([name = "", ...cells]) => [name.padEnd(34), ...cells])),
);
const highest = real
  .map((label, i) => [label, oddsOf(all, realFeatures[i] as (typeof realFeatures)[number])] as const)
  .toSorted((a, b) => b[1] - a[1]);
console.log(
  `real names most like made ones: ${highest
    .slice(0, 40)
    .map(([label, odds]) => `${label} ${odds.toFixed(1)}`)
    .join(", ")}`,
);
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
