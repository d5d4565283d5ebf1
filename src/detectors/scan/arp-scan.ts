import { parseAddress } from "#base/address.ts";
import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, NeighbourFact } from "#contract/detector.ts";
import { duration } from "./words.ts";

export interface ArpLimits {
  /** Distinct addresses of one network of 256 that a host asks for. */
  readonly addressesMin: number;
  /** Share of the addresses between the lowest and the highest that it asks for. */
  readonly densityMin: number;
  readonly windowSeconds: number;
}

/** Pairs of a host and a network of 256 addresses that are followed at once; the one that began first goes. */
const sweepsMax = 2_000;
const NETWORK_WORDS = 8;
/** Share of the addresses asked for that answers, where the answers are seen, above which it is no search. */
const answeredMax = 0.6;

interface Sweep {
  readonly since: number;
  /** A bit for each address of the network. */
  readonly asked: Uint32Array;
  readonly answering: Uint32Array;
  answered: number;
  count: number;
  lowest: number;
  highest: number;
  tellAt: number;
}

/**
 * A host that asks for the MAC addresses of a whole network, one address after the other. What tells it from a busy
 * router is how close the addresses lie: a router asks for those that its traffic is for, here and there in the range.
 */
export class ArpScan implements Detector {
  readonly #limits: ArpLimits;
  readonly #report: (finding: Finding) => void;
  readonly #sweeps = new OldestFirstMap<number, Sweep>(sweepsMax);

  constructor(limits: ArpLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onNeighbour(fact: NeighbourFact): void {
    // Probes for an address of one's own (RFC 5227) and announcements ask for nobody else.
    if (fact.senderHash === fact.targetHash) return;
    if (fact.message === "arp-reply") this.#answer(fact);
    if (fact.message !== "arp-request") return;
    const word = parseAddress(fact.target)?.words[0] ?? 0;
    const sweep = this.#sweepOf(combine32(fact.senderHash, word >>> 8) ^ fact.vlan, fact.time);
    const number = word & 0xff;
    if (!mark(sweep.asked, number)) return;
    sweep.count++;
    sweep.lowest = Math.min(sweep.lowest, number);
    sweep.highest = Math.max(sweep.highest, number);
    if (sweep.count < Math.max(this.#limits.addressesMin, sweep.tellAt)) return;
    const density = sweep.count / (sweep.highest - sweep.lowest + 1);
    if (density < this.#limits.densityMin || sweep.answered > sweep.count * answeredMax) return;
    sweep.tellAt = sweep.count * 2;
    this.#tell(sweep, density, fact);
  }

  /** Who asks only for neighbours that are there has a reason to. */
  #answer(fact: NeighbourFact): void {
    const word = parseAddress(fact.sender)?.words[0] ?? 0;
    const sweep = this.#sweeps.get(combine32(fact.targetHash, word >>> 8) ^ fact.vlan);
    if (sweep !== undefined && mark(sweep.answering, word & 0xff)) sweep.answered++;
  }

  onTick(time: Micros): void {
    const end = time - this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#sweeps.expire(({ since }) => since < end);
  }

  #sweepOf(key: number, time: number): Sweep {
    const known = this.#sweeps.get(key);
    if (known !== undefined && time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND) return known;
    const sweep = {
      since: time,
      asked: new Uint32Array(NETWORK_WORDS),
      answering: new Uint32Array(NETWORK_WORDS),
      answered: 0,
      count: 0,
      lowest: 255,
      highest: 0,
      tellAt: 0,
    };
    this.#sweeps.renew(key, sweep);
    return sweep;
  }

  #tell(sweep: Sweep, density: number, fact: NeighbourFact): void {
    const { sender, target, senderMac } = fact;
    // Who has no address yet probes with 0.0.0.0: the MAC address says who it is.
    const who = sender === "0.0.0.0" ? senderMac : sender;
    const network = target.replace(/\d+$/, "0/24");
    this.#report({
      time: fact.time,
      number: fact.number,
      ...(sender === "0.0.0.0" ? {} : { source: sender }),
      title: `${who} asked by ARP for ${sweep.count} addresses of ${network} in ${duration(fact.time - sweep.since)}`,
      severity: "medium",
      score: Math.min(1, 0.6 + (0.4 * sweep.count) / 254),
      confidence: density * 0.9,
      why: [
        { feature: "distinct addresses asked for", value: sweep.count, threshold: this.#limits.addressesMin },
        { feature: "share of the range asked for", value: density, threshold: this.#limits.densityMin, sample: sweep.count },
        { feature: "MAC address", value: senderMac },
      ],
      cause: `${who} ${network}`,
    });
  }
}

/** Sets the bit of an address; false when it was set before. */
function mark(bits: Uint32Array, number: number): boolean {
  const at = number >>> 5;
  const bit = 1 << (number & 31);
  if (((bits[at] as number) & bit) !== 0) return false;
  bits[at] = (bits[at] as number) | bit;
  return true;
}
