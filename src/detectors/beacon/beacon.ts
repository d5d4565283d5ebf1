import { combine32, textHash } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import { DailyLimit } from "#engine/learn/daily-limit.ts";
import { Destinations, type Standing } from "#engine/learn/destinations.ts";
import { Contacts } from "./contacts.ts";
import { isOrdinaryName, ordinaryDatagramPorts, ordinaryPorts, ordinaryServices } from "./ordinary.ts";
import { nameOf, tellBeacon } from "./telling.ts";
import { judgeContacts, type Verdict } from "./verdict.ts";

export interface Limits {
  readonly contactsMin: number;
  readonly scoreMin: number;
  readonly gapMinSeconds: number;
  /** What goes on for shorter must go on through all the time that was watched. */
  readonly durationMinSeconds: number;
  /** What has no period must go on for so long, whatever was watched: people who come back now and then look like it for hours. */
  readonly irregularMinSeconds: number;
  readonly judgementsPerMinute: number;
  /** Accusations within 24 hours; what is found beyond them is an observation. */
  readonly accusationsPerDay: number;
}

/** A pair that is like a clock. */
interface Look {
  readonly pair: Contacts;
  readonly verdict: Verdict;
  readonly standing: Standing;
}

/** Pairs followed at once; the one that was silent for longest goes first. */
const pairsMax = 20_000;
/** Contacts kept of all pairs together (16 bytes each); beyond it the pairs that were silent for longest go. */
const contactsMax = 500_000;
/** Pairs judged at the end of a run, those with most contacts first. */
const lastJudgementsMax = 200;
/** A look that finds a clock is repeated when so many times the contacts were seen; above this score once is enough. */
const confirmFactor = 1.5;
const sureScore = 0.97;
/** How far back the time goes of which a clock should fill a share: programs that people leave open fill a part of a day. */
const watchedMicros = 12 * 3600 * MICROS_PER_SECOND;
const TCP = 6;
const UDP = 17;

/**
 * Clients that call one server, or one web address, on a clock. A contact counts when its flow has ended, at the time of its
 * start; a pair is judged at its 20th contact, its 40th, 80th …, within a budget of judgements, since each costs milliseconds.
 * What several machines of a network call by name is software that is in use there, and observed, not accused.
 */
export class Beacon implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  /** By hash of client and server and port, or of client and web address; in the order of their last contact. */
  readonly #pairs = new OldestFirstMap<number, Contacts>(pairsMax, (pair) => {
    this.#contacts -= pair.kept;
  });
  readonly #waiting: Contacts[] = [];
  readonly #destinations = new Destinations();
  readonly #accusations: DailyLimit;
  #contacts = 0;
  #budget: number;
  #refilled = 0;
  /** Since when is watched: the first tick, or a contact that began before it. */
  #started = Number.POSITIVE_INFINITY;
  #number = 0;

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
    this.#budget = limits.judgementsPerMinute;
    this.#accusations = new DailyLimit(limits.accusationsPerDay);
  }

  onTransaction(fact: TransactionFact): void {
    if (!callsOut(fact)) return;
    if (fact.kind !== "http") {
      const name = fact.fields["sni"];
      if (typeof name === "string") this.#pairOf(flowKey(fact), fact.serverPort).name = name;
      return;
    }
    const { hostname, url, http_refer: referer } = fact.fields;
    if (typeof hostname !== "string" || typeof url !== "string") return;
    this.#pairOf(flowKey(fact), fact.serverPort).name = hostname;
    // What a page fetches has a referer; what calls by itself has none.
    if (referer !== undefined) return;
    const path = url.split("?", 1)[0] as string;
    const pair = this.#pairOf(textHash(`${fact.clientHash} ${hostname}${path}`), fact.serverPort);
    pair.name = hostname;
    const bytes = Number(fact.fields["request_length"] ?? 0) + Number(fact.fields["length"] ?? 0);
    this.#add(pair, fact, fact.time, bytes);
  }

  onFlowEnd(fact: FlowFact): void {
    if (!callsOut(fact) || !(fact.protocol === TCP ? fact.answered : fact.protocol === UDP && fact.packetsToClient > 0)) return;
    if (ordinaryPorts.has(fact.serverPort) || (fact.service !== undefined && ordinaryServices.has(fact.service))) return;
    if (fact.protocol === UDP && ordinaryDatagramPorts.has(fact.serverPort)) return;
    const key = flowKey(fact);
    const pair = this.#pairOf(key, fact.serverPort);
    // The pair was silent until now: it goes behind the others.
    this.#pairs.renew(key, pair);
    this.#add(pair, fact, fact.start, fact.bytesToServer + fact.bytesToClient);
  }

  onTick(time: Micros): void {
    if (time < this.#started) this.#started = time;
    const { judgementsPerMinute } = this.#limits;
    if (time - this.#refilled >= 60 * MICROS_PER_SECOND) {
      this.#refilled = time;
      this.#budget = judgementsPerMinute;
    }
    while (this.#waiting.length > 0 && this.#budget > 0) {
      this.#budget--;
      this.#judge(this.#waiting.shift() as Contacts, time);
    }
  }

  onEnd(time: Micros): void {
    const { contactsMin } = this.#limits;
    const left = [...this.#pairs.values()].filter((pair) => !pair.told && pair.seen >= contactsMin);
    left.sort((a, b) => b.seen - a.seen);
    const looks = left.slice(0, lastJudgementsMax).flatMap((pair) => this.#look(pair, time) ?? []);
    // Where a day's accusations are few, the surest are accused.
    looks.sort((a, b) => b.verdict.score - a.verdict.score);
    for (const look of looks) this.#tell(look, time);
  }

  #pairOf(key: number, port: number): Contacts {
    return this.#pairs.ensure(key, () => new Contacts(this.#limits.contactsMin, port));
  }

  #add(pair: Contacts, fact: FlowFact, time: number, bytes: number): void {
    this.#number = fact.number;
    if (time < this.#started) this.#started = time;
    this.#contacts += pair.add(time / MICROS_PER_SECOND, bytes);
    while (this.#contacts > contactsMax && this.#pairs.size > 1) this.#pairs.forgetFirst();
    if (pair.destination === 0)
      pair.destination = pair.name === "" ? combine32(fact.serverHash, pair.port) : textHash(`${pair.name} ${pair.port}`);
    this.#destinations.see(pair.destination, fact.clientHash, fact.time);
    if (pair.told || pair.waits || pair.seen < pair.nextJudged) return;
    pair.client = fact.client;
    pair.server = fact.server;
    pair.nextJudged *= 2;
    pair.waits = true;
    this.#waiting.push(pair);
  }

  #judge(pair: Contacts, time: Micros): void {
    pair.waits = false;
    const wasLike = pair.like;
    const look = this.#look(pair, time);
    pair.like = look !== undefined;
    if (look === undefined) return;
    // What runs while somebody is there looks like a clock until he leaves: a second look, with half as many contacts more, decides.
    if (!wasLike && look.verdict.score < sureScore) pair.nextJudged = Math.ceil(pair.seen * confirmFactor);
    else this.#tell(look, time);
  }

  /** What is to be told of a pair, if it is like a clock. */
  #look(pair: Contacts, time: Micros): Look | undefined {
    if (pair.told || (pair.name !== "" && isOrdinaryName(pair.name))) return undefined;
    const from = Math.max(this.#started, time - watchedMicros) / MICROS_PER_SECOND;
    const standing = this.#destinations.standing(pair.destination, this.#started as Micros, time);
    const verdict = judgeContacts(pair.sample(), from, time / MICROS_PER_SECOND, standing.odds);
    const { gapMinSeconds, contactsMin, scoreMin } = this.#limits;
    if (verdict === undefined || verdict.meanGap < gapMinSeconds || verdict.contacts < contactsMin) return undefined;
    return verdict.score >= scoreMin && this.#lasts(verdict) ? { pair, verdict, standing } : undefined;
  }

  #lasts({ period, lasting, isThroughout }: Verdict): boolean {
    if (period === undefined) return lasting >= this.#limits.irregularMinSeconds;
    return isThroughout || lasting >= this.#limits.durationMinSeconds;
  }

  #tell({ pair, verdict, standing }: Look, time: Micros): void {
    pair.told = true;
    // Malware comes by name, too: but a name that several machines call belongs to what is installed here.
    const isSoftware = standing.isShared && nameOf(pair) !== undefined;
    const manner = isSoftware ? "software" : this.#accusations.take(time) ? "accused" : "beyond-limit";
    const { scoreMin, accusationsPerDay } = this.#limits;
    this.#report({ time, number: this.#number, ...tellBeacon(pair, verdict, standing, { manner, scoreMin, accusationsPerDay }) });
  }
}

/** From our side to the outside; a network with public addresses of its own has both ends outside. */
const callsOut = (fact: FlowFact): boolean => !fact.serverInside && !fact.serverIsGroup;
const flowKey = (fact: FlowFact): number => combine32(combine32(fact.clientHash, fact.serverHash), fact.serverPort);
