import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, NeighbourFact } from "#contract/detector.ts";

export interface RouterLimits {
  /** Routers that announce themselves within ten seconds and make a flood. */
  readonly floodMin: number;
  /** Time for which the known routers have been alone before a new one is told, s. */
  readonly settledSeconds: number;
}

/** Routers that are remembered on one VLAN; further ones only count towards a flood. */
const routersMax = 256;
const vlansMax = 256;
const floodUs = 10 * MICROS_PER_SECOND;

interface Link {
  readonly routers: Map<string, number>;
  /** When the last new router came. */
  settled: number;
  burst: number;
  burstFrom: number;
}

/**
 * IPv6 routers that announce themselves: a flood of made-up ones is an attack; a new one beside routers that have long
 * been alone is told as an observation, as it may be a machine that shares its connection, or a second router.
 */
export class RogueRouter implements Detector {
  readonly #limits: RouterLimits;
  readonly #report: (finding: Finding) => void;
  readonly #links = new Map<number, Link>();

  constructor(limits: RouterLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onNeighbour(fact: NeighbourFact): void {
    if (fact.message !== "router-advertisement") return;
    let link = this.#links.get(fact.vlan);
    if (link === undefined) {
      if (this.#links.size >= vlansMax) return;
      link = { routers: new Map(), settled: fact.time, burst: 0, burstFrom: fact.time };
      this.#links.set(fact.vlan, link);
    }
    const { sender } = fact;
    if (link.routers.has(sender)) {
      link.routers.set(sender, fact.time);
      return;
    }
    if (fact.time - link.burstFrom > floodUs) Object.assign(link, { burst: 0, burstFrom: fact.time });
    link.burst++;
    if (link.burst === this.#limits.floodMin) this.#flood(link, fact);
    else if (link.burst < this.#limits.floodMin && link.routers.size > 0) this.#newcomer(link, fact);
    link.settled = fact.time;
    if (link.routers.size < routersMax) link.routers.set(sender, fact.time);
  }

  #flood(link: Link, fact: NeighbourFact): void {
    const seconds = (fact.time - link.burstFrom) / MICROS_PER_SECOND;
    this.#report({
      time: fact.time,
      number: fact.number,
      source: fact.sender,
      title: `${link.burst} IPv6 routers have announced themselves within ${seconds.toFixed(1)} s: they are made up`,
      severity: "high",
      score: 0.95,
      why: [{ feature: "new routers within 10 s", value: link.burst, threshold: this.#limits.floodMin }],
      cause: `router flood ${fact.vlan}`,
    });
  }

  #newcomer(link: Link, fact: NeighbourFact): void {
    const alone = Math.round((fact.time - link.settled) / MICROS_PER_SECOND);
    if (alone < this.#limits.settledSeconds) return;
    this.#report({
      time: fact.time,
      number: fact.number,
      source: fact.sender,
      title: `A new IPv6 router announces itself: ${fact.sender} (${fact.senderMac}), beside ${link.routers.size} that were alone for ${alone} s`,
      category: "observation",
      severity: "low",
      score: 0.4,
      why: [
        { feature: "routers known before", value: link.routers.size },
        { feature: "seconds without a new one", value: alone, threshold: this.#limits.settledSeconds },
      ],
      cause: `router ${fact.sender} ${fact.vlan}`,
    });
  }
}
