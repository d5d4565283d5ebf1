import {
  distanceFromPeople,
  gapBurstiness,
  logDeviation,
  logSpread,
  modeMass,
  quantileEntropy,
  robustDeviation,
  sameActionDeviation,
} from "./marginal.ts";
import { actionInformation, autocorrelation, fluctuationExponent, lempelZiv } from "./order.ts";
import { beyondChance } from "./repertoire.ts";
import { findRepetition, type Repetition, selfSimilarity } from "./repetition.ts";
import type { Workspace } from "./workspace.ts";

export type Family = "marginal" | "order" | "repetition" | "conditional";

export interface Feature {
  readonly name: string;
  readonly family: Family;
  /** Where bots are found, seen from people. */
  readonly bots: "low" | "high" | "both";
  /** What it says of a player who is there, for people who read evidence. */
  readonly low: string;
  readonly high: string;
}

const low = (name: string, family: Family, says: string): Feature => ({ name, family, bots: "low", low: says, high: "" });
const high = (name: string, family: Family, says: string): Feature => ({ name, family, bots: "high", low: "", high: says });
const both = (name: string, family: Family, fewer: string, more: string): Feature => ({
  name,
  family,
  bots: "both",
  low: fewer,
  high: more,
});

/** What is measured in a window of actions, in the order of `measure`'s answer. */
export const windowFeatures: readonly Feature[] = [
  low("log-deviation", "marginal", "the waits vary less than people's"),
  low("log-spread", "marginal", "short and long waits are nearer to each other than people's"),
  low("robust-deviation", "marginal", "the usual waits are nearer to each other than people's"),
  low("burstiness", "marginal", "it does not hurry and pause as people do"),
  low("quantile-entropy", "marginal", "the waits have less variety than people's"),
  high("people-distance", "marginal", "the waits are spread otherwise than people's"),
  high("mode-mass", "marginal", "many waits have one and the same length"),
  low("same-action-deviation", "marginal", "an action comes again after nearly the same time"),
  both("gap-entropy", "order", "the waits follow each other in a fixed order", "the waits follow each other in no order at all"),
  both("action-entropy", "order", "the actions follow each other in a fixed order", "the actions follow each other in no order at all"),
  both("complexity", "order", "actions and their waits repeat themselves", "actions and their waits are in no order at all"),
  low("autocorrelation", "order", "the pace does not drift as people's does"),
  low("fluctuation", "order", "the pace does not remember what it was, as people's does"),
  low("action-information", "order", "whatever is done takes the same time"),
  high("longest-run", "repetition", "a long sequence of actions comes again, as a multiple of what chance gives"),
  high("action-match", "repetition", "the actions are those of one loop earlier, beyond chance"),
  high("self-match", "repetition", "actions and waits are those of one loop earlier, beyond chance"),
  low("timing-distance", "repetition", "the waits differ little from those of one loop earlier"),
  high("self-similarity", "repetition", "each minute is like the others"),
];

export const windowFamilies = ["marginal", "order", "repetition"] as const;

/** Measures a prepared window; NaN where the window cannot show it. `scratch` holds at least 200 numbers; `repetition` keeps where the loop was found. */
export function measure(
  w: Workspace,
  peopleQuantiles: readonly number[],
  scratch: Float64Array,
  repetition: Repetition,
  out: Float64Array,
): void {
  findRepetition(w, repetition);
  out[0] = logDeviation(w);
  out[1] = logSpread(w);
  out[2] = robustDeviation(w);
  out[3] = gapBurstiness(w);
  out[4] = quantileEntropy(w, peopleQuantiles);
  out[5] = distanceFromPeople(w, peopleQuantiles);
  out[6] = modeMass(w);
  out[7] = sameActionDeviation(w, scratch);
  out[8] = w.patterns.correctedConditional(w.bins, w.n);
  const { repertoire } = w;
  const { varied } = repertoire;
  out[9] = varied ? w.patterns.correctedConditional(w.tokens, w.n) / repertoire.bits : Number.NaN;
  out[10] = lempelZiv(w.joint, w.n, w.table) / lempelZiv(w.shuffled, w.n, w.table);
  out[11] = autocorrelation(w);
  out[12] = fluctuationExponent(w);
  out[13] = varied ? actionInformation(w, scratch) / repertoire.bits : Number.NaN;
  out[14] = varied ? repetition.longestRunLength / repertoire.chanceRun(w.n) : Number.NaN;
  out[15] = varied ? beyondChance(repetition.actionMatch, repertoire.alike) : Number.NaN;
  out[16] = beyondChance(repetition.selfMatch, repertoire.bothAlike);
  out[17] = repetition.timingDistance;
  out[18] = varied ? selfSimilarity(w, scratch) : Number.NaN;
}
