import { OldestFirstMap } from "#base/oldest-first.ts";
import { Random } from "#base/random.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { Autoencoder } from "#engine/learn/autoencoder.ts";
import { AlertBudget } from "#engine/learn/budget.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";
import { HostWindow, windowFeatures } from "./host-window.ts";

export interface HostNoveltyOptions {
  readonly alertsPerDayMax: number;
  /** Packet time in which is only learnt, s. */
  readonly learningSeconds: number;
  readonly windowSeconds: number;
  /** Windows of a host that its autoencoder is trained with before it judges. */
  readonly trainWindows: number;
  readonly seed: number;
}

/** Hosts that are known; the one that was idle for longest goes first. Some 3 kB each. */
const hostsMax = 1000;
const hiddenRatio = 0.5;
const trainRate = 0.1;
/** Behind the training, what is usual is followed slowly, and what was told is not. */
const followRate = 0.02;
/** Weight of a window in the usual error of a host. */
const errorWeight = 0.02;
/** Errors smaller than this say nothing: a host that always does the same has none. */
const errorMin = 0.01;
const featuresTold = 3;
const shareMin = 0.1;

interface Host {
  readonly name: string;
  readonly coder: Autoencoder;
  readonly window: HostWindow;
  /** Windows learnt so far. */
  windows: number;
  /** Its usual error. */
  usual: number;
}

interface Saved {
  readonly hosts: readonly (readonly [hash: number, name: string, windows: number, usual: number, weights: string])[];
  readonly peaks: unknown;
  readonly budget: unknown;
  readonly learntUntil: number;
}

const allFeatures = windowFeatures.map((_, index) => index);
const openCoder = (seed: number): Autoencoder => new Autoencoder(allFeatures, hiddenRatio, new Random(seed));
const partsOf = ({ low, high, weights, hiddenBias, outputBias }: Autoencoder): readonly Float64Array[] => [
  low,
  high,
  weights,
  hiddenBias,
  outputBias,
];

/**
 * A small autoencoder for each host inside: it rebuilds what the host does in five minutes, and what it cannot rebuild is unlike
 * that host, however usual it may be for others. Errors are compared with the host's own usual one, so that one budget holds
 * for all hosts together.
 */
export class HostNovelty implements Detector {
  readonly #options: HostNoveltyOptions;
  readonly #report: (finding: Finding) => void;
  readonly #hosts = new OldestFirstMap<number, Host>(hostsMax);
  readonly #peaks: PeaksOverThreshold;
  readonly #budget: AlertBudget;
  readonly #point = new Float64Array(windowFeatures.length);
  #learntUntil: number;
  #windowEnd = 0;
  #number = 0;

  constructor(options: HostNoveltyOptions, report: (finding: Finding) => void, saved: unknown) {
    this.#options = options;
    this.#report = report;
    const before = this.#restored(saved);
    this.#peaks = before?.peaks ?? new PeaksOverThreshold();
    this.#budget = before?.budget ?? new AlertBudget({ alertsPerDayMax: options.alertsPerDayMax }, this.#peaks);
    this.#learntUntil = before?.learntUntil ?? 0;
  }

  onFlowEnd(fact: FlowFact): void {
    this.#number = fact.number;
    this.#advance(fact.time);
    if (fact.clientInside) this.#host(fact.clientHash, fact, true).window.client(fact);
    if (fact.serverInside && !fact.serverIsGroup) this.#host(fact.serverHash, fact, false).window.server(fact);
  }

  onTick(time: Micros): void {
    this.#advance(time);
  }

  save(): Saved {
    const hosts: Saved["hosts"][number][] = [];
    for (const [hash, { name, windows, usual, coder }] of this.#hosts.entries())
      if (windows > 0) hosts.push([hash, name, windows, usual, packed(coder)]);
    return { hosts, peaks: this.#peaks.state(), budget: this.#budget.state(), learntUntil: this.#learntUntil };
  }

  #host(hash: number, fact: FlowFact, isClient: boolean): Host {
    return this.#hosts.ensure(hash, () => ({
      name: isClient ? fact.client : fact.server,
      coder: openCoder(this.#options.seed ^ hash),
      window: new HostWindow(),
      windows: 0,
      usual: 0,
    }));
  }

  #advance(time: number): void {
    const windowMicros = this.#options.windowSeconds * MICROS_PER_SECOND;
    if (this.#windowEnd === 0) this.#learntUntil ||= time + this.#options.learningSeconds * MICROS_PER_SECOND;
    else if (time < this.#windowEnd) return;
    else this.#close();
    this.#windowEnd = (Math.floor(time / windowMicros) + 1) * windowMicros;
  }

  #close(): void {
    // A host that is renewed comes a second time, behind all others: it is idle then.
    for (const [hash, host] of this.#hosts.entries()) {
      if (host.window.isIdle) continue;
      this.#judge(host);
      host.window.clear();
      this.#hosts.renew(hash, host);
    }
  }

  #judge(host: Host): void {
    const time = this.#windowEnd;
    windowFeatures.forEach((feature, i) => {
      this.#point[i] = feature.of(host.window, time);
    });
    const { coder } = host;
    if (host.windows < this.#options.trainWindows) {
      this.#learn(host, coder.train(this.#point, trainRate), 1 / (1 + Math.min(host.windows, 1 / errorWeight)));
      return;
    }
    const error = coder.score(this.#point);
    const strangeness = error / Math.max(errorMin, host.usual);
    const isOdd = time >= this.#learntUntil && this.#budget.judge(strangeness, time);
    if (isOdd) {
      this.#tell(host, strangeness);
      return;
    }
    if (time < this.#learntUntil) this.#peaks.learn(strangeness);
    this.#learn(host, coder.train(this.#point, followRate), errorWeight);
  }

  #learn(host: Host, error: number, weight: number): void {
    host.windows++;
    host.usual += (error - host.usual) * weight;
  }

  #tell({ name, coder, window }: Host, strangeness: number): void {
    const sum = coder.errors.reduce((total, error) => total + error, 0);
    const named = allFeatures
      .map((index) => ({ feature: windowFeatures[index] as (typeof windowFeatures)[number], share: (coder.errors[index] as number) / sum }))
      .toSorted((a, b) => b.share - a.share)
      .slice(0, featuresTold)
      .filter(({ share }) => share >= shareMin);
    const minutes = Math.round(this.#options.windowSeconds / 6) / 10;
    const chance = this.#peaks.tail(strangeness);
    this.#report({
      time: this.#windowEnd as Micros,
      number: this.#number,
      source: name,
      title: `${name} does not behave as it usually does, within ${minutes} min: ${named.map(({ feature }) => `${feature.name} ${feature.told(window)}`).join(", ")}`,
      severity: "low",
      score: strangeness / (1 + strangeness),
      why: [
        ...named.map(({ feature, share }) => ({
          feature: `${feature.name} (${Math.round(share * 100)} % of the error)`,
          value: feature.told(window),
        })),
        {
          feature: "times its usual error",
          value: strangeness,
          ...(this.#budget.threshold === undefined ? {} : { threshold: this.#budget.threshold }),
        },
        ...(chance === undefined ? [] : [{ feature: "chance of a usual window to be so strange", value: chance }]),
      ],
      cause: name,
    });
  }

  #restored(saved: unknown): { peaks: PeaksOverThreshold; budget: AlertBudget; learntUntil: number } | undefined {
    if (typeof saved !== "object" || saved === null) return undefined;
    try {
      const state = saved as Saved;
      const peaks = PeaksOverThreshold.from(state.peaks);
      const budget = AlertBudget.from(state.budget, { alertsPerDayMax: this.#options.alertsPerDayMax }, peaks);
      const hosts = state.hosts.map(([hash, name, windows, usual, weights]): [number, Host] => [
        hash,
        { name, coder: unpacked(weights, this.#options.seed ^ hash), window: new HostWindow(), windows, usual },
      ]);
      const numbers = [state.learntUntil, ...state.hosts.flatMap(([hash, , windows, usual]) => [hash, windows, usual])];
      if (!numbers.every(Number.isFinite)) return undefined;
      for (const [hash, host] of hosts) this.#hosts.set(hash, host);
      return { peaks, budget, learntUntil: state.learntUntil };
    } catch {
      return undefined;
    }
  }
}

const packed = (coder: Autoencoder): string =>
  new Uint8Array(Float64Array.from(partsOf(coder).flatMap((part) => [...part])).buffer).toBase64();

/** Throws when it is not of this form. */
function unpacked(text: string, seed: number): Autoencoder {
  const coder = openCoder(seed);
  const values = new Float64Array(Uint8Array.fromBase64(text).buffer);
  const parts = partsOf(coder);
  if (values.length !== parts.reduce((sum, { length }) => sum + length, 0) || values.some(Number.isNaN))
    throw new Error("another autoencoder");
  let at = 0;
  for (const part of parts) {
    part.set(values.subarray(at, at + part.length));
    at += part.length;
  }
  return coder;
}
