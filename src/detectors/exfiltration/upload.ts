import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf, type TransactionFact } from "#contract/detector.ts";
import { HourlyBytes } from "./hourly-bytes.ts";
import { isForCopies, serviceOf, type UploadService } from "./upload-services.ts";

export interface Limits {
  readonly bytesMin: number;
  readonly ratioMin: number;
  readonly timesUsualMin: number;
  readonly hoursMin: number;
  readonly serviceBytesMin: number;
}

/** Pairs of client and server followed at once; the one that was first seen goes first. */
const pairsMax = 20_000;
/** Flows under way whose bytes were counted in part; the oldest goes first. */
const flowsMax = 50_000;
/** Names of hosts that were looked up; all are forgotten when there are more. */
const namesMax = 5_000;
const hourMicros = 3600 * MICROS_PER_SECOND;

interface NameKind {
  readonly copies: boolean;
  readonly service: UploadService | undefined;
}

interface Counted {
  sent: number;
  got: number;
}

/**
 * More bytes out than is usual. A client is compared with itself: what it sends one server in an hour, against what it gets
 * back, against an absolute floor and against the most that it sent there in earlier hours. Who has no past yet is only told.
 */
export class Upload implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new OldestFirstMap<number, HourlyBytes>(pairsMax);
  readonly #counted = new OldestFirstMap<number, Counted>(flowsMax);
  readonly #names = new Map<string, NameKind>();
  /** By flow: the service that its name tells. */
  readonly #services = new Map<number, UploadService>();
  /** First hour of the run: who is new later than that has a past of silence. */
  #firstHour: number | undefined;

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.serverInside || this.#services.size >= flowsMax) return;
    const name = fact.kind === "tls" || fact.kind === "quic" ? fact.fields["sni"] : fact.fields["hostname"];
    if (typeof name !== "string") return;
    const { copies, service } = this.#lookUp(name);
    if (copies) {
      const pair = this.#pairs.get(pairKey(fact)) ?? this.#begin(fact);
      pair.isForCopies = true;
    }
    if (service !== undefined) this.#services.set(fact.flowId, service);
  }

  #lookUp(name: string): NameKind {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= namesMax) this.#names.clear();
    const kind: NameKind = { copies: isForCopies(name), service: serviceOf(name) };
    this.#names.set(name, kind);
    return kind;
  }

  onFlowUpdate(fact: FlowFact): void {
    if (!isOutward(fact)) return;
    const before = this.#counted.get(fact.flowId);
    if (before === undefined) {
      this.#count(fact, fact.bytesToServer, fact.bytesToClient);
      this.#counted.set(fact.flowId, { sent: fact.bytesToServer, got: fact.bytesToClient });
      return;
    }
    this.#count(fact, fact.bytesToServer - before.sent, fact.bytesToClient - before.got);
    before.sent = fact.bytesToServer;
    before.got = fact.bytesToClient;
  }

  onFlowEnd(fact: FlowFact): void {
    if (!isOutward(fact)) return;
    const before = this.#counted.get(fact.flowId);
    this.#count(fact, fact.bytesToServer - (before?.sent ?? 0), fact.bytesToClient - (before?.got ?? 0));
    const service = this.#services.get(fact.flowId);
    if (service !== undefined && fact.bytesToServer >= this.#limits.serviceBytesMin && fact.bytesToServer > fact.bytesToClient)
      this.#tellService(fact, service);
    this.#counted.delete(fact.flowId);
    this.#services.delete(fact.flowId);
  }

  #count(fact: FlowFact, sent: number, got: number): void {
    const pair = this.#pairs.get(pairKey(fact)) ?? this.#begin(fact);
    pair.turnTo(Math.floor(fact.time / hourMicros));
    pair.sent += sent;
    pair.got += got;
    const { bytesMin, ratioMin, timesUsualMin } = this.#limits;
    if (pair.told || pair.sent < bytesMin || pair.sent < ratioMin * pair.got || pair.sent < timesUsualMin * pair.usual) return;
    pair.told = true;
    this.#tellVolume(fact, pair);
  }

  #begin(fact: FlowFact): HourlyBytes {
    const hour = Math.floor(fact.time / hourMicros);
    this.#firstHour ??= hour;
    const pair = new HourlyBytes(hour);
    pair.hours = hour - this.#firstHour;
    this.#pairs.set(pairKey(fact), pair);
    return pair;
  }

  #tellVolume(fact: FlowFact, pair: HourlyBytes): void {
    const { bytesMin, ratioMin, timesUsualMin, hoursMin } = this.#limits;
    const hasPast = pair.hours >= hoursMin;
    const isOdd = hasPast && !pair.isForCopies;
    const ratio = pair.sent / Math.max(1, pair.got);
    const past = hasPast
      ? `, ${pair.usual === 0 ? "where it sent nothing before" : `${Math.round(pair.sent / pair.usual)} times what is usual`}`
      : "";
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} sent ${megabytes(pair.sent)} to ${fact.server} within an hour and got ${megabytes(pair.got)}${past}`,
      category: isOdd ? "exfiltration" : "observation",
      severity: isOdd ? "medium" : "info",
      score: Math.min(0.9, (isOdd ? 0.5 : 0.3) + Math.log10(pair.sent / bytesMin) / 5),
      confidence: isOdd ? 0.5 : 0.3,
      why: [
        { feature: "bytes sent in the hour", value: pair.sent, threshold: bytesMin },
        { feature: "bytes sent for each byte got", value: ratio, threshold: ratioMin },
        {
          feature: "most bytes of an earlier hour, fading",
          value: Math.round(pair.usual),
          threshold: pair.sent / timesUsualMin,
          sample: pair.hours,
        },
      ],
    });
  }

  #tellService(fact: FlowFact, { name, kind }: UploadService): void {
    this.#report({
      ...placeOf(fact),
      cause: `${fact.client} ${name}`,
      title: `${fact.client} sent ${megabytes(fact.bytesToServer)} to ${name}, ${kind}`,
      category: "policy",
      severity: "low",
      score: 0.5,
      techniques: ["T1567"],
      why: [{ feature: "bytes sent over one connection", value: fact.bytesToServer, threshold: this.#limits.serviceBytesMin }],
    });
  }
}

const pairKey = (fact: FlowFact): number => combine32(fact.clientHash, fact.serverHash);
const isOutward = (fact: FlowFact): boolean => fact.clientInside && !fact.serverInside && !fact.serverIsGroup;
const megabytes = (bytes: number): string => `${Number((bytes / 1e6).toPrecision(3))} MB`;
