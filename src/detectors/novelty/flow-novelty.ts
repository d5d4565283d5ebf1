import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf } from "#contract/detector.ts";
import { AlertBudget } from "#engine/learn/budget.ts";
import { HalfSpaceTrees } from "#engine/learn/half-space-trees.ts";
import { KitNet } from "#engine/learn/kitnet.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";
import { flowFeatures } from "./flow-features.ts";

export interface FlowNoveltyOptions {
  readonly alertsPerDayMax: number;
  /** Packet time in which flows are only learnt, s. */
  readonly learningSeconds: number;
  readonly model: FlowModelName;
  readonly seed: number;
}

export type FlowModelName = "autoencoders" | "trees";

/** What both models do. */
interface FlowModel {
  /** Learns the flow and says how strange it is; `undefined` while it cannot. */
  readonly process: (x: Float64Array) => number | undefined;
  readonly explain: (top: number) => readonly { readonly feature: number; readonly share: number }[];
  readonly state: () => Uint8Array;
}

interface Saved {
  readonly model: string;
  readonly peaks: unknown;
  readonly budget: unknown;
  readonly learntUntil: number;
}

const featuresTold = 3;
/** A feature that brought less of the distance is not told. */
const shareMin = 0.1;

/** Flows that the autoencoders learn their groups of features from, and that they are trained with. */
const mapFlows = 1000;
const trainFlows = 9000;
/** A window of flows that outlasts an hour of a busy office, and trees enough for it. */
const treeOptions = { trees: 50, depth: 10, windowExamples: 1000 };

/** Small autoencoders (KitNET) notice a value that is new; half-space trees a combination that is rare, and go on learning. */
function openModel(name: FlowModelName, seed: number, state: Uint8Array | undefined): FlowModel {
  const features = flowFeatures.length;
  if (name === "trees") {
    const options = { features, seed, ...treeOptions };
    const trees = state === undefined ? new HalfSpaceTrees(options) : HalfSpaceTrees.from(state, options);
    return { process: (x) => trees.process(x), explain: (top) => trees.explain(top), state: () => trees.state() };
  }
  const options = { features, seed, mode: "fast", mapExamples: mapFlows, trainExamples: trainFlows } as const;
  const net = state === undefined ? new KitNet(options) : KitNet.from(state, options);
  return {
    process: (x) => {
      const isTrained = net.phase === "score";
      const score = net.process(x);
      return isTrained ? score : undefined;
    },
    explain: (top) => net.explain(top),
    state: () => net.state(),
  };
}

/**
 * Flows unlike those that the network usually has, by sizes, times and directions. What is usual is learnt while it runs; how strange a flow must be to be told follows from a budget of false alerts a day. It says that
 * something is new, not that it is bad.
 */
export class FlowNovelty implements Detector {
  readonly #options: FlowNoveltyOptions;
  readonly #report: (finding: Finding) => void;
  readonly #model: FlowModel;
  readonly #peaks: PeaksOverThreshold;
  readonly #budget: AlertBudget;
  readonly #point = new Float64Array(flowFeatures.length);
  #learntUntil: number;

  constructor(options: FlowNoveltyOptions, report: (finding: Finding) => void, saved: unknown) {
    this.#options = options;
    this.#report = report;
    const budget = { alertsPerDayMax: options.alertsPerDayMax };
    const before = restored(saved, (state) => {
      const peaks = PeaksOverThreshold.from(state.peaks);
      return {
        model: openModel(options.model, options.seed, Uint8Array.fromBase64(state.model)),
        peaks,
        budget: AlertBudget.from(state.budget, budget, peaks),
        learntUntil: state.learntUntil,
      };
    });
    this.#model = before?.model ?? openModel(options.model, options.seed, undefined);
    this.#peaks = before?.peaks ?? new PeaksOverThreshold();
    this.#budget = before?.budget ?? new AlertBudget(budget, this.#peaks);
    this.#learntUntil = before?.learntUntil ?? 0;
  }

  onFlowEnd(fact: FlowFact): void {
    for (let i = 0; i < flowFeatures.length; i++) this.#point[i] = (flowFeatures[i] as (typeof flowFeatures)[number]).of(fact);
    const score = this.#model.process(this.#point);
    if (this.#learntUntil === 0) this.#learntUntil = fact.time + this.#options.learningSeconds * MICROS_PER_SECOND;
    if (score === undefined) return;
    if (fact.time < this.#learntUntil) this.#peaks.learn(score);
    else if (this.#budget.judge(score, fact.time)) this.#tell(fact, score);
  }

  save(): Saved {
    return {
      model: this.#model.state().toBase64(),
      peaks: this.#peaks.state(),
      budget: this.#budget.state(),
      learntUntil: this.#learntUntil,
    };
  }

  #tell(fact: FlowFact, score: number): void {
    const shares = this.#model.explain(featuresTold).filter(({ share }) => share >= shareMin);
    const named = shares.map(({ feature, share }) => ({ feature: flowFeatures[feature] as (typeof flowFeatures)[number], share }));
    const chance = this.#peaks.tail(score);
    this.#report({
      ...placeOf(fact),
      title: `A flow unlike those that are usual here, from ${fact.client} to ${fact.server}:${fact.serverPort}${fact.service === undefined ? "" : ` (${fact.service})`}: ${named.map(({ feature }) => `${feature.name} ${feature.told(fact)}`).join(", ")}`,
      severity: "low",
      score: score / (1 + score),
      why: [
        ...named.map(({ feature, share }) => ({
          feature: `${feature.name} (${Math.round(share * 100)} % of the distance)`,
          value: feature.told(fact),
        })),
        { feature: "strangeness", value: score, ...(this.#budget.threshold === undefined ? {} : { threshold: this.#budget.threshold }) },
        ...(chance === undefined ? [] : [{ feature: "chance of a usual flow to be so strange", value: chance }]),
      ],
      cause: `${fact.client} ${fact.server} ${fact.serverPort}`,
    });
  }
}

/** What an earlier run saved; `undefined` when there is nothing, or it does not fit this program or its settings: then it is learnt anew. */
function restored<T>(saved: unknown, make: (state: Saved) => T): T | undefined {
  if (typeof saved !== "object" || saved === null) return undefined;
  try {
    return make(saved as Saved);
  } catch {
    return undefined;
  }
}
