import { mix32 } from "#base/hash.ts";
import { Random } from "#base/random.ts";
import { gramBuckets, isMeasurable, type LabelFeatures, measureLabel, shapeCount } from "#engine/names/name-features.ts";
import { Vocabulary } from "#engine/names/vocabulary.ts";
import { words } from "#engine/names/words.ts";
import { benignName } from "./benign.ts";
import type { Family } from "./families.ts";

/** Weights of a logistic regression over the features of labels; `grams` count by their sum over the root of their number. */
export interface Weights {
  readonly shape: Float64Array;
  readonly grams: Float64Array;
}

/** A label's features and whether a program made it. */
export interface Example {
  readonly features: LabelFeatures;
  readonly made: boolean;
}

/** The words that training takes for known: the rest stands for all the words that no list has. */
const trainingWords = new Vocabulary(words.filter((word) => (mix32(word.length * 7919 + hashOf(word)) >>> 0) % 100 < 60));

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Examples of one family, over several campaigns. */
export function familyExamples(family: Family, seed: number, count: number): readonly Example[] {
  const campaigns = 40;
  return Array.from({ length: campaigns }, (_, i) => family(mix32(seed + 7 * i) >>> 0, Math.ceil(count / campaigns)))
    .flat()
    .slice(0, count)
    .filter(isMeasurable)
    .map((label) => ({ features: measureLabel(label, trainingWords), made: true }));
}

/** Examples of names that people give. */
export function benignExamples(seed: number, count: number): readonly Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => benignName(random, words))
    .filter(isMeasurable)
    .map((label) => ({ features: measureLabel(label, trainingWords), made: false }));
}

const rounds = 5;
const stepSize = 0.15;
const shrinkage = 1e-5;

/** Logistic regression by stochastic steps that shrink per weight (AdaGrad, Duchi et al. 2011); both classes weigh the same. */
export function train(examples: readonly Example[], seed: number): Weights {
  const weights: Weights = { shape: new Float64Array(shapeCount), grams: new Float64Array(gramBuckets) };
  const squares: Weights = { shape: new Float64Array(shapeCount).fill(1e-3), grams: new Float64Array(gramBuckets).fill(1e-3) };
  const made = examples.filter((example) => example.made).length;
  const random = new Random(seed);
  const order = examples.map((_, i) => i);
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.between(0, i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    for (const i of order) {
      const { features, made: isMade } = examples[i] as Example;
      const balance = examples.length / 2 / (isMade ? made : examples.length - made);
      step(weights, squares, features, balance * ((isMade ? 1 : 0) - 1 / (1 + Math.exp(-oddsOf(weights, features)))));
    }
  }
  return weights;
}

/** Log-odds that a program made the label. */
export function oddsOf(weights: Weights, { shape, grams }: LabelFeatures): number {
  let sum = 0;
  for (let i = 0; i < shape.length; i++) sum += (weights.shape[i] as number) * (shape[i] as number);
  let gramSum = 0;
  for (let i = 0; i < grams.length; i++) gramSum += weights.grams[grams[i] as number] as number;
  return sum + gramSum / Math.sqrt(grams.length);
}

function step(weights: Weights, squares: Weights, { shape, grams }: LabelFeatures, error: number): void {
  for (let i = 0; i < shape.length; i++) move(weights.shape, squares.shape, i, error * (shape[i] as number));
  const each = error / Math.sqrt(grams.length);
  for (let i = 0; i < grams.length; i++) move(weights.grams, squares.grams, grams[i] as number, each);
}

function move(weights: Float64Array, squares: Float64Array, at: number, gradient: number): void {
  const pull = gradient - shrinkage * (weights[at] as number);
  squares[at] = (squares[at] as number) + pull * pull;
  weights[at] = (weights[at] as number) + (stepSize * pull) / Math.sqrt(squares[at]);
}
