import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, NeighbourFact } from "#contract/detector.ts";
import { isSharedMac } from "./shared-mac.ts";

export interface ClaimLimits {
  /** Changes of an address from one machine to another and back that make a finding. */
  readonly changesMin: number;
  /** Time in which they are counted, s. */
  readonly windowSeconds: number;
}

/** Addresses whose owners are remembered; the one that was claimed longest ago goes first. */
const addressesMax = 20_000;

/** Who has claimed one address. */
interface Claim {
  owner: string;
  before: string;
  since: number;
  last: number;
  changes: number;
  /** When the count of changes began. */
  from: number;
}

/**
 * Two machines that claim one address by turns, in ARP or in advertisements of IPv6 neighbours: one of them poisons
 * the others' tables. A machine that takes an address over for good (a new card, a failover, a lease of DHCP) changes it
 * once and is not told; nor are the MAC addresses that routers share on purpose.
 */
export class Claims implements Detector {
  readonly #limits: ClaimLimits;
  readonly #report: (finding: Finding) => void;
  /** By address and VLAN, in the order of their last claim. */
  readonly #claims = new OldestFirstMap<number, Claim>(addressesMax);

  constructor(limits: ClaimLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onNeighbour(fact: NeighbourFact): void {
    // A probe asks with no address of its own (RFC 5227).
    if (fact.message === "router-advertisement" || fact.sender === "0.0.0.0") return;
    const { senderMac } = fact;
    if (isSharedMac(senderMac)) return;
    const key = fact.senderHash * 4096 + fact.vlan;
    const known = this.#claims.get(key);
    if (known === undefined) {
      this.#claims.set(key, { owner: senderMac, before: "", since: fact.time, last: fact.time, changes: 0, from: fact.time });
      return;
    }
    this.#claims.renew(key, known);
    known.last = fact.time;
    if (known.owner === senderMac) return;
    this.#change(known, senderMac, fact);
  }

  #change(claim: Claim, mac: string, fact: NeighbourFact): void {
    const { changesMin, windowSeconds } = this.#limits;
    if (fact.time - claim.from > windowSeconds * MICROS_PER_SECOND) {
      claim.changes = 0;
      claim.from = fact.time;
    }
    // A third machine is a new story: only going back and forth counts on.
    claim.changes = mac === claim.before || claim.changes === 0 ? claim.changes + 1 : 1;
    claim.before = claim.owner;
    claim.owner = mac;
    claim.since = fact.time;
    if (claim.changes < changesMin) return;
    const seconds = Math.max(1, Math.round((fact.time - claim.from) / MICROS_PER_SECOND));
    this.#report({
      time: fact.time,
      number: fact.number,
      source: fact.sender,
      title: `${claim.before} and ${mac} claim the address ${fact.sender} by turns: ${claim.changes} changes in ${seconds} s`,
      severity: "high",
      score: Math.min(1, 0.6 + claim.changes / 20),
      why: [
        { feature: "changes of the address's owner", value: claim.changes, threshold: changesMin },
        { feature: "time", value: `${seconds} s` },
        { feature: "message", value: fact.message },
        { feature: "MAC addresses", value: `${claim.before} ${mac}` },
      ],
      cause: `claims ${fact.sender} ${fact.vlan}`,
    });
  }
}
