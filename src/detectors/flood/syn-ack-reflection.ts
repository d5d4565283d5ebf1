import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { ACK, RST, SYN, TCP } from "./kinds.ts";
import { duration } from "./words.ts";

export interface SynAckLimits {
  readonly serversMin: number;
  readonly packetsMin: number;
  readonly windowSeconds: number;
}

const targetsMax = 4_096;
const serversMax = 64;

interface Target {
  readonly since: number;
  readonly servers: Set<number>;
  packets: number;
  first: number;
  last: number;
  tellAt: number;
}

/**
 * Reflection by TCP: servers send SYN-ACKs, and send them again, to a host that opened nothing, because somebody opens
 * connections in its name. A flood with forged addresses reaches each of them from one victim; several servers that
 * answer the same host mean that it is the target. In a capture of one direction connections begin like this as well,
 * but go on.
 */
export class SynAckReflection implements Detector {
  readonly #limits: SynAckLimits;
  readonly #report: (finding: Finding) => void;
  readonly #targets = new OldestFirstMap<number, Target>(targetsMax);

  constructor(limits: SynAckLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.protocol !== TCP || (fact.flagsToClient & 0x3f) !== (SYN | ACK)) return;
    // The target is silent, or its system refuses what it did not open.
    if (fact.packetsToServer > 0 && (fact.flagsToServer & 0x3f) !== RST) return;
    const known = this.#targets.get(fact.clientHash);
    const isKnown = known !== undefined && fact.time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND;
    const target: Target = isKnown
      ? known
      : { since: fact.time, servers: new Set(), packets: 0, first: fact.start, last: fact.time, tellAt: 0 };
    if (!isKnown) this.#targets.renew(fact.clientHash, target);
    if (target.servers.size < serversMax) target.servers.add(fact.serverHash);
    target.packets += fact.packetsToClient;
    target.first = Math.min(target.first, fact.start);
    target.last = Math.max(target.last, fact.time);
    this.#judge(target, fact);
  }

  onTick(time: Micros): void {
    const end = time - 2 * this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#targets.expire(({ since }) => since < end);
  }

  #judge(target: Target, fact: FlowFact): void {
    const { serversMin, packetsMin } = this.#limits;
    const { packets } = target;
    const servers = target.servers.size;
    if (servers < serversMin || packets < Math.max(packetsMin, target.tellAt)) return;
    target.tellAt = packets * 4;
    const { client } = fact;
    this.#report({
      time: fact.time,
      number: fact.number,
      target: client,
      title: `${servers} servers sent ${client} ${packets} SYN-ACKs in ${duration(target.last - target.first)} for connections that it did not open: its address is forged`,
      severity: packets >= 10 * packetsMin ? "high" : "low",
      score: Math.min(1, 0.5 + 0.1 * Math.log2(packets / packetsMin)),
      confidence: 0.7,
      why: [
        { feature: "servers that answer unasked", value: servers, threshold: serversMin, sample: packets },
        { feature: "SYN-ACKs", value: packets, threshold: packetsMin },
      ],
      techniques: ["T1498.002"],
      cause: client,
    });
  }
}
