import { combine32, textHash } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import { DailyLimit } from "#engine/learn/daily-limit.ts";
import { Destinations, type Standing } from "#engine/learn/destinations.ts";
import { splitName } from "#engine/names/registered-domain.ts";
import { ClientPast } from "./client-past.ts";
import { HourlyBytes } from "./hourly-bytes.ts";
import { type Manner, tellService, tellVolume } from "./telling.ts";
import { isForCopies, serviceOf, type UploadService } from "./upload-services.ts";
import { UsualBytes } from "./usual-bytes.ts";

export interface Limits {
  readonly bytesMin: number;
  readonly ratioMin: number;
  readonly timesUsualMin: number;
  /** Deviations above what the client sends there, and above what it uploads anywhere. */
  readonly surpriseMin: number;
  readonly uploadSurpriseMin: number;
  readonly hoursMin: number;
  readonly serviceBytesMin: number;
  /** Accusations within 24 hours; what is found beyond them is an observation. */
  readonly accusationsPerDay: number;
}

/** Pairs of client and destination followed at once, and clients; those that were first seen go first. */
const pairsMax = 20_000;
const clientsMax = 10_000;
/** Flows under way that were counted in part or have a name; the oldest goes first. */
const flowsMax = 50_000;
/** Names of hosts that were looked up; all are forgotten when there are more. */
const namesMax = 5_000;
const hourMicros = 3600 * MICROS_PER_SECOND;
const dayHours = 24;
/** An hour that sends a destination so much is an upload, where it gets little back. */
const uploadBytesMin = 10_000_000;
/** Uploads to new places from which on a client's, and the network's, say what is usual: one theft excuses no other. */
const ownUploadsMin = 3;
const networkUploadsMin = 10;
/** At an hour of the day at which the client hardly ever sent, an upload may be so many deviations less odd. */
const oddHourSurprise = 1.5;
/** A destination to which so many clients upload is a service, once it has been in use for a day. */
const uploadersMin = 3;

interface NameKind {
  /** Hash of the registered domain: the many servers of a service are one destination. */
  readonly destination: number | undefined;
  readonly copies: boolean;
  readonly service: UploadService | undefined;
}

interface Counted {
  sent: number;
  got: number;
}

/**
 * More bytes out than is usual. A client is compared with itself: what it sends a destination in an hour, against what it gets
 * back, what it sends there else and what it uploads anywhere. Who has no past yet, and what others of the network upload
 * to as well, is only told. A destination is a registered domain, or an address where no name was heard.
 */
export class Upload implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new OldestFirstMap<number, HourlyBytes>(pairsMax);
  readonly #clients = new OldestFirstMap<number, ClientPast>(clientsMax);
  readonly #counted = new OldestFirstMap<number, Counted>(flowsMax);
  readonly #names = new Map<string, NameKind>();
  /** By flow: what its name tells. */
  readonly #named = new OldestFirstMap<number, NameKind>(flowsMax);
  /** Who calls a destination, and who uploads there. */
  readonly #called = new Destinations();
  readonly #uploadedTo = new Destinations();
  /** What clients upload in an hour to places that are new to them. */
  readonly #uploads = new UsualBytes();
  readonly #accusations: DailyLimit;
  #started: Micros | undefined;

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
    this.#accusations = new DailyLimit(limits.accusationsPerDay);
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.serverInside) return;
    const name = fact.kind === "tls" || fact.kind === "quic" ? fact.fields["sni"] : fact.fields["hostname"];
    if (typeof name !== "string") return;
    const kind = this.#lookUp(name);
    // Later connections to the same address may be resumed without a name.
    if (kind.copies) this.#pairOf(combine32(fact.clientHash, fact.serverHash), hourOf(fact)).isForCopies = true;
    this.#named.set(fact.flowId, kind);
  }

  #lookUp(name: string): NameKind {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= namesMax) this.#names.clear();
    const owned = splitName(name)?.owned;
    const kind: NameKind = {
      destination: owned === undefined ? undefined : textHash(owned),
      copies: isForCopies(name),
      service: serviceOf(name),
    };
    this.#names.set(name, kind);
    return kind;
  }

  onFlowUpdate(fact: FlowFact): void {
    if (!isOutward(fact)) return;
    const before = this.#counted.ensure(fact.flowId, () => ({ sent: 0, got: 0 }));
    this.#count(fact, fact.bytesToServer - before.sent, fact.bytesToClient - before.got);
    before.sent = fact.bytesToServer;
    before.got = fact.bytesToClient;
  }

  onFlowEnd(fact: FlowFact): void {
    if (!isOutward(fact)) return;
    const before = this.#counted.get(fact.flowId);
    this.#count(fact, fact.bytesToServer - (before?.sent ?? 0), fact.bytesToClient - (before?.got ?? 0));
    const service = this.#named.get(fact.flowId)?.service;
    const { serviceBytesMin } = this.#limits;
    if (service !== undefined && fact.bytesToServer >= serviceBytesMin && fact.bytesToServer > fact.bytesToClient)
      this.#report(tellService(fact, service, serviceBytesMin));
    this.#counted.delete(fact.flowId);
    this.#named.delete(fact.flowId);
  }

  #count(fact: FlowFact, sent: number, got: number): void {
    this.#started ??= fact.time;
    const hour = hourOf(fact);
    const name = this.#named.get(fact.flowId);
    const destination = name?.destination ?? fact.serverHash;
    const key = combine32(fact.clientHash, destination);
    // A new pair is a new caller; what it does later changes nothing in the book.
    if (!this.#pairs.has(key)) this.#called.see(destination, fact.clientHash, fact.time);
    const pair = this.#pairOf(key, hour);
    pair.turnTo(hour);
    pair.sent += sent;
    pair.got += got;
    if (name?.copies === true) pair.isForCopies = true;
    const past = this.#clients.ensure(fact.clientHash, () => new ClientPast(hour));
    past.turnTo(hour, this.#uploads);
    past.send(sent);
    const { bytesMin, ratioMin, timesUsualMin } = this.#limits;
    if (pair.sent < ratioMin * pair.got) return;
    if (pair.sent >= uploadBytesMin) {
      if (pair.uploaded === 0) this.#uploadedTo.see(destination, fact.clientHash, fact.time);
      if (this.#isNew(pair, past)) past.upload(pair.sent - pair.uploaded);
      pair.uploaded = pair.sent;
    }
    if (pair.told === "accused" || pair.sent < bytesMin || pair.sent < timesUsualMin * pair.most) return;
    this.#judge(fact, destination, pair, past);
  }

  #judge(fact: FlowFact, destination: number, pair: HourlyBytes, past: ClientPast): void {
    const standing = this.#called.standing(destination, this.#started ?? fact.time, fact.time);
    const manner = this.#mannerOf(fact, destination, pair, past, standing);
    if (manner !== "accused" && pair.told === "observed") return;
    pair.told = manner === "accused" ? "accused" : "observed";
    this.#report(tellVolume(fact, { pair, past, network: this.#uploads, standing, manner }, this.#limits));
  }

  #mannerOf(fact: FlowFact, destination: number, pair: HourlyBytes, past: ClientPast, standing: Standing): Manner {
    const { hoursMin, surpriseMin, uploadSurpriseMin } = this.#limits;
    if (past.hours < hoursMin) return "no-past";
    if (pair.isForCopies) return "for-copies";
    if (this.#isService(fact, destination, standing)) return "service";
    if (pair.usual.surprise(pair.sent) < surpriseMin) return "as-before";
    const oddest = uploadSurpriseMin - (past.isOutsideItsHours ? oddHourSurprise : 0);
    if (past.uploads.count >= ownUploadsMin && past.uploads.surprise(pair.sent) < oddest) return "uploader";
    if (this.#uploads.count >= networkUploadsMin && this.#uploads.surprise(pair.sent) < oddest) return "uploaders";
    return this.#accusations.take(fact.time) ? "accused" : "beyond-limit";
  }

  /** The client calls it for the first time; in its first day it does that with all that it uses. */
  #isNew(pair: HourlyBytes, past: ClientPast): boolean {
    return pair.usual.count === 0 && past.hours >= this.#limits.hoursMin;
  }

  /** Several others call it or upload there, and not only since yesterday: one theft from many machines is no service. */
  #isService(fact: FlowFact, destination: number, standing: Standing): boolean {
    const uploads = this.#uploadedTo.standing(destination, this.#started ?? fact.time, fact.time);
    const dayMicros = dayHours * hourMicros;
    return (standing.isShared && standing.age >= dayMicros) || (uploads.callers >= uploadersMin && uploads.age >= dayMicros);
  }

  #pairOf(key: number, hour: number): HourlyBytes {
    return this.#pairs.ensure(key, () => new HourlyBytes(hour));
  }
}

const hourOf = (fact: FlowFact): number => Math.floor(fact.time / hourMicros);
const isOutward = (fact: FlowFact): boolean => fact.clientInside && !fact.serverInside && !fact.serverIsGroup;
