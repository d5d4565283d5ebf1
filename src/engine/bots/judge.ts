import type { BotConfig, RhythmConfig } from "./bot-config.ts";
import type { Conditional } from "./conditional.ts";
import { dipRarity } from "./dip.ts";
import { type Family, measure, windowFamilies, windowFeatures } from "./features.ts";
import { combine, fuse, likelihoodRatio } from "./fusion.ts";
import { peopleRange, peopleWaitsOf, rarity } from "./people.ts";
import { findPath, newRepetition, type PathRepetition, type Repetition } from "./repetition.ts";
import type { FeatureValue, VerdictPart } from "./verdict.ts";
import { Workspace } from "./workspace.ts";

/** Measures of a window: its features, and the share of its way points that is walked again. */
export const measuredCount = windowFeatures.length + 1;
const pathAt = windowFeatures.length;

/** What all rhythm scorers of a thread share: the configuration, made ready, and scratch memory. */
export class RhythmBench {
  readonly config: RhythmConfig;
  readonly ignored: ReadonlySet<number>;
  readonly workspace: Workspace;
  readonly scratch = new Float64Array(200);
  /** What was measured of a window, and behind it the share of the path; NaN where it cannot show it. */
  readonly values = new Float64Array(measuredCount);
  /** Actions of the window that `values` were measured in. */
  measuredActions = 0;
  /** How many of these actions have left the window that stands in the workspace. */
  movedActions = 0;
  readonly repetition: Repetition = newRepetition();
  readonly path: PathRepetition = { share: 0, lag: 0, at: 0, length: 0 };
  readonly used: readonly boolean[];
  readonly peopleWaits: Float64Array;

  constructor(config: BotConfig) {
    this.config = config.rhythm;
    this.ignored = new Set(config.ignoredOpcodes);
    this.workspace = new Workspace(config.rhythm.windowActions);
    this.peopleWaits = peopleWaitsOf(config.rhythm.people.gapQuantiles);
    this.used = windowFeatures.map((feature) => !config.rhythm.without.includes(feature.name));
  }
}

/** One window, judged. */
export interface Judgement {
  /** Log-likelihood ratio of bot against person over all families, nats. */
  readonly ratio: number;
  readonly parts: readonly VerdictPart[];
}

/** Judges the window that stands prepared in the bench's workspace. */
export function judge(bench: RhythmBench, conditional: Conditional): Judgement {
  const { workspace, config, values } = bench;
  measure(workspace, config.people.gapQuantiles, bench.scratch, bench.repetition, values);
  values[pathAt] = Number.NaN;
  if (workspace.points >= config.waypointsMin && !config.without.includes("path-repeat")) {
    findPath(workspace, config.pathTolerance, bench.path);
    values[pathAt] = bench.path.share;
  } else bench.path.share = 0;
  bench.measuredActions = workspace.n;
  bench.movedActions = 0;
  return weigh(bench, conditional);
}

/** Compares with people what the bench holds as measured, of whichever window. */
export function weigh(bench: RhythmBench, conditional: Conditional): Judgement {
  const parts: VerdictPart[] = windowFamilies.map((family) => familyPart(bench, family));
  const given = conditionalPart(conditional, bench.config);
  if (given !== undefined) parts.push(given);
  return { ratio: fuse(parts.map((part) => part.value)), parts };
}

function familyPart(bench: RhythmBench, family: Family): VerdictPart {
  const { config, values, measuredActions: n } = bench;
  const features: FeatureValue[] = [];
  const pValues: number[] = [];
  for (let i = 0; i < windowFeatures.length; i++) {
    const feature = windowFeatures[i] as (typeof windowFeatures)[number];
    if (feature.family !== family || bench.used[i] === false) continue;
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const pValue = rarity(config.people, feature.name, feature.bots, value, n);
    const people = peopleRange(config.people, feature.name, n);
    features.push({ name: feature.name, value, ...(pValue === undefined ? {} : { pValue }), ...(people === undefined ? {} : { people }) });
    if (pValue !== undefined) pValues.push(pValue);
  }
  // Features of a family depend on each other in their own way: the combined value is itself compared with people's.
  const combined = -Math.log(combine(pValues));
  let pValue = rarity(config.people, familyName(family), "high", combined, n) ?? Math.exp(-combined);
  const value = values[pathAt] as number;
  if (family === "repetition" && !Number.isNaN(value)) {
    const own = rarity(config.people, "path-repeat", "high", value, n);
    features.push({ name: "path-repeat", value, ...(own === undefined ? {} : { pValue: own }) });
    if (own !== undefined) pValue = combine([pValue, own]);
  }
  return { name: family, value: likelihoodRatio(pValue, config.ratioExponent, config.pValueMin), pValue, features };
}

/** Name under which the reference keeps a family's combined value. */
export const familyName = (family: string): string => `family ${family}`;

function conditionalPart(conditional: Conditional, config: RhythmConfig): VerdictPart | undefined {
  const features: FeatureValue[] = [];
  const add = (name: string, value: number | undefined, pValue: number | undefined) => {
    if (value !== undefined && pValue !== undefined && !config.without.includes(name)) features.push({ name, value, pValue });
  };
  add("fast-answers", conditional.fastShare, conditional.fastRarity);
  const { answerDip } = conditional;
  if (answerDip !== undefined) add("answer-modes", answerDip, dipRarity(answerDip, conditional.responses));
  add("delay-reaction", conditional.delayCorrelation, conditional.delayRarity);
  add("awake-hours", conditional.awakeHours, conditional.awakeRarity);
  if (features.length === 0) return undefined;
  const pValue = combine(features.map((feature) => feature.pValue as number));
  return { name: "conditional", value: likelihoodRatio(pValue, config.ratioExponent, config.pValueMin), pValue, features };
}
