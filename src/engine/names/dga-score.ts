import { gramQuantum, gramWeights, shapeWeights } from "./dga-model.generated.ts";
import { gramBuckets, isMeasurable, type LabelFeatures, measureLabel } from "./name-features.ts";
import type { RegisteredDomain } from "./registered-domain.ts";
import { Vocabulary } from "./vocabulary.ts";
import { readWeights } from "./weight-text.ts";
import { words } from "./words.ts";

/** How much a registered label looks as if a program had made it up. */
export interface NameJudgement {
  /** 0 … 1; at one half things speak as much for it as against it. */
  readonly score: number;
  /** Log-odds by what decided them; they sum to the score's. */
  readonly letters: number;
  readonly shape: number;
  readonly suffix: number;
  /** Share of the label that known words cover. */
  readonly covered: number;
}

/**
 * Judges the registered label, never the host before it: names of hosts in clouds are made by programs and say nothing.
 * Names made of joined words are beyond it; the number of names that do not exist tells those. Undefined for labels below
 * four characters, international ones (`xn--`) and ones that no host has. About 20 µs for a label, so callers keep
 * what they asked for.
 */
export function judgeName(domain: Pick<RegisteredDomain, "label" | "suffix">): NameJudgement | undefined {
  if (!isMeasurable(domain.label)) return undefined;
  const features = measureLabel(domain.label, knownWords);
  const letters = letterOdds(features);
  const shape = shapeOdds(features);
  const suffix = suffixOdds.get(domain.suffix) ?? (domain.suffix.length > 3 && domain.suffix.includes(".") ? -0.5 : 0);
  const score = 1 / (1 + Math.exp(-(letters + shape + suffix)));
  return { score, letters, shape, suffix, covered: features.shape[coveredAt] as number };
}

/** Where `measureLabel` puts the share that words cover. */
const coveredAt = 10;
/** Words that labels are split into. */
export const knownWords = new Vocabulary(words);

/**
 * Log-odds of suffixes, set by hand and small: those that cost next to nothing are used more by programs, those that ask
 * for proof of who one is hardly ever.
 */
const suffixOdds: ReadonlyMap<string, number> = new Map([
  ...["tk", "ml", "ga", "cf", "gq", "top", "xyz", "pw", "ws", "su", "cc", "biz", "info", "bid", "click", "work", "rest", "icu", "buzz"].map(
    (suffix) => [suffix, 0.7] as const,
  ),
  ...["edu", "gov", "mil", "int", "museum", "bank", "arpa", "ac.uk", "gov.uk", "edu.au", "gov.au"].map((suffix) => [suffix, -2] as const),
]);

function shapeOdds({ shape }: LabelFeatures): number {
  let sum = 0;
  for (let i = 0; i < shape.length; i++) sum += (shapeWeights[i] as number) * (shape[i] as number);
  return sum;
}

function letterOdds({ grams }: LabelFeatures): number {
  let sum = 0;
  for (let i = 0; i < grams.length; i++) sum += weights[grams[i] as number] as number;
  return (sum * gramQuantum) / Math.sqrt(grams.length);
}

const weights = readWeights(gramWeights, gramBuckets);
