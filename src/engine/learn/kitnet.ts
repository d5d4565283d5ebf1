import { Random } from "#base/random.ts";
import { Autoencoder } from "./autoencoder.ts";
import { CorrelationMap } from "./correlation-map.ts";
import { type ModelKind, ModelReader, ModelWriter } from "./model-file.ts";
import { PackedEnsemble } from "./packed-ensemble.ts";

/**
 * KitNET: small autoencoders, each for features that move together, and one over their errors (Mirsky et al., "Kitsune",
 * NDSS 2018, section V). The first examples teach the map of features, the next ones the autoencoders; from then on it
 * scores and learns no more.
 *
 * The released program moves all biases of a hidden layer by the mean of their gradients; here each follows its own.
 */
export interface KitNetOptions {
  readonly features: number;
  /** `exact`: doubles throughout. `fast`: trained the same way, scores from one packed piece, bounded. */
  readonly mode?: "exact" | "fast";
  readonly seed?: number;
  /** Most inputs of one autoencoder. */
  readonly autoencoderInputsMax?: number;
  readonly mapExamples?: number;
  readonly trainExamples?: number;
  readonly learningRate?: number;
  readonly hiddenRatio?: number;
}

export type KitNetPhase = "map" | "train" | "score";

/** How much of a score one feature is answerable for; the shares of all features sum to 1. */
export interface Contribution {
  readonly feature: number;
  readonly share: number;
}

const defaults = {
  mode: "fast",
  seed: 1,
  autoencoderInputsMax: 10,
  mapExamples: 5000,
  trainExamples: 50_000,
  learningRate: 0.1,
  hiddenRatio: 0.75,
} as const;

export class KitNet {
  readonly #options: Required<KitNetOptions>;
  readonly #map: CorrelationMap;
  #coders: readonly Autoencoder[] = [];
  #output: Autoencoder | undefined;
  #rmse = new Float64Array(0);
  #packed:
    | { readonly coders: PackedEnsemble; readonly output: PackedEnsemble; readonly rmse: Float64Array; readonly score: Float64Array }
    | undefined;
  #learned = 0;

  constructor(options: KitNetOptions) {
    this.#options = { ...defaults, ...options };
    this.#map = new CorrelationMap(options.features);
    if (this.#options.mapExamples === 0) this.#build();
  }

  get phase(): KitNetPhase {
    const { mapExamples, trainExamples } = this.#options;
    return this.#learned < mapExamples ? "map" : this.#learned < mapExamples + trainExamples ? "train" : "score";
  }

  /** Features of each autoencoder; empty until the map is learned. */
  get clusters(): readonly (readonly number[])[] {
    return this.#coders.map((coder) => [...coder.inputs]);
  }

  /** Learns the example, then 0; after the training the score of the example: 0 is usual, and it has no upper bound. */
  process(x: ArrayLike<number>): number {
    if (this.#packed !== undefined) return this.#scorePacked(x);
    if (this.#learned >= this.#options.mapExamples + this.#options.trainExamples) return this.#score(x);
    this.#learned++;
    if (this.#learned > this.#options.mapExamples) this.#train(x);
    else this.#map.learn(x);
    if (this.#learned === this.#options.mapExamples) this.#build();
    if (this.phase === "score") this.#pack();
    return 0;
  }

  /** The features that moved the last score most; most first. Empty before the first score. */
  explain(top: number): Contribution[] {
    const list: Contribution[] = [];
    const packed = this.#packed;
    const outer = packed?.output.errors ?? this.#output?.errors ?? [];
    const outerSum = sumOf(outer, 0, outer.length);
    if (this.phase !== "score" || !(outerSum > 0)) return [];
    this.#coders.forEach((coder, a) => {
      const start = packed?.coders.starts[a] ?? 0;
      const errors: ArrayLike<number> = packed?.coders.errors ?? coder.errors;
      const sum = sumOf(errors, start, start + coder.inputs.length);
      if (!(sum > 0)) return;
      const share = (outer[a] as number) / outerSum / sum;
      coder.inputs.forEach((feature, v) => {
        list.push({ feature, share: share * (errors[start + v] as number) });
      });
    });
    return list.toSorted((a, b) => b.share - a.share || a.feature - b.feature).slice(0, top);
  }

  state(): Uint8Array {
    const writer = new ModelWriter(kindOf(this.#options)).add(Uint32Array.of(this.#learned));
    this.#map.save(writer);
    writer.add(Uint32Array.from(this.#coders.flatMap((coder) => [coder.inputs.length, ...coder.inputs])));
    for (const coder of this.#coders) coder.save(writer);
    this.#output?.save(writer);
    return writer.bytes();
  }

  /** Throws ModelRefused. */
  static from(state: Uint8Array, options: KitNetOptions): KitNet {
    const net = new KitNet(options);
    const reader = new ModelReader(state, kindOf(net.#options));
    net.#learned = reader.u32(1)[0] as number;
    net.#map.restore(reader);
    const clusters = clustersOf(reader.u32(2 * options.features, 0), options.features);
    if (clusters === undefined || clusters.some((one) => one.length > net.#options.autoencoderInputsMax))
      reader.refuse("its map does not have every feature once");
    else if (clusters.length > 0) net.#build(clusters);
    if (net.phase === "map" ? clusters?.length !== 0 : clusters?.length === 0) reader.refuse("its map does not fit what it has learned");
    for (const coder of net.#coders) coder.restore(reader);
    net.#output?.restore(reader);
    reader.end();
    if (net.phase === "score") net.#pack();
    return net;
  }

  #build(clusters: readonly (readonly number[])[] = this.#map.clusters(this.#options.autoencoderInputsMax)): void {
    const random = new Random(this.#options.seed);
    const { hiddenRatio } = this.#options;
    this.#coders = clusters.map((inputs, a) => new Autoencoder(inputs, hiddenRatio, random.fork(`autoencoder ${a}`)));
    const indices = clusters.map((_, a) => a);
    this.#output = new Autoencoder(indices, hiddenRatio, random.fork("output"));
    this.#rmse = new Float64Array(clusters.length);
  }

  #train(x: ArrayLike<number>): void {
    const coders = this.#coders;
    const rate = this.#options.learningRate;
    for (let a = 0; a < coders.length; a++) this.#rmse[a] = (coders[a] as Autoencoder).train(x, rate);
    this.#output?.train(this.#rmse, rate);
  }

  #score(x: ArrayLike<number>): number {
    const coders = this.#coders;
    for (let a = 0; a < coders.length; a++) this.#rmse[a] = (coders[a] as Autoencoder).score(x);
    return this.#output?.score(this.#rmse) ?? 0;
  }

  #pack(): void {
    if (this.#options.mode !== "fast" || this.#output === undefined) return;
    const coders = new PackedEnsemble(this.#coders);
    const output = new PackedEnsemble([this.#output]);
    this.#packed = { coders, output, rmse: new Float64Array(this.#coders.length), score: new Float64Array(1) };
  }

  #scorePacked(x: ArrayLike<number>): number {
    const packed = this.#packed;
    if (packed === undefined) return 0;
    packed.coders.score(x, packed.rmse);
    packed.output.score(packed.rmse, packed.score);
    return packed.score[0] as number;
  }
}

const kindOf = (options: Required<KitNetOptions>): ModelKind => ({ kind: "kitnet", version: 1, parameters: { ...options } });

function sumOf(list: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += list[i] as number;
  return sum;
}

/** Reads lists that each begin with their length; undefined unless they have all features once, or are none. */
function clustersOf(list: Uint32Array, features: number): number[][] | undefined {
  const clusters: number[][] = [];
  for (let at = 0; at < list.length; ) {
    const length = list[at] as number;
    if (length === 0 || at + length >= list.length) return undefined;
    clusters.push([...list.subarray(at + 1, at + 1 + length)]);
    at += length + 1;
  }
  const all = clusters.flat();
  const every = all.length === features && new Set(all).size === features && all.every((feature) => feature < features);
  return every || all.length === 0 ? clusters : undefined;
}
