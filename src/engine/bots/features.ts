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
  /** What it says, for people who read evidence. */
  readonly meaning: string;
}

const feature = (name: string, family: Family, bots: Feature["bots"], meaning: string): Feature => ({ name, family, bots, meaning });

/** What is measured in a window of actions, in the order of `measure`'s answer. */
export const windowFeatures: readonly Feature[] = [
  feature("log-deviation", "marginal", "low", "spread of the waits"),
  feature("log-spread", "marginal", "low", "distance of long from short waits"),
  feature("robust-deviation", "marginal", "low", "spread of the middle half of the waits"),
  feature("burstiness", "marginal", "low", "bursts and pauses"),
  feature("quantile-entropy", "marginal", "low", "variety of the waits"),
  feature("people-distance", "marginal", "high", "distance of the waits from people's"),
  feature("mode-mass", "marginal", "high", "share of waits of one length"),
  feature("same-action-deviation", "marginal", "low", "spread of the time until an action comes again"),
  feature("gap-entropy", "order", "both", "surprise in the order of the waits"),
  feature("action-entropy", "order", "both", "surprise in the order of the actions, of all their variety"),
  feature("complexity", "order", "both", "complexity of actions with their waits, against the same in any order"),
  feature("autocorrelation", "order", "low", "drift of the pace"),
  feature("fluctuation", "order", "low", "long memory of the pace"),
  feature("action-information", "order", "low", "what an action tells of the wait before it, of all its variety"),
  feature("longest-run", "repetition", "high", "longest sequence of actions that comes again, as a multiple of what chance gives"),
  feature("action-match", "repetition", "high", "actions equal to those one loop earlier, beyond chance"),
  feature("self-match", "repetition", "high", "actions and waits equal to those one loop earlier, beyond chance"),
  feature("timing-distance", "repetition", "low", "difference of the waits from those one loop earlier"),
  feature("self-similarity", "repetition", "high", "likeness of the minutes"),
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
