import { combine32 } from "#base/hash.ts";
import { Random } from "#base/random.ts";
import { type JsonModel, type ModelBody, type ModelKind, openJsonModel, toJsonModel } from "./model-file.ts";
import { type FindingFacts, featuresOf } from "./verdict-features.ts";

/** What an analyst says of a finding: an attack; a mistake of the detector; right, and nothing bad. */
export const verdicts = ["true", "false", "benign"] as const;
export type Verdict = (typeof verdicts)[number];

/** A feature of the finding and how strongly it speaks for the verdict, in nats; below 0 against it. */
export interface VerdictReason {
  readonly feature: string;
  readonly weight: number;
}

export interface Opinion {
  /** `unknown` where too little is alike among the verdicts so far; probability and reasons are then what little says. */
  readonly verdict: Verdict | "unknown";
  readonly probability: number;
  readonly reasons: readonly VerdictReason[];
  /** Verdicts it has learned from. */
  readonly verdicts: number;
}

export interface VerdictClassifierOptions {
  readonly seed?: number;
  /** Places that features are hashed to. */
  readonly places?: number;
  /** Verdicts that are kept and learned from again; older ones stay in the weights only. */
  readonly memoryVerdictsMax?: number;
  readonly learningRate?: number;
  /** Pull of every weight towards 0 per step: what few verdicts say stays near even. */
  readonly decay?: number;
  /** Verdicts before there is an opinion. */
  readonly verdictsMin?: number;
  readonly probabilityMin?: number;
}

const defaults = {
  seed: 1,
  places: 4096,
  memoryVerdictsMax: 300,
  learningRate: 0.3,
  decay: 0.002,
  verdictsMin: 10,
  probabilityMin: 0.65,
} as const;
/** Earlier verdicts that each new one is mixed with. */
const replays = 16;
/** A feature is known once so many verdicts had it; with fewer than half of its features known a finding is new. */
const seenMin = 3;
const knownShareMin = 0.5;
/** Place of what is the same for all findings. */
const bias = 0;

interface Example {
  readonly places: readonly number[];
  readonly verdict: number;
}

/**
 * Learns from verdicts one by one: multinomial logistic regression over hashed features (Weinberger et al., ICML 2009)
 * with step widths by AdaGrad (Duchi et al., 2011), so that rare features learn as fast as frequent ones.
 */
export class VerdictClassifier {
  readonly #options: Required<VerdictClassifierOptions>;
  /** For each place: a weight per verdict, and the sum of its squared gradients. */
  readonly #weights: Float64Array;
  readonly #squares: Float64Array;
  readonly #seen: Uint32Array;
  readonly #memory: Example[] = [];
  readonly #chances = new Float64Array(verdicts.length);
  #count = 0;

  constructor(options: VerdictClassifierOptions = {}) {
    this.#options = { ...defaults, ...options };
    this.#weights = new Float64Array(this.#options.places * verdicts.length);
    this.#squares = new Float64Array(this.#options.places * verdicts.length);
    this.#seen = new Uint32Array(this.#options.places);
  }

  learn(facts: FindingFacts, verdict: Verdict): void {
    const example = { places: this.#placesOf(featuresOf(facts)), verdict: verdicts.indexOf(verdict) };
    for (const place of new Set(example.places)) this.#seen[place] = (this.#seen[place] as number) + 1;
    const slot = this.#count++ % this.#options.memoryVerdictsMax;
    this.#memory[slot] = example;
    // Drawn from the number of the verdict, so that a restored classifier goes on alike.
    const random = new Random(this.#options.seed + this.#count);
    for (let i = 0; i < replays; i++) this.#step(random.pick(this.#memory));
    this.#step(example);
  }

  judge(facts: FindingFacts, top = 5): Opinion {
    const features = featuresOf(facts);
    const places = this.#placesOf(features);
    this.#predict(places);
    const best = this.#chances.indexOf(Math.max(...this.#chances));
    const probability = this.#chances[best] as number;
    const known = places.filter((place) => place !== bias && (this.#seen[place] as number) >= seenMin).length;
    const sure =
      this.#count >= this.#options.verdictsMin && known >= knownShareMin * features.length && probability >= this.#options.probabilityMin;
    const reasons = features
      .map((feature, i) => ({ feature, weight: this.#speaksFor(places[i + 1] as number, best) }))
      .filter(({ weight }) => Math.abs(weight) > 1e-6)
      .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.feature < b.feature ? -1 : 1))
      .slice(0, top);
    return { verdict: sure ? (verdicts[best] as Verdict) : "unknown", probability, reasons, verdicts: this.#count };
  }

  state(): JsonModel {
    const places = [...this.#seen.keys()].filter((place) => (this.#seen[place] as number) > 0);
    const ofAll = (numbers: Float64Array): number[] =>
      places.flatMap((place) => [...numbers.subarray(place * verdicts.length, (place + 1) * verdicts.length)]);
    return toJsonModel(kindOf(this.#options), {
      count: this.#count,
      places,
      seen: places.map((place) => this.#seen[place]),
      weights: ofAll(this.#weights),
      squares: ofAll(this.#squares),
      memory: this.#memory.map(({ places: list, verdict }) => ({ places: list, verdict })),
    });
  }

  /** Throws ModelRefused. */
  static from(state: unknown, options: VerdictClassifierOptions = {}): VerdictClassifier {
    const one = new VerdictClassifier(options);
    const body = openJsonModel(state, kindOf(one.#options));
    const { places: placesMax, memoryVerdictsMax } = one.#options;
    const places = placesIn(body, "places", placesMax, placesMax);
    const seen = body.numbers("seen", places.length);
    const weights = body.numbers("weights", places.length * verdicts.length);
    const squares = body.numbers("squares", places.length * verdicts.length);
    places.forEach((place, i) => {
      one.#seen[place] = seen[i] as number;
      for (let v = 0; v < verdicts.length; v++) {
        one.#weights[place * verdicts.length + v] = weights[i * verdicts.length + v] as number;
        one.#squares[place * verdicts.length + v] = Math.max(0, squares[i * verdicts.length + v] as number);
      }
    });
    for (const example of body.list("memory", memoryVerdictsMax)) {
      const verdict = example.number("verdict", 0, verdicts.length - 1);
      if (!Number.isInteger(verdict)) body.refuse("a verdict is none");
      one.#memory.push({ places: placesIn(example, "places", 256, placesMax), verdict });
    }
    one.#count = Math.floor(body.number("count", one.#memory.length, Number.MAX_SAFE_INTEGER));
    if (one.#memory.length !== Math.min(one.#count, memoryVerdictsMax)) body.refuse("its verdicts are not as many as it says");
    return one;
  }

  /** The bias, then a place for each feature. */
  #placesOf(features: readonly string[]): number[] {
    return [bias, ...features.map((feature) => 1 + (hashOf(feature, this.#options.seed) % (this.#options.places - 1)))];
  }

  #predict(places: readonly number[]): void {
    const chances = this.#chances.fill(0);
    for (const place of places)
      for (let v = 0; v < chances.length; v++) chances[v] = (chances[v] as number) + (this.#weights[place * chances.length + v] as number);
    const most = Math.max(...chances);
    let sum = 0;
    for (let v = 0; v < chances.length; v++) {
      const odds = Math.exp((chances[v] as number) - most);
      chances[v] = odds;
      sum += odds;
    }
    for (let v = 0; v < chances.length; v++) chances[v] = (chances[v] as number) / sum;
  }

  #step({ places, verdict }: Example): void {
    const { learningRate, decay } = this.#options;
    this.#predict(places);
    for (const place of places)
      for (let v = 0; v < verdicts.length; v++) {
        const at = place * verdicts.length + v;
        const weight = this.#weights[at] as number;
        const gradient = (this.#chances[v] as number) - (v === verdict ? 1 : 0) + decay * weight;
        this.#squares[at] = (this.#squares[at] as number) + gradient * gradient;
        this.#weights[at] = weight - (learningRate * gradient) / Math.sqrt(this.#squares[at] + 1e-8);
      }
  }

  /** The weight for a verdict against the mean of the others. */
  #speaksFor(place: number, verdict: number): number {
    const at = place * verdicts.length;
    const all = this.#weights.subarray(at, at + verdicts.length);
    const own = all[verdict] as number;
    return own - (all.reduce((sum, weight) => sum + weight, 0) - own) / (verdicts.length - 1);
  }
}

const kindOf = (options: Required<VerdictClassifierOptions>): ModelKind => ({
  kind: "verdict-classifier",
  version: 1,
  parameters: { ...options },
});

function placesIn(body: ModelBody, name: string, countMax: number, placesMax: number): number[] {
  const places = body.numbers(name, countMax, true);
  if (places.some((place) => !Number.isInteger(place) || place < 0 || place >= placesMax)) return body.refuse(`${name} are not its places`);
  return places;
}

function hashOf(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = combine32(h, text.charCodeAt(i));
  return combine32(h, text.length) >>> 0;
}
