import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, FlowFact, NeighbourFact } from "#contract/detector.ts";
import { isSharedMac } from "./shared-mac.ts";

export interface NextHopLimits {
  /** Flows to the outside over the first router, and over the second, that make a finding. */
  readonly flowsMin: number;
  /** Time between the claim of an address and the first flow over who claimed it, s. */
  readonly claimSeconds: number;
}

/** Machines whose router is remembered; the one that was silent for longest goes first. */
const machinesMax = 10_000;
const claimsMax = 10_000;

/** Where a machine sends what goes outside. */
interface Path {
  router: string;
  flows: number;
  rival: string;
  rivalFlows: number;
  rivalSince: number;
}

interface Claimed {
  readonly address: string;
  readonly time: number;
  readonly number: number;
}

/**
 * A machine whose way out went over one MAC address, and goes over another right after that one has claimed an address
 * of the network without being asked: its traffic is led through a third party. Two routers that are used side by side,
 * and a router that is replaced without a claim, are not told.
 */
export class NextHop implements Detector {
  readonly #limits: NextHopLimits;
  readonly #report: (finding: Finding) => void;
  /** By the machine's MAC address, in the order of their last flow. */
  readonly #paths = new OldestFirstMap<string, Path>(machinesMax);
  /** Last claim of each MAC address that nobody had asked for. */
  readonly #claims = new OldestFirstMap<string, Claimed>(claimsMax);
  /** When somebody asked for an address. */
  readonly #asked = new OldestFirstMap<number, number>(claimsMax);

  constructor(limits: NextHopLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onNeighbour(fact: NeighbourFact): void {
    if (fact.message === "router-advertisement" || fact.sender === "0.0.0.0") return;
    if (fact.message === "arp-request") {
      this.#asked.renew(fact.targetHash, fact.time);
      return;
    }
    const asked = this.#asked.get(fact.senderHash);
    if (asked !== undefined && fact.time - asked <= 5 * MICROS_PER_SECOND) return;
    if (isSharedMac(fact.senderMac)) return;
    this.#claims.renew(fact.senderMac, { address: fact.sender, time: fact.time, number: fact.number });
  }

  onFlow(fact: FlowFact): void {
    if (!fact.clientInside || fact.serverInside || fact.serverIsGroup) return;
    const { clientMac, serverMac } = fact;
    if (clientMac === "" || serverMac === "") return;
    const path = this.#paths.get(clientMac) ?? { router: serverMac, flows: 0, rival: "", rivalFlows: 0, rivalSince: 0 };
    this.#paths.renew(clientMac, path);
    if (serverMac === path.router) {
      path.flows++;
      // Both ways are in use: no takeover.
      path.rivalFlows = 0;
      return;
    }
    if (serverMac === path.rival) path.rivalFlows++;
    else Object.assign(path, { rival: serverMac, rivalFlows: 1, rivalSince: fact.time });
    this.#judge(path, fact);
  }

  #judge(path: Path, fact: FlowFact): void {
    const { flowsMin, claimSeconds } = this.#limits;
    if (path.rivalFlows < flowsMin) return;
    const claim = this.#claims.get(path.rival);
    const isClaimed =
      claim !== undefined && claim.time <= path.rivalSince && path.rivalSince - claim.time <= claimSeconds * MICROS_PER_SECOND;
    if (path.flows >= flowsMin && isClaimed)
      this.#report({
        time: fact.time,
        number: fact.number,
        flowId: fact.flowId,
        source: claim.address,
        target: fact.client,
        title: `The traffic of ${fact.client} goes through ${path.rival} since that machine claimed ${claim.address} without being asked`,
        severity: "high",
        score: 0.9,
        why: [
          { feature: "flows to the outside over the former router", value: path.flows, threshold: flowsMin },
          { feature: "flows to the outside over the machine that claimed its address", value: path.rivalFlows, threshold: flowsMin },
          {
            feature: "seconds between claim and first flow",
            value: Math.round((path.rivalSince - claim.time) / 1e4) / 100,
            threshold: claimSeconds,
          },
          { feature: "former router", value: path.router },
          { feature: "packet of the claim", value: claim.number },
        ],
        cause: `next hop ${path.rival}`,
      });
    // From now on that is the way out.
    Object.assign(path, { router: path.rival, flows: path.rivalFlows, rival: "", rivalFlows: 0 });
  }
}
