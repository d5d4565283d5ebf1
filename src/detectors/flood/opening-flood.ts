import { combine32, mix32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact, Reason } from "#contract/detector.ts";
import { floodKinds, isBare, Kind, kindOf, TCP, UDP } from "./kinds.ts";
import { Openings } from "./openings.ts";
import { Suspects } from "./suspects.ts";

/** Targets with a state of their own at once, 3 KB each; the one that got it first goes. */
const targetsMax = 1_024;
/** A target is looked at once it has this share of the floor in a second. */
const suspectShare = 0.1;
/** What answers more of its latest openings than it leaves unanswered is not flooded. */
const shutMin = 0.5;
const targetSeconds = 600;
/** One cell of the spread holds this much: one port, or one source. */
const focusMin = 0.8;
/** At most so many sources are the work of one machine, not of a crowd or of forged addresses. */
const fewSources = 3;
/** Share of the floor that is enough in a tenth of a second; a burst of SYNs may be a browser's, so they have no such rule. */
const burstShare = 0.25;
const flowNames = ["connections", "new datagram flows", "new pings", "stray segments", "flows of other protocols"];

/** A target that is looked at, with the texts for its title: at the end of the capture there is no fact to ask. */
interface Target {
  readonly since: number;
  readonly kind: Kind;
  readonly openings: Openings;
  readonly server: string;
  client: string;
  port: number;
  time: Micros;
  number: number;
}

/**
 * Floods of openings: SYNs whose handshake is never completed, datagrams and pings that each begin a flow of their own,
 * stray segments of connections that never were. A target is judged by what it answers: a crowd of real clients is
 * answered as fast as it comes. Sources are named only when they are few; forged ones accuse the wrong.
 */
export class OpeningFlood implements Detector {
  /** Unanswered openings a second at one target, by kind, below which nothing is a flood. */
  readonly #floors: readonly number[];
  readonly #report: (finding: Finding) => void;
  readonly #suspects = floodKinds.map(() => new Suspects());
  readonly #targets = new OldestFirstMap<number, Target>(targetsMax);
  /** Targets whose periods may be over without a further packet. */
  readonly #hot = new Set<Target>();

  constructor(floors: readonly number[], report: (finding: Finding) => void) {
    this.#floors = floors;
    this.#report = report;
  }

  onFlow(fact: FlowFact): void {
    const kind = kindOf(fact);
    if (kind === Kind.none) return;
    const floor = this.#floors[kind] as number;
    const count = (this.#suspects[kind] as Suspects).count(fact.serverHash, fact.time);
    if (count < floor * suspectShare) return;
    const key = combine32(fact.serverHash, kind);
    const target = this.#targets.get(key) ?? this.#begin(key, kind, floor, fact);
    this.#hot.add(target);
    const { openings } = target;
    // Connections that were open before the capture began are stray too, but they carry something.
    if (kind === Kind.stray && !isBare(fact)) openings.answer(fact.time);
    target.port = fact.serverPort;
    target.time = fact.time;
    target.number = fact.number;
    const isFlood = openings.open({
      time: fact.time,
      source: fact.clientHash,
      port: mix32(fact.serverPort),
      isBare: isBare(fact),
    });
    if (isFlood) this.#judge(target, fact.client);
  }

  onFlowEstablished(fact: FlowFact): void {
    // Pings are answered by the flooded host, too; stray segments are judged by their size.
    if (fact.protocol !== TCP && fact.protocol !== UDP) return;
    this.#targets.get(combine32(fact.serverHash, fact.protocol === TCP ? Kind.syn : Kind.udp))?.openings.answer(fact.start);
  }

  onTick(time: Micros): void {
    for (const target of this.#hot) {
      if (target.openings.advance(time)) this.#judge(target, target.client);
      if (target.openings.isQuiet) this.#hot.delete(target);
    }
    const end = time - targetSeconds * MICROS_PER_SECOND;
    this.#targets.expire(({ since }) => since < end);
  }

  onEnd(): void {
    for (const target of this.#hot) if (target.openings.finish()) this.#judge(target, target.client);
  }

  #begin(key: number, kind: Kind, floor: number, fact: FlowFact): Target {
    const { time, number, client, server, serverPort } = fact;
    const openings = new Openings(time, floor, kind === Kind.syn ? floor : floor * burstShare);
    const target = { since: time, kind, openings, server, client, port: serverPort, time, number };
    this.#targets.renew(key, target);
    return target;
  }

  #judge(target: Target, client: string): void {
    const { openings } = target;
    if (openings.unanswered < openings.tellAt) return;
    const sources = openings.distinct.estimate();
    const isFew = sources <= fewSources;
    const isFocused = openings.ports.peak >= focusMin;
    // Few sources that go from port to port scan.
    if ((isFew && !isFocused) || openings.shutShare < shutMin) return;
    openings.tellAt = openings.unanswered * 4;
    this.#tell(target, client, sources, isFocused);
  }

  #tell(target: Target, client: string, sources: number, isFocused: boolean): void {
    const { openings, kind, server } = target;
    const { unanswered, all, floor } = openings;
    const isFew = sources <= fewSources;
    const seen = openings.sources.total;
    const why: Reason[] = [
      { feature: "unanswered openings in a second", value: unanswered, threshold: floor, sample: all },
      { feature: "excess over what is usual, added up (CUSUM)", value: openings.sum, threshold: openings.sumMin, sample: all },
      { feature: "answered openings in a usual second", value: openings.usual },
      { feature: "distinct sources", value: Math.round(sources), sample: seen },
      { feature: "evenness of source addresses (entropy)", value: openings.sources.evenness, sample: seen },
      { feature: "evenness of ports (entropy)", value: openings.ports.evenness, sample: seen },
    ];
    if (kind === Kind.syn) why.push({ feature: "share of SYNs without options", value: openings.bare / seen, sample: seen });
    const hasPorts = kind === Kind.syn || kind === Kind.udp || kind === Kind.stray;
    const where = !hasPorts ? server : isFocused ? `${server} port ${target.port}` : `many ports of ${server}`;
    const who = isFew ? client : `about ${Math.round(sources)} sources`;
    this.#report({
      time: target.time,
      number: target.number,
      ...(isFew ? { source: client } : {}),
      target: server,
      title: `${floodKinds[kind]} flood on ${where}: ${all} ${flowNames[kind]} in a second by ${who}, ${unanswered} without an answer`,
      severity: "high",
      score: Math.min(1, 0.6 + 0.1 * Math.max(0, Math.log10(unanswered / floor)) + 0.2 * (unanswered / all)),
      confidence: kind === Kind.syn && openings.bare < seen / 2 ? 0.7 : 0.9,
      why,
      techniques: [kind === Kind.syn ? "T1499.001" : "T1498.001"],
      cause: `${floodKinds[kind]} ${server}`,
    });
  }
}
