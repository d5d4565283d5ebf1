import { OldestFirstSet } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf, type TransactionFact } from "#contract/detector.ts";
import { ordinaryPorts } from "./ordinary.ts";
import { spell } from "./telling.ts";

export interface HeartbeatLimits {
  readonly beatsMin: number;
  /** Deviation of the times between beats, as a share of their mean. */
  readonly spreadMax: number;
  readonly periodMinSeconds: number;
  readonly bytesPerBeatMax: number;
}

/** Connections of TLS without name or authority that are remembered; the oldest goes first. */
const namelessMax = 5_000;
/** Connections that were told; the oldest goes first. */
const toldMax = 5_000;
const TCP = 6;
/** Ports below are for services that somebody registered; unknown bytes there are mostly a known service misread. */
const registeredPortsEnd = 1024;

/**
 * A program that says again and again over one connection that it is still there, in a language that nobody knows or under
 * TLS with a certificate that nobody vouches for. A beat is a packet of the client behind a second or more of its silence.
 */
export class Heartbeat implements Detector {
  readonly #limits: HeartbeatLimits;
  readonly #report: (finding: Finding) => void;
  readonly #nameless = new OldestFirstSet<number>(namelessMax);
  readonly #told = new OldestFirstSet<number>(toldMax);

  constructor(limits: HeartbeatLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction({ flowId, fields, serverInside }: TransactionFact): void {
    if (!serverInside && fields["sni"] === undefined && fields["self_signed"] === true) this.#nameless.add(flowId);
  }

  onFlowUpdate(fact: FlowFact): void {
    if (fact.beatsToServer >= this.#limits.beatsMin) this.#judge(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.beatsToServer >= this.#limits.beatsMin) this.#judge(fact);
    this.#nameless.delete(fact.flowId);
    this.#told.delete(fact.flowId);
  }

  #judge(fact: FlowFact): void {
    const { spreadMax, periodMinSeconds, bytesPerBeatMax, beatsMin } = this.#limits;
    if (fact.protocol !== TCP || fact.serverInside || fact.serverIsGroup || !fact.established || this.#told.has(fact.flowId)) return;
    if (fact.serverPort < registeredPortsEnd || ordinaryPorts.has(fact.serverPort)) return;
    const isUnknown = fact.service === undefined || fact.service === "failed";
    if (!isUnknown && !this.#nameless.has(fact.flowId)) return;
    const beats = fact.beatsToServer;
    const spread = fact.beatDeviationToServer / fact.beatMeanToServer;
    const period = fact.beatMeanToServer / MICROS_PER_SECOND;
    const perBeat = Math.round((fact.bytesToServer + fact.bytesToClient) / beats);
    const listens = onlyAcknowledges(fact);
    const limit = listens ? spreadMax * 2 : spreadMax;
    if (spread > limit || period < periodMinSeconds || perBeat > bytesPerBeatMax) return;
    this.#told.add(fact.flowId);
    const lasting = (fact.time - fact.start) / MICROS_PER_SECOND;
    const language = isUnknown ? "in no known protocol" : "under TLS without a name";
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} told ${fact.server} port ${fact.serverPort} every ${spell(period)} that it is there, ${beats} times in ${spell(lasting)}, ${language}`,
      severity: "medium",
      score: Math.min(0.9, 0.9 - spread + Math.min(0.1, beats / 1000)),
      confidence: 0.6,
      why: [
        { feature: "spread of the times between beats", value: spread, threshold: limit, sample: beats },
        { feature: "beats", value: beats, threshold: beatsMin },
        { feature: "time from beat to beat, s", value: period, threshold: periodMinSeconds },
        { feature: "bytes per beat, both ways", value: perBeat, threshold: bytesPerBeatMax },
        { feature: "answers", value: listens ? "none but acknowledgements" : "data" },
        { feature: "protocol", value: isUnknown ? "unknown" : "tls" },
      ],
    });
  }
}

/** Largest mean of a side's packets, and their deviation, while it sends no data (headers, TCP's options, Ethernet's padding). */
const emptyPacketBytes = 74;
const emptyDeviationBytes = 8;

/** A server that takes reports and never answers: people's programs are answered. Retransmissions then widen the gaps. */
const onlyAcknowledges = (fact: FlowFact): boolean =>
  fact.bytesToClient <= emptyPacketBytes * fact.packetsToClient && fact.sizeDeviationToClient <= emptyDeviationBytes;
