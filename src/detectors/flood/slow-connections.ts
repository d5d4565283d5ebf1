import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { TCP } from "./kinds.ts";

export interface SlowLimits {
  readonly connectionsMin: number;
  readonly openSeconds: number;
  readonly windowSeconds: number;
}

const PSH = 8;
const pairsMax = 4_096;
/** A request that is not complete is small, and sent in pieces: bytes of the client on the wire. */
const requestBytesMax = 4_000;
const piecesMin = 4;
/** Acknowledgements without data are this large at most, with room for options and a refusal at the end. */
const acknowledgementBytes = 78;
const refusalBytes = 600;

interface Pair {
  readonly since: number;
  count: number;
  bytes: number;
  tellAt: number;
}

/**
 * Slow connections: a client holds many open at a server's port by sending a request in pieces that never completes
 * (Slowloris, R-U-Dead-Yet). Each is established, old, small, and the server had nothing to answer but acknowledgements.
 * They are counted when they end, as only then is it known that no answer came.
 */
export class SlowConnections implements Detector {
  readonly #limits: SlowLimits;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new OldestFirstMap<number, Pair>(pairsMax);

  constructor(limits: SlowLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.protocol !== TCP || !fact.established || fact.midstream) return;
    if (fact.time - fact.start < this.#limits.openSeconds * MICROS_PER_SECOND || !isStarved(fact)) return;
    const key = combine32(combine32(fact.clientHash, fact.serverHash), fact.serverPort);
    const known = this.#pairs.get(key);
    const isKnown = known !== undefined && fact.time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND;
    const pair: Pair = isKnown ? known : { since: fact.time, count: 0, bytes: 0, tellAt: 0 };
    if (!isKnown) this.#pairs.renew(key, pair);
    pair.count++;
    pair.bytes += fact.bytesToServer;
    if (pair.count >= Math.max(this.#limits.connectionsMin, pair.tellAt)) this.#tell(pair, fact);
  }

  onTick(time: Micros): void {
    const end = time - 2 * this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#pairs.expire(({ since }) => since < end);
  }

  #tell(pair: Pair, fact: FlowFact): void {
    const { connectionsMin, openSeconds, windowSeconds } = this.#limits;
    pair.tellAt = pair.count * 4;
    const { client, server } = fact;
    this.#report({
      time: fact.time,
      number: fact.number,
      source: client,
      target: server,
      title: `${client} held ${pair.count} connections to ${server} port ${fact.serverPort} open for more than ${openSeconds} s each without a complete request`,
      severity: "high",
      score: Math.min(1, 0.6 + 0.1 * Math.log2(pair.count / connectionsMin)),
      confidence: 0.85,
      why: [
        { feature: "starved connections", value: pair.count, threshold: connectionsMin, sample: pair.count },
        { feature: "bytes of the client in each", value: pair.bytes / pair.count, threshold: requestBytesMax, sample: pair.count },
        { feature: "window, s", value: windowSeconds },
      ],
      techniques: ["T1499.002"],
      cause: `${client} ${server} ${fact.serverPort}`,
    });
  }
}

function isStarved(fact: FlowFact): boolean {
  if ((fact.flagsToServer & PSH) === 0 || fact.packetsToServer < piecesMin || fact.bytesToServer > requestBytesMax) return false;
  return fact.bytesToClient <= fact.packetsToClient * acknowledgementBytes + refusalBytes;
}
