import { type JsonModel, type ModelKind, openJsonModel, toJsonModel } from "./model-file.ts";

/**
 * How likely the order of messages is: a Markov chain over the names of messages for each channel (a protocol in one
 * direction). A sequence is judged by the average surprise of its steps, −log2 of their chance, and compared with the
 * sequences before it. Chances are additively smoothed, so that what was never seen is rare and not impossible.
 */
export interface MarkovOptions {
  /** Names that a step depends on: 1 for pairs, 2 for triples. */
  readonly order?: number;
  /** Added to each count. */
  readonly smoothing?: number;
  /** Names per channel; later ones all count as one further name. */
  readonly namesMax?: number;
  /** Channels; the one that was seen longest ago goes. */
  readonly channelsMax?: number;
  /** Different steps per channel; later ones are not learned, and counted. */
  readonly stepsMax?: number;
  /** Sequences of a channel before its sequences are judged. */
  readonly sequencesMin?: number;
}

/** A step that was taken: what came before, what came, and how surprising it was. */
export interface Step {
  readonly after: readonly string[];
  readonly name: string;
  /** −log2 of its chance. */
  readonly bits: number;
  /** Place of `name` in the sequence, from 0. */
  readonly at: number;
}

export interface SequenceVerdict {
  /** Average surprise of a step. */
  readonly bits: number;
  /** Deviations above the average sequence of the channel. */
  readonly z: number;
  readonly rarest: Step;
  /** Sequences that were compared with. */
  readonly sequences: number;
}

interface Channel {
  /** Name → number from 1; 0 is the start, `namesMax` + 1 whatever did not fit. */
  readonly names: Map<string, number>;
  /** Context → how often it was left. */
  readonly contexts: Map<string, number>;
  /** Context and name → how often. */
  readonly steps: Map<string, number>;
  sequences: number;
  mean: number;
  variance: number;
}

const defaults = { order: 1, smoothing: 0.1, namesMax: 256, channelsMax: 128, stepsMax: 4096, sequencesMin: 30 } as const;
/** The average sequence is that of about so many last ones. */
const memorySequences = 500;
/** Sequences that all are alike still differ from the next one by so much in practice. */
const deviationBitsMin = 0.1;
const nameLengthMax = 64;

export class MarkovModel {
  readonly #options: Required<MarkovOptions>;
  readonly #channels = new Map<string, Channel>();
  /** Channels that gave way to new ones, and steps that did not fit. */
  evictedChannels = 0;
  unlearnedSteps = 0;

  constructor(options: MarkovOptions = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** Judges a sequence by the ones before it, then learns it; undefined while the channel is not known well enough. */
  observe(channel: string, sequence: readonly string[]): SequenceVerdict | undefined {
    if (sequence.length === 0) return undefined;
    const known = this.#channel(channel);
    const judged = this.#judge(known, sequence);
    const sequences = known.sequences;
    const z = (judged.bits - known.mean) / Math.max(Math.sqrt(known.variance), deviationBitsMin);
    this.#learn(known, sequence, judged.bits);
    return sequences < this.#options.sequencesMin ? undefined : { ...judged, z, sequences };
  }

  state(): JsonModel {
    const channels = [...this.#channels].map(([channel, one]) => ({
      channel: [channel],
      names: [...one.names.keys()],
      contexts: [...one.contexts.keys()],
      contextCounts: [...one.contexts.values()],
      steps: [...one.steps.keys()],
      stepCounts: [...one.steps.values()],
      sequences: one.sequences,
      mean: one.mean,
      variance: one.variance,
    }));
    return toJsonModel(kindOf(this.#options), { channels, evicted: this.evictedChannels, unlearned: this.unlearnedSteps });
  }

  /** Throws ModelRefused. */
  static from(state: unknown, options: MarkovOptions = {}): MarkovModel {
    const model = new MarkovModel(options);
    const { channelsMax, namesMax, stepsMax } = model.#options;
    const body = openJsonModel(state, kindOf(model.#options));
    for (const one of body.list("channels", channelsMax)) {
      const counts = (names: string, numbers: string): Map<string, number> => {
        const keys = one.texts(names, stepsMax, nameLengthMax);
        const values = one.numbers(numbers, keys.length);
        if (values.some((value) => value < 0)) one.refuse(`${numbers} are below 0`);
        return new Map(keys.map((key, i) => [key, values[i] as number]));
      };
      model.#channels.set(one.texts("channel", 1, nameLengthMax)[0] ?? "", {
        names: new Map(one.texts("names", namesMax, nameLengthMax).map((name, i) => [name, i + 1])),
        contexts: counts("contexts", "contextCounts"),
        steps: counts("steps", "stepCounts"),
        sequences: one.number("sequences", 0),
        mean: one.number("mean", 0, 1e6),
        variance: one.number("variance", 0, 1e12),
      });
    }
    model.evictedChannels = body.number("evicted", 0);
    model.unlearnedSteps = body.number("unlearned", 0);
    return model;
  }

  #channel(name: string): Channel {
    const key = name.slice(0, nameLengthMax);
    const known = this.#channels.get(key) ?? {
      names: new Map(),
      contexts: new Map(),
      steps: new Map(),
      sequences: 0,
      mean: 0,
      variance: 0,
    };
    // A Map keeps the order of entry: the first channel is the one that was seen longest ago.
    this.#channels.delete(key);
    this.#channels.set(key, known);
    if (this.#channels.size > this.#options.channelsMax) {
      for (const oldest of this.#channels.keys()) {
        this.#channels.delete(oldest);
        this.evictedChannels++;
        break;
      }
    }
    return known;
  }

  #judge(channel: Channel, sequence: readonly string[]): { readonly bits: number; readonly rarest: Step } {
    const { order, smoothing, namesMax } = this.#options;
    const numbers = sequence.map((name) => channel.names.get(name.slice(0, nameLengthMax)) ?? namesMax + 1);
    // One more for the name that is yet to come.
    const names = channel.names.size + 1;
    let sum = 0;
    let most = -1;
    let at = 0;
    for (let i = 0; i < numbers.length; i++) {
      const context = contextOf(numbers, i, order);
      const count = channel.steps.get(`${context}>${numbers[i]}`) ?? 0;
      const bits = -Math.log2((count + smoothing) / ((channel.contexts.get(context) ?? 0) + smoothing * names));
      sum += bits;
      if (bits > most) {
        most = bits;
        at = i;
      }
    }
    const after = sequence.slice(Math.max(0, at - order), at);
    return { bits: sum / numbers.length, rarest: { after, name: sequence[at] as string, bits: most, at } };
  }

  #learn(channel: Channel, sequence: readonly string[], bits: number): void {
    const { order, namesMax, stepsMax } = this.#options;
    const numbers = sequence.map((name) => {
      const short = name.slice(0, nameLengthMax);
      const number = channel.names.get(short);
      if (number !== undefined) return number;
      if (channel.names.size >= namesMax) return namesMax + 1;
      channel.names.set(short, channel.names.size + 1);
      return channel.names.size;
    });
    for (let i = 0; i < numbers.length; i++) {
      const context = contextOf(numbers, i, order);
      const step = `${context}>${numbers[i]}`;
      const count = channel.steps.get(step);
      if (count === undefined && channel.steps.size >= stepsMax) {
        this.unlearnedSteps++;
        continue;
      }
      channel.steps.set(step, (count ?? 0) + 1);
      channel.contexts.set(context, (channel.contexts.get(context) ?? 0) + 1);
    }
    channel.sequences++;
    const weight = 1 / Math.min(channel.sequences, memorySequences);
    const difference = bits - channel.mean;
    channel.mean += weight * difference;
    channel.variance = (1 - weight) * (channel.variance + weight * difference * difference);
  }
}

/** Numbers of the names before place `i`; 0 stands for the start. */
function contextOf(numbers: readonly number[], i: number, order: number): string {
  let context = "";
  for (let k = i - order; k < i; k++) context += `${numbers[k] ?? 0},`;
  return context;
}

const kindOf = (options: Required<MarkovOptions>): ModelKind => ({ kind: "markov", version: 1, parameters: { ...options } });
