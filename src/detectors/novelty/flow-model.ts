import { combine32 } from "#base/hash.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf } from "#contract/detector.ts";
import { OddwireError } from "#contract/errors.ts";
import { AlertBudget } from "#engine/learn/budget.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";
import { isRefusal, type OnnxModel, openOnnx } from "#engine/onnx/onnx-model.ts";
import { RollingMedian } from "#engine/stats/median.ts";
import { flowFeatures } from "./flow-features.ts";

/** What of the output is odd. */
export const scoreWays = ["high", "low", "distance"] as const;

export interface FlowModelOptions {
  readonly file: string;
  /** Empty for the last output. */
  readonly output: string;
  readonly way: (typeof scoreWays)[number];
  /** In the model's own numbers; without one the budget decides. */
  readonly threshold: number | undefined;
  readonly alertsPerDayMax: number;
  /** Packet time in which scores are only learnt, s. */
  readonly learningSeconds: number;
}

interface Saved {
  /** Of the file: another model learns its scores anew. */
  readonly digest: number;
  readonly peaks: unknown;
  readonly budget: unknown;
  readonly learntUntil: number;
}

const featuresTold = 3;
/** A feature that moved the score by less than this share of all is not told. */
const shareMin = 0.1;
/** Flows that a feature's usual value is the median of. */
const medianFlows = 256;
const dayMicros = 86_400 * MICROS_PER_SECOND;

/** Flows that a model of the user finds odd. It learns nothing but how its scores are spread, for the budget. */
export class FlowModelJudge implements Detector {
  readonly #options: FlowModelOptions;
  readonly #report: (finding: Finding) => void;
  readonly #model: OnnxModel;
  readonly #output: string;
  readonly #digest: number;
  readonly #peaks: PeaksOverThreshold;
  readonly #budget: AlertBudget;
  readonly #usual = flowFeatures.map(() => new RollingMedian(medianFlows));
  readonly #point = new Float64Array(flowFeatures.length);
  #learntUntil: number;
  #day = -1;
  /** Causes over the threshold that were told today: their further flows count to them. */
  readonly #toldToday = new Set<string>();

  /** Throws ODW_FILE_MISSING and ODW_MODEL_BAD. */
  constructor(options: FlowModelOptions, report: (finding: Finding) => void, saved: unknown, readFile?: (path: string) => Uint8Array) {
    this.#options = options;
    this.#report = report;
    const bad = (cause: string, mend: string): OddwireError =>
      new OddwireError("ODW_MODEL_BAD", { file: options.file || "of model.file", cause, mend });
    if (options.file === "" || readFile === undefined)
      throw bad("there is none", "name an ONNX file in model.file, or switch it off: model.enabled=no");
    const bytes = readFile(options.file);
    const model = openOnnx(bytes, flowFeatures.length);
    if (isRefusal(model)) throw bad(model.cause, model.mend);
    this.#model = model;
    this.#output = options.output || (model.outputs.at(-1) ?? "");
    const columns = model.output(this.#output)?.data.length;
    if (columns === undefined || columns === 0)
      throw bad(`it has no output ${this.#output}`, `set model.output to one of ${model.outputs.join(", ")}`);
    if (options.way === "distance" && columns !== flowFeatures.length)
      throw bad(
        `its output ${this.#output} has ${columns} columns`,
        `a distance needs ${flowFeatures.length}; set model.score to high or low`,
      );
    this.#digest = bytes.reduce((hash, byte) => combine32(hash, byte), 0);
    const before = restored(saved, this.#digest, options);
    this.#peaks = before?.peaks ?? new PeaksOverThreshold();
    this.#budget = before?.budget ?? new AlertBudget({ alertsPerDayMax: options.alertsPerDayMax }, this.#peaks);
    this.#learntUntil = before?.learntUntil ?? 0;
  }

  onFlowEnd(fact: FlowFact): void {
    const point = this.#point;
    for (let i = 0; i < flowFeatures.length; i++) {
      point[i] = (flowFeatures[i] as (typeof flowFeatures)[number]).of(fact);
      this.#usual[i]?.add(point[i] as number);
    }
    const score = this.#score(point);
    // A model that divides by nothing says nothing.
    if (!Number.isFinite(score)) return;
    const isOdd = this.#options.threshold === undefined ? this.#isStrange(score, fact.time) : this.#isOver(score, fact);
    if (isOdd) this.#tell(fact, score);
  }

  save(): Saved {
    return { digest: this.#digest, peaks: this.#peaks.state(), budget: this.#budget.state(), learntUntil: this.#learntUntil };
  }

  #isOver(score: number, fact: FlowFact): boolean {
    const { threshold = 0, way, alertsPerDayMax } = this.#options;
    if (score < (way === "low" ? -threshold : threshold)) return false;
    const day = Math.floor(fact.time / dayMicros);
    if (day > this.#day) this.#toldToday.clear();
    this.#day = Math.max(this.#day, day);
    const cause = causeOf(fact);
    if (!this.#toldToday.has(cause) && this.#toldToday.size >= alertsPerDayMax) return false;
    this.#toldToday.add(cause);
    return true;
  }

  #isStrange(score: number, time: number): boolean {
    if (this.#learntUntil === 0) this.#learntUntil = time + this.#options.learningSeconds * MICROS_PER_SECOND;
    if (time >= this.#learntUntil) return this.#budget.judge(score, time);
    this.#peaks.learn(score);
    return false;
  }

  /** The higher, the odder. */
  #score(point: Float64Array): number {
    this.#model.run(point);
    const data = this.#model.output(this.#output)?.data ?? [];
    const { way } = this.#options;
    if (way !== "distance") return (way === "low" ? -1 : 1) * (data.at(-1) ?? Number.NaN);
    let sum = 0;
    for (let i = 0; i < point.length; i++) sum += ((data[i] as number) - (point[i] as number)) ** 2;
    return Math.sqrt(sum / point.length);
  }

  /** How much of the score goes when one feature has its usual value, for each of them. */
  #moved(score: number): readonly { readonly index: number; readonly by: number }[] {
    const point = this.#point;
    return flowFeatures
      .map((_, index) => {
        const own = point[index] as number;
        point[index] = this.#usual[index]?.median ?? own;
        const by = score - this.#score(point);
        point[index] = own;
        return { index, by: Number.isFinite(by) ? Math.max(0, by) : 0 };
      })
      .toSorted((a, b) => b.by - a.by || a.index - b.index);
  }

  #tell(fact: FlowFact, score: number): void {
    const { way, threshold = this.#budget.threshold } = this.#options;
    const shown = (one: number): number => (way === "low" ? -one : one);
    const limit = this.#options.threshold ?? (threshold === undefined ? undefined : shown(threshold));
    const moved = this.#moved(score);
    const sum = moved.reduce((total, { by }) => total + by, 0);
    const named = moved.slice(0, featuresTold).filter(({ by }) => sum > 0 && by / sum >= shareMin);
    const told = named.map(({ index, by }) => ({ feature: flowFeatures[index] as (typeof flowFeatures)[number], share: by / sum }));
    const because =
      told.length === 0 ? "" : `, above all for its ${told.map(({ feature }) => `${feature.name} ${feature.told(fact)}`).join(", ")}`;
    const chance = this.#options.threshold === undefined ? this.#peaks.tail(score) : undefined;
    this.#report({
      ...placeOf(fact),
      title: `Your model finds a flow from ${fact.client} to ${fact.server}:${fact.serverPort}${fact.service === undefined ? "" : ` (${fact.service})`} odd${because}`,
      severity: "low",
      score: chance === undefined ? 0.5 : Math.min(0.95, Math.max(0.5, 1 - chance * 1000)),
      why: [
        { feature: "score of the model", value: shown(score), ...(limit === undefined ? {} : { threshold: limit }) },
        ...told.map(({ feature, share }) => ({
          feature: `${feature.name} (${Math.round(share * 100)} % of what moves the score)`,
          value: feature.told(fact),
        })),
        ...(chance === undefined ? [] : [{ feature: "chance of a usual flow to score so", value: chance }]),
      ],
      cause: causeOf(fact),
    });
  }
}

const causeOf = ({ client, server, serverPort }: FlowFact): string => `${client} ${server} ${serverPort}`;

/** What an earlier run of the same model saved; `undefined` when there is nothing, or it does not fit. */
function restored(saved: unknown, digest: number, { alertsPerDayMax }: FlowModelOptions) {
  if (typeof saved !== "object" || saved === null || (saved as Saved).digest !== digest) return undefined;
  try {
    const state = saved as Saved;
    const peaks = PeaksOverThreshold.from(state.peaks);
    const learntUntil = Number.isFinite(state.learntUntil) ? state.learntUntil : 0;
    return { peaks, budget: AlertBudget.from(state.budget, { alertsPerDayMax }, peaks), learntUntil };
  } catch {
    return undefined;
  }
}
