import { combine32 } from "#base/hash.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { HyperLogLog } from "#engine/stats/hyper-log-log.ts";
import { isOther, isPing, Outcome, outcomeOf, UDP } from "./attempt.ts";
import { Majority } from "./majority.ts";
import { denseMin, isSought, networkOf } from "./subject.ts";
import { duration, transportName } from "./words.ts";

export interface SlowLimits {
  readonly doorsMin: number;
  readonly shutMin: number;
  readonly windowSeconds: number;
  /** A source that fails at fewer doors in this time on average is slow. */
  readonly paceDoors: number;
  readonly paceSeconds: number;
}

/** Sources followed at once; the one whose window began first goes. */
const sourcesMax = 4_096;
/** 128 registers of a byte: distinct doors to 9 %. */
const PRECISION = 7;
/** A row or a host holds this share of the failures at least: a scan has a subject. */
const focusMin = 0.6;

/** Rows of a source's distinct counts. */
const [SHUT, OPEN, HOSTS, NETWORKS, ROWS] = [0, 1, 2, 3, 4];

interface Source {
  since: number;
  first: number;
  tellAt: number;
  readonly port: Majority;
  readonly host: Majority;
}

/**
 * Scans that take hours, too few knocks in any five minutes to stand out. Each source costs about 600 bytes however
 * many doors it tries: distinct doors are counted by HyperLogLog. A door that is tried again and again, as a dead server
 * is by its clients, counts once.
 */
export class SlowScan implements Detector {
  readonly #limits: SlowLimits;
  readonly #report: (finding: Finding) => void;
  readonly #counts: HyperLogLog;
  readonly #sources: (Source | undefined)[] = [];
  /** Place in `#sources` by hash of the address. */
  readonly #places = new Map<number, number>();
  readonly #keys = new Int32Array(sourcesMax);
  #hand = 0;

  constructor(limits: SlowLimits, report: (finding: Finding) => void, seed: number) {
    this.#limits = limits;
    this.#report = report;
    this.#counts = new HyperLogLog(PRECISION, sourcesMax * ROWS, seed);
  }

  onFlowEnd(fact: FlowFact): void {
    const outcome = outcomeOf(fact);
    // Peer-to-peer programs fail at UDP doors all day long.
    if (outcome === Outcome.none || fact.protocol === UDP || isOther(fact)) return;
    const place = this.#placeOf(fact.clientHash, fact.time, outcome);
    if (place < 0) return;
    const source = this.#sources[place] as Source;
    const port = isPing(fact) ? 0 : fact.serverPort;
    const door = combine32(fact.serverHash ^ fact.protocol, port);
    if (outcome === Outcome.answered) {
      this.#counts.add(door, place * ROWS + OPEN);
      return;
    }
    source.first = Math.min(source.first, fact.start);
    // Only what changes the count is looked at further: about each new door while they are few.
    if (!this.#counts.add(door, place * ROWS + SHUT)) return;
    this.#counts.add(fact.serverHash, place * ROWS + HOSTS);
    this.#counts.add(networkOf(fact.server), place * ROWS + NETWORKS);
    source.port.add(combine32(fact.protocol, port));
    source.host.add(fact.serverHash);
    this.#judge(source, place, fact, port);
  }

  #placeOf(address: number, time: Micros, outcome: Outcome): number {
    const known = this.#places.get(address);
    if (known !== undefined) {
      if (time - (this.#sources[known] as Source).since > this.#limits.windowSeconds * MICROS_PER_SECOND) this.#begin(known, time);
      return known;
    }
    if (outcome === Outcome.answered) return -1;
    const place = this.#hand;
    this.#hand = (this.#hand + 1) % sourcesMax;
    if (this.#sources[place] !== undefined) this.#places.delete(this.#keys[place] as number);
    this.#keys[place] = address;
    this.#places.set(address, place);
    this.#begin(place, time);
    return place;
  }

  #begin(place: number, time: number): void {
    this.#sources[place] = { since: time, first: time, tellAt: 0, port: new Majority(), host: new Majority() };
    for (let row = 0; row < ROWS; row++) this.#counts.clear(place * ROWS + row);
  }

  #judge(source: Source, place: number, fact: FlowFact, port: number): void {
    const { doorsMin, shutMin, paceDoors, paceSeconds } = this.#limits;
    const seen = source.port.total;
    if (seen < doorsMin * 0.8) return;
    const shut = this.#counts.estimate(place * ROWS + SHUT);
    if (shut < Math.max(doorsMin, source.tellAt)) return;
    const span = fact.time - source.first;
    if ((shut * paceSeconds * MICROS_PER_SECOND) / Math.max(1, span) >= paceDoors) return;
    const open = this.#counts.estimate(place * ROWS + OPEN);
    const share = shut / (shut + open);
    const isOneHost = source.host.share >= focusMin;
    if (share < shutMin || (!isOneHost && source.port.share < focusMin)) return;
    const hosts = this.#counts.estimate(place * ROWS + HOSTS);
    const isDense = hosts >= denseMin * this.#counts.estimate(place * ROWS + NETWORKS);
    if (!isOneHost && !isDense && !isSought(fact.protocol, port)) return;
    source.tellAt = shut * 2;
    const all = Math.round(shut + open);
    const { client, server } = fact;
    const row = isPing(fact) ? "pinged" : `knocked at ${transportName(fact.protocol)} port ${port} of`;
    const what = isOneHost ? `knocked at about ${Math.round(shut)} ports of ${server}` : `${row} about ${Math.round(hosts)} hosts`;
    this.#report({
      time: fact.time,
      number: fact.number,
      source: client,
      ...(isOneHost ? { target: server } : {}),
      title: `${client} ${what} over ${duration(span)}, slowly, and ${Math.round(100 * share)} % gave no answer`,
      severity: "medium",
      score: Math.min(1, share * 0.9),
      why: [
        { feature: "distinct doors without an answer", value: shut, threshold: doorsMin, sample: all },
        { feature: "share without an answer", value: share, threshold: shutMin, sample: all },
        {
          feature: "share at the same port or host",
          value: Math.max(source.host.share, source.port.share),
          threshold: focusMin,
          sample: seen,
        },
        { feature: "doors an hour", value: (shut * 3600 * MICROS_PER_SECOND) / span },
      ],
      cause: client,
    });
  }
}
