import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { amplifiers } from "./amplifiers.ts";
import { UDP } from "./kinds.ts";
import { duration } from "./words.ts";

export interface ReflectionLimits {
  readonly reflectorsMin: number;
  readonly windowSeconds: number;
}

/** Pairs of a target and a service that are followed at once; the one that began first goes. */
const pairsMax = 1_024;
/** Reflectors and ports remembered of each pair; 40 MB when all have as many. */
const setMax = 512;
/** Answers to a question that was sent to a whole network come from many neighbours: those must be more. */
const insideFactor = 4;
/** Answers go to few ports, those of the forged questions: fewer than this share of the reflectors. */
const portShareMax = 0.25;
/** Or they are large, bytes on average. */
const largeBytes = 500;
/** Where both ports are the same, as of servers among each other, only large messages are answers. */
const symmetricBytes = 400;
/** Agents send these to a manager unasked. */
const trapPort = 162;

interface Pair {
  readonly since: number;
  readonly reflectors: Set<number>;
  readonly ports: Set<number>;
  packets: number;
  bytes: number;
  tellAt: number;
}

/**
 * Reflection: many hosts answer, from the port of one service, a target that asked none of them. Who is the client of
 * such a flow depends on the ports alone, so both ways of telling are read: a flow whose first packet the server sends,
 * and one whose client sends from a service's port.
 */
export class Reflection implements Detector {
  readonly #limits: ReflectionLimits;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new OldestFirstMap<number, Pair>(pairsMax);

  constructor(limits: ReflectionLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlow(fact: FlowFact): void {
    if (fact.protocol !== UDP) return;
    if (fact.packetsToServer === 0) {
      if (amplifiers.has(fact.serverPort)) this.#answer(fact, false);
    } else if (amplifiers.has(fact.clientPort) && fact.serverPort !== trapPort && !fact.serverIsGroup) {
      if (fact.serverPort !== fact.clientPort || fact.bytesToServer >= symmetricBytes) this.#answer(fact, true);
    }
  }

  onTick(time: Micros): void {
    const end = time - this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#pairs.expire(({ since }) => since < end);
  }

  #answer(fact: FlowFact, byClient: boolean): void {
    const port = byClient ? fact.clientPort : fact.serverPort;
    const target = byClient ? fact.serverHash : fact.clientHash;
    const pair = this.#pairOf(combine32(target, port), fact.time);
    pair.packets++;
    pair.bytes += fact.bytesToServer + fact.bytesToClient;
    if (pair.reflectors.size >= setMax) return;
    pair.reflectors.add(byClient ? fact.clientHash : fact.serverHash);
    pair.ports.add(byClient ? fact.serverPort : fact.clientPort);
    const count = pair.reflectors.size;
    if (count < Math.max(this.#limits.reflectorsMin, pair.tellAt)) return;
    const isInside = byClient ? fact.clientInside : fact.serverInside;
    if (isInside && count < this.#limits.reflectorsMin * insideFactor) return;
    if (pair.ports.size > count * portShareMax && pair.bytes < pair.packets * largeBytes) return;
    pair.tellAt = count * 4;
    this.#tell(pair, port, byClient ? fact.server : fact.client, fact);
  }

  #pairOf(key: number, time: number): Pair {
    const known = this.#pairs.get(key);
    if (known !== undefined && time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND) return known;
    const pair = { since: time, reflectors: new Set<number>(), ports: new Set<number>(), packets: 0, bytes: 0, tellAt: 0 };
    this.#pairs.renew(key, pair);
    return pair;
  }

  #tell(pair: Pair, port: number, target: string, fact: FlowFact): void {
    const { reflectorsMin } = this.#limits;
    const count = pair.reflectors.size;
    const span = fact.time - pair.since;
    this.#report({
      time: fact.time,
      number: fact.number,
      target,
      title: `${count} hosts sent ${target} answers of ${amplifiers.get(port)} (UDP ${port}) in ${duration(span)} that it did not ask for`,
      severity: "high",
      score: Math.min(1, 0.7 + 0.1 * Math.log2(count / reflectorsMin)),
      confidence: 0.9,
      why: [
        { feature: "hosts that answer unasked", value: count, threshold: reflectorsMin, sample: pair.packets },
        { feature: "ports that they answer to", value: pair.ports.size, threshold: Math.floor(count * portShareMax), sample: count },
        { feature: "bytes of an answer", value: pair.bytes / pair.packets, sample: pair.packets },
      ],
      techniques: ["T1498.002"],
      cause: `${target} ${port}`,
    });
  }
}
