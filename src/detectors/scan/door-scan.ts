import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact, Reason } from "#contract/detector.ts";
import { RandomWalk } from "#engine/stats/trw.ts";
import { isOther, isPing, isStealthy, Outcome, outcomeOf, UDP } from "./attempt.ts";
import { denseMin, isSought, networkOf } from "./subject.ts";
import { duration, transportName } from "./words.ts";

export interface DoorLimits {
  /** Distinct doors without an answer that make a scan, of TCP and ICMP. */
  readonly doorsMin: number;
  /** The same of UDP. */
  readonly udpDoorsMin: number;
  readonly shutMin: number;
  readonly windowSeconds: number;
}

/** In keys, the row of the protocols of IP of one host. */
const OTHER = 255;
/** Rows of doors that are followed at once; the one that began first goes. */
const rowsMax = 20_000;
/** First contacts remembered for each row; later ones are not counted. */
const doorsMax = 1_024;
/** First contacts remembered in all, about 20 MB (40 when all still wait for their ends); beyond it the oldest rows go. */
const doorsInAllMax = 500_000;
/** Scattered hosts are scanned when new ones come so fast, a second, and nearly all are knocked at briefly. */
const fastPace = 5;
const briefMin = 0.8;
/** Whoever wants a service sends more than so many packets before giving up. */
const briefPackets = 2;
/** A row this long whose failures are few is an honest one so far: further successes say nothing new and are not kept. */
const longRow = 32;
const fewShut = 0.25;

/** An attempt at a door: one that still waits for an answer, or one that is over. */
interface Knock {
  readonly fact: FlowFact;
  readonly outcome: Outcome;
  readonly isWaiting: boolean;
}

/** One row of doors, as a source goes along it: a port on many hosts, or the ports of one host. */
interface Row {
  readonly since: number;
  /** Begin of the earliest knock and end of the latest: flows end in another order. */
  first: number;
  last: number;
  /** Log-likelihood ratio of the random walk. */
  walk: number;
  shut: number;
  stealthy: number;
  /** Knocks of one or two packets: whoever wants the service tries longer. */
  brief: number;
  /** Networks of the hosts without an answer; not kept where the port alone says enough. */
  readonly networks: Set<number> | undefined;
  tellAt: number;
  readonly doors: Set<number>;
  /** Doors whose first contact was counted while it waited: its end says how it went in truth. */
  readonly waiting: Set<number>;
}

/**
 * Scans along one port of many hosts or along the ports of one host. Only the first contact with a door counts. The
 * sequential test of Jung et al. must say "scanner", and the doors without an answer must be many: four failures alone
 * are also what a client with some dead peers shows. Peer-to-peer programs meet many dead peers, but at ports of their
 * own choice, so that no row becomes long. A row begins with its first failure: most sources cost a look-up or two.
 *
 * A knock counts when it has waited long enough, or else when its flow ends: a scan is told while it goes on. What was
 * answered late is taken back at the end, and only then is it known whether a knock was brief.
 */
export class DoorScan implements Detector {
  readonly #limits: DoorLimits;
  readonly #report: (finding: Finding) => void;
  readonly #walk = new RandomWalk();
  readonly #rows = new OldestFirstMap<number, Row>(rowsMax, ({ doors }) => {
    this.#doors -= doors.size;
  });
  /** First contacts of all rows. */
  #doors = 0;

  constructor(limits: DoorLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowUnanswered(fact: FlowFact): void {
    this.#knock(fact, true);
  }

  onFlowEnd(fact: FlowFact): void {
    this.#knock(fact, false);
  }

  #knock(fact: FlowFact, isWaiting: boolean): void {
    const outcome = outcomeOf(fact);
    if (outcome === Outcome.none) return;
    const knock = { fact, outcome, isWaiting };
    if (isOther(fact)) {
      this.#step(combine32(fact.clientHash + OTHER, fact.serverHash), fact.protocol, knock, true);
      return;
    }
    const port = isPing(fact) ? 0 : fact.serverPort;
    const along = combine32(fact.clientHash ^ fact.protocol, port);
    const host = combine32(fact.clientHash + fact.protocol, fact.serverHash);
    if (outcome !== Outcome.bounced) this.#step(along, fact.serverHash, knock, false);
    if (!isPing(fact)) this.#step(host, port, knock, true);
  }

  onTick(time: Micros): void {
    const end = time - 2 * this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#rows.expire(({ since }) => since < end);
  }

  #step(key: number, door: number, knock: Knock, isOneHost: boolean): void {
    const { fact, outcome, isWaiting } = knock;
    if (fact.waited && !isWaiting) {
      this.#ended(this.#rows.get(key), door, knock, isOneHost);
      return;
    }
    const row = this.#rowOf(key, fact.time, outcome, !isOneHost && !isSought(fact.protocol, fact.serverPort));
    if (row === undefined || row.doors.size >= doorsMax) return;
    const known = row.doors.size;
    if (outcome === Outcome.answered && known >= longRow && row.shut < known * fewShut) return;
    row.doors.add(door);
    if (row.doors.size === known) return;
    this.#doors++;
    if (this.#doors > doorsInAllMax) this.#rows.forgetFirst();
    row.first = Math.min(row.first, fact.start);
    row.last = Math.max(row.last, fact.time);
    this.#walked(row, outcome === Outcome.answered);
    if (outcome === Outcome.answered) return;
    row.shut++;
    if (isWaiting) row.waiting.add(door);
    else if (fact.packetsToServer <= briefPackets) row.brief++;
    if (row.networks !== undefined) row.networks.add(networkOf(fact.server));
    if (isStealthy(fact) || outcome === Outcome.bounced) row.stealthy++;
    this.#judge(row, fact, isOneHost);
  }

  /** A flow has ended whose silence was told before: when it was counted, it is known now how it went. */
  #ended(row: Row | undefined, door: number, { fact, outcome }: Knock, isOneHost: boolean): void {
    if (row === undefined || !row.waiting.delete(door)) return;
    row.last = Math.max(row.last, fact.time);
    if (outcome === Outcome.answered) {
      row.shut--;
      this.#walked(row, true);
      return;
    }
    if (fact.packetsToServer <= briefPackets) row.brief++;
    this.#judge(row, fact, isOneHost);
  }

  #walked(row: Row, isAnswered: boolean): void {
    row.walk = this.#walk.step(row.walk, isAnswered);
    // An honest host may turn: the test begins anew, what was counted stays.
    if (this.#walk.side(row.walk) < 0) row.walk = 0;
  }

  #judge(row: Row, fact: FlowFact, isOneHost: boolean): void {
    const doorsMin = fact.protocol === UDP ? this.#limits.udpDoorsMin : this.#limits.doorsMin;
    if (row.shut < Math.max(doorsMin, row.tellAt) || this.#walk.side(row.walk) < 1) return;
    if (row.shut < this.#limits.shutMin * row.doors.size || !this.#hasSubject(row, fact, doorsMin)) return;
    row.tellAt = row.shut * 4;
    this.#tell(row, fact, isOneHost, doorsMin);
  }

  /** Whether the row is one that somebody goes along, and not what a program without a way out meets. */
  #hasSubject(row: Row, fact: FlowFact, doorsMin: number): boolean {
    if (row.networks === undefined || row.shut >= denseMin * row.networks.size) return true;
    if (fact.protocol === UDP || row.shut < doorsMin * denseMin || row.brief < briefMin * row.shut) return false;
    return row.shut * MICROS_PER_SECOND >= fastPace * (row.last - row.first);
  }

  #rowOf(key: number, time: number, outcome: Outcome, isScattering: boolean): Row | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined && time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND) return known;
    if (outcome === Outcome.answered) return undefined;
    const row: Row = {
      since: time,
      first: time,
      last: time,
      walk: 0,
      shut: 0,
      stealthy: 0,
      brief: 0,
      tellAt: 0,
      doors: new Set<number>(),
      waiting: new Set<number>(),
      networks: isScattering ? new Set() : undefined,
    };
    this.#rows.renew(key, row);
    return row;
  }

  #tell(row: Row, fact: FlowFact, isOneHost: boolean, doorsMin: number): void {
    const { client, server } = fact;
    const all = row.doors.size;
    const share = row.shut / all;
    const took = duration(row.last - row.first);
    const what = isPing(fact)
      ? `pinged ${all} hosts`
      : isOther(fact)
        ? `tried ${all} protocols of IP on ${server}`
        : isOneHost
          ? `knocked at ${all} ${transportName(fact.protocol)} ports of ${server}`
          : `knocked at ${transportName(fact.protocol)} port ${fact.serverPort} of ${all} hosts`;
    const why: Reason[] = [
      {
        feature: isOther(fact) ? "protocols without an answer" : isOneHost ? "ports without an answer" : "hosts without an answer",
        value: row.shut,
        threshold: doorsMin,
        sample: all,
      },
      { feature: "share without an answer", value: share, threshold: this.#limits.shutMin, sample: all },
      { feature: "evidence for a scan against ordinary use (log-likelihood)", value: row.walk, threshold: Math.log(99), sample: all },
    ];
    if (row.stealthy > 0) why.push({ feature: "probes that open no connection", value: row.stealthy, sample: row.shut });
    this.#report({
      time: fact.time,
      number: fact.number,
      source: client,
      ...(isOneHost ? { target: server } : {}),
      title: `${client} ${what} in ${took}, ${row.shut} of them gave no answer`,
      severity: row.shut >= doorsMin * 10 && fact.clientInside ? "high" : "medium",
      score: Math.min(1, share * (0.7 + (0.3 * row.shut) / (10 * doorsMin))),
      confidence: Math.min(0.99, share),
      why,
      techniques: isOneHost ? ["T1046"] : isPing(fact) ? ["T1018", "T1595.001"] : ["T1046", "T1595.001"],
      cause: client,
    });
  }
}
