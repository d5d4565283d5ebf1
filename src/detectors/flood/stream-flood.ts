import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { ACK, ICMP, ICMPV6, isBare, RST, SYN, TCP, UDP } from "./kinds.ts";

export interface StreamLimits {
  readonly pingsPerSecond: number;
  readonly segmentsPerSecond: number;
  readonly datagramsPerSecond: number;
}

/** A flow with fewer packets has not shown a pace. */
const packetsMin = 512;
/** Small datagrams only: video and measurements of the throughput send large ones. */
const datagramBytesMax = 200;

/**
 * Floods within one flow: a ping without pause, the same SYN, ACK or RST again and again, small datagrams that nobody
 * answers. Each is a pace that no program has for an honest reason with packets that carry next to nothing.
 */
export class StreamFlood implements Detector {
  readonly #limits: StreamLimits;
  readonly #report: (finding: Finding) => void;

  constructor(limits: StreamLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowUpdate(fact: FlowFact): void {
    const packets = fact.packetsToServer;
    if (packets < packetsMin || fact.serverIsGroup) return;
    const seconds = Math.max(1, fact.time - fact.start) / MICROS_PER_SECOND;
    const pace = packets / seconds;
    const what = this.#kindOf(fact, pace);
    if (what === undefined) return;
    const { client, server } = fact;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: client,
      target: server,
      title: `${client} sends ${server} ${Math.round(pace)} ${what.name} a second, ${packets} so far`,
      severity: "medium",
      score: Math.min(1, 0.6 + 0.2 * Math.log10(pace / what.min)),
      why: [
        { feature: `${what.name} a second`, value: pace, threshold: what.min, sample: packets },
        { feature: "packets of the other side", value: fact.packetsToClient, sample: packets },
        { feature: "mean size, bytes", value: fact.bytesToServer / packets, sample: packets },
      ],
    });
  }

  #kindOf(fact: FlowFact, pace: number): { readonly name: string; readonly min: number } | undefined {
    const { pingsPerSecond, segmentsPerSecond, datagramsPerSecond } = this.#limits;
    const size = fact.bytesToServer / fact.packetsToServer;
    switch (fact.protocol) {
      case ICMP:
      case ICMPV6: {
        const isEcho = fact.clientPort === (fact.protocol === ICMP ? 8 : 128);
        return isEcho && pace >= pingsPerSecond ? { name: "pings", min: pingsPerSecond } : undefined;
      }
      case TCP: {
        const flags = fact.flagsToServer & 0x3f;
        const isOne = flags === SYN || flags === RST || (flags === ACK && fact.packetsToClient === 0);
        if (!isOne || !isBare(fact) || pace < segmentsPerSecond) return undefined;
        return { name: flags === SYN ? "SYNs" : flags === RST ? "resets" : "bare ACKs", min: segmentsPerSecond };
      }
      case UDP: {
        const isUnanswered = fact.packetsToClient === 0 && size <= datagramBytesMax;
        return isUnanswered && pace >= datagramsPerSecond ? { name: "datagrams", min: datagramsPerSecond } : undefined;
      }
      default:
        return undefined;
    }
  }
}
