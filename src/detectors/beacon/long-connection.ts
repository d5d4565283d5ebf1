import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf } from "#contract/detector.ts";
import type { Severity } from "#schema/finding.ts";
import { spell } from "./telling.ts";

/** Hours above which a connection is more than worth a look, as in RITA's grades: 1, 4, 8 and 12 hours. */
const grades: readonly (readonly [hours: number, severity: Severity])[] = [
  [12, "medium"],
  [4, "low"],
  [0, "info"],
];
/** Connections that were told; the oldest goes first. */
const toldMax = 5_000;

/** Connections to the outside that stand for hours: mostly harmless, and where a tunnel or a remote access would be. */
export class LongConnection implements Detector {
  readonly #minSeconds: number;
  readonly #report: (finding: Finding) => void;
  /** Severity that was told, by flow. */
  readonly #told = new OldestFirstMap<number, Severity>(toldMax);

  constructor(minSeconds: number, report: (finding: Finding) => void) {
    this.#minSeconds = minSeconds;
    this.#report = report;
  }

  onFlowUpdate(fact: FlowFact): void {
    this.#look(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    this.#look(fact);
    this.#told.delete(fact.flowId);
  }

  #look(fact: FlowFact): void {
    const seconds = (fact.time - fact.start) / MICROS_PER_SECOND;
    if (seconds < this.#minSeconds || fact.serverInside || fact.serverIsGroup || !fact.clientInside || !fact.established) return;
    const severity = grades.find(([hours]) => seconds >= hours * 3600)?.[1] ?? "info";
    if (this.#told.get(fact.flowId) === severity) return;
    this.#told.set(fact.flowId, severity);
    const bytes = fact.bytesToServer + fact.bytesToClient;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} has been connected with ${fact.server} port ${fact.serverPort} for ${spell(seconds)}`,
      severity,
      score: Math.min(1, seconds / (24 * 3600)),
      why: [
        { feature: "duration, s", value: Math.round(seconds), threshold: this.#minSeconds },
        { feature: "bytes both ways", value: bytes, sample: fact.packetsToServer + fact.packetsToClient },
        { feature: "protocol", value: fact.service ?? "unknown" },
      ],
    });
  }
}
