import { textOf } from "#base/members.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf, type TransactionFact } from "#contract/detector.ts";
import { matchCertificate } from "./certificate-match.ts";
import type { Evidence } from "./evidence.ts";
import { httpEvidence } from "./http-evidence.ts";
import { tlsEvidence } from "./tls-evidence.ts";

export interface Limits {
  /** Weight of the signs that is told. */
  readonly evidenceMin: number;
  /** A connection that stands for longer counts as one that is kept open. */
  readonly keptSeconds: number;
}

/** Connections whose handshake looked odd, waiting for how they go on; the oldest goes first. */
const waitingMax = 2_000;
/** What a connection that is kept open adds. */
const keptWeight = 1;
/** Mean bytes of the client's packets up to which it only says that it is there. */
const smallPacketBytes = 300;
const smallWeight = 0.5;
/** Parts of a certificate as people call them. */
const certificateParts: Readonly<Record<string, string>> = {
  issuerdn: "issuer of the certificate",
  subject: "subject of the certificate",
  serial: "serial number of the certificate",
  fingerprint: "SHA-1 of the certificate",
};
/** Below this weight the rest of the connection could not make a finding of it. */
const waitingMin = (limits: Limits): number => limits.evidenceMin - keptWeight - smallWeight;

/**
 * Programs that take orders from outside: default certificates of known tools, handshakes like those of tools that make
 * their own certificate, and forms that bots post to their panels. Only connections to outside count.
 */
export class CommandAndControl implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  readonly #waiting = new OldestFirstMap<number, Evidence>(waitingMax);

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "tls") this.#readTls(fact);
    else if (fact.fields["http_method"] === "POST" && !fact.serverInside) {
      const evidence = httpEvidence(fact);
      if (evidence.weight >= this.#limits.evidenceMin) this.#tellRequest(fact, evidence);
    }
  }

  onFlowUpdate(fact: FlowFact): void {
    if (this.#waiting.size > 0) this.#judge(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    if (this.#waiting.size === 0) return;
    this.#judge(fact);
    this.#waiting.delete(fact.flowId);
  }

  #readTls(fact: TransactionFact): void {
    const { fields } = fact;
    if (fields["subject"] === undefined && fields["issuerdn"] === undefined) return;
    const match = matchCertificate(fields);
    if (match !== undefined) {
      this.#report({
        ...placeOf(fact),
        title: `${fact.client} spoke with ${fact.server} port ${fact.serverPort}, whose certificate is the one that ${match.family} makes by default`,
        severity: "critical",
        score: 0.95,
        why: [
          { feature: certificateParts[match.member] ?? match.member, value: match.value },
          { feature: "source of what is known of it", value: match.source },
        ],
      });
      return;
    }
    if (fact.serverInside || fields["self_signed"] !== true) return;
    const evidence = tlsEvidence(fact);
    if (evidence.weight >= this.#limits.evidenceMin) this.#tellConnection(fact, evidence);
    else if (evidence.weight >= waitingMin(this.#limits)) this.#waiting.set(fact.flowId, evidence);
  }

  #judge(fact: FlowFact): void {
    const evidence = this.#waiting.get(fact.flowId);
    const seconds = (fact.time - fact.start) / MICROS_PER_SECOND;
    if (evidence === undefined || seconds < this.#limits.keptSeconds) return;
    this.#waiting.delete(fact.flowId);
    evidence.add(true, keptWeight, "connection kept open, s", Math.round(seconds));
    const mean = Math.round(fact.bytesToServer / Math.max(1, fact.packetsToServer));
    evidence.add(mean <= smallPacketBytes, smallWeight, "small packets, mean bytes", mean);
    if (evidence.weight >= this.#limits.evidenceMin) this.#tellConnection(fact, evidence);
  }

  #tellConnection(fact: FlowFact, evidence: Evidence): void {
    const { evidenceMin } = this.#limits;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} holds an encrypted connection to ${fact.server} port ${fact.serverPort}, whose certificate nobody vouches for, as malware for remote control does`,
      severity: "high",
      score: evidence.score(evidenceMin),
      why: evidence.reasons(evidenceMin),
      techniques: ["T1573.002", "T1571"],
    });
  }

  #tellRequest(fact: TransactionFact, evidence: Evidence): void {
    const { evidenceMin } = this.#limits;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} sent data to ${textOf(fact.fields["hostname"]) || fact.server}${textOf(fact.fields["url"]).slice(0, 80)} by a program that only pretends to be a browser`,
      severity: "high",
      score: evidence.score(evidenceMin),
      why: evidence.reasons(evidenceMin),
      techniques: ["T1071.001"],
    });
  }
}
