import { mix32 } from "#base/hash.ts";
import type { Micros } from "#base/time.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, PacketFact } from "#contract/detector.ts";
import { AfterImage, featureNames, type TrafficPoint } from "#engine/learn/after-image.ts";
import { AlertBudget } from "#engine/learn/budget.ts";
import { type Contribution, KitNet } from "#engine/learn/kitnet.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";

export interface PacketNoveltyOptions {
  readonly alertsPerDayMax: number;
  readonly mapPackets: number;
  readonly trainPackets: number;
  readonly windowSeconds: number;
  readonly mode: "exact" | "fast";
  readonly seed: number;
}

/** Senders in one window; further ones are learnt from and not judged. */
const sendersMax = 20_000;
const featuresTold = 3;

/** The strangest packet of a sender in the window. */
interface Worst {
  score: number;
  packets: number;
  source: string;
  target: string;
  flowId: number;
  number: number;
  time: Micros;
  why: readonly Contribution[];
}

const names = featureNames();

/**
 * KitNET over AfterImage's statistics of every packet (Mirsky and others, NDSS 2018): an ensemble of small
 * autoencoders that have learnt the traffic of the network and rebuild badly what is unlike it. The worst packet of each
 * sender in a window is one candidate; the budget of false alerts decides which are told.
 */
export class PacketNovelty implements Detector {
  readonly #options: PacketNoveltyOptions;
  readonly #report: (finding: Finding) => void;
  readonly #image: AfterImage;
  readonly #net: KitNet;
  readonly #peaks = new PeaksOverThreshold();
  readonly #budget: AlertBudget;
  readonly #features: Float64Array;
  readonly #point: TrafficPoint = {
    seconds: 0,
    bytes: 0,
    sourceMacIp: 0,
    sourceHost: 0,
    destinationHost: 0,
    sourceSocket: 0,
    destinationSocket: 0,
  };
  readonly #window = new Map<number, Worst>();
  #windowFrom = 0;

  constructor(options: PacketNoveltyOptions, report: (finding: Finding) => void) {
    this.#options = options;
    this.#report = report;
    const { mode, seed, mapPackets, trainPackets, alertsPerDayMax } = options;
    this.#image = new AfterImage({ mode });
    this.#net = new KitNet({ features: this.#image.features, mode, seed, mapExamples: mapPackets, trainExamples: trainPackets });
    this.#budget = new AlertBudget({ alertsPerDayMax }, this.#peaks);
    this.#features = new Float64Array(this.#image.features);
  }

  onPacket(fact: PacketFact): void {
    if (fact.time - this.#windowFrom >= this.#options.windowSeconds * MICROS_PER_SECOND) this.#turn(fact.time);
    const isClient = fact.side === 0;
    const source = isClient ? fact.clientHash : fact.serverHash;
    const target = isClient ? fact.serverHash : fact.clientHash;
    const point = this.#point;
    point.seconds = fact.time / MICROS_PER_SECOND;
    point.bytes = fact.packetBytes;
    point.sourceMacIp = mix32(source ^ 0x3ac) >>> 0;
    point.sourceHost = source >>> 0;
    point.destinationHost = target >>> 0;
    point.sourceSocket = socket(source, isClient ? fact.clientPort : fact.serverPort, fact.protocol);
    point.destinationSocket = socket(target, isClient ? fact.serverPort : fact.clientPort, fact.protocol);
    this.#image.update(point, this.#features);
    const score = this.#net.process(this.#features);
    if (this.#net.phase === "score") this.#keep(fact, source, isClient, score);
  }

  onEnd(time: Micros): void {
    this.#turn(time);
  }

  #keep(fact: PacketFact, source: number, isClient: boolean, score: number): void {
    const worst = this.#window.get(source);
    if (worst !== undefined) worst.packets++;
    if (worst !== undefined && score <= worst.score) return;
    if (worst === undefined && this.#window.size >= sendersMax) return;
    this.#window.set(source, {
      score,
      packets: (worst?.packets ?? 0) + (worst === undefined ? 1 : 0),
      source: isClient ? fact.client : fact.server,
      target: isClient ? fact.server : fact.client,
      flowId: fact.flowId,
      number: fact.number,
      time: fact.time,
      why: this.#net.explain(featuresTold),
    });
  }

  #turn(time: number): void {
    for (const worst of this.#window.values()) if (this.#budget.judge(worst.score, worst.time)) this.#tell(worst);
    this.#window.clear();
    this.#windowFrom = time;
  }

  #tell({ score, packets, source, target, flowId, number, time, why }: Worst): void {
    this.#report({
      time,
      number,
      flowId,
      source,
      target,
      title: `Packets of ${source} unlike those that are usual here, worst to ${target}: ${why.map(({ feature }) => names[feature] ?? "").join("; ")}`,
      severity: "low",
      score: Math.min(1, score / (1 + score)),
      why: [
        {
          feature: "error of rebuilding",
          value: score,
          sample: packets,
          ...(this.#budget.threshold === undefined ? {} : { threshold: this.#budget.threshold }),
        },
        ...why.map(({ feature, share }) => ({
          feature: names[feature] ?? String(feature),
          value: `${Math.round(share * 100)} % of the error`,
        })),
      ],
      cause: source,
    });
  }
}

/** A key below 2^53 of an address, a port and a transport. */
const socket = (address: number, port: number, protocol: number): number =>
  (address >>> 0) * 2 ** 20 + (protocol === 17 ? 65_536 : 0) + port;
