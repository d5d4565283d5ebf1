import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { RegisteredDomains } from "#engine/names/registered-domain.ts";
import { textKey } from "#engine/stats/key.ts";
import { type AddressAnswer, addressesOf, isAnswer, type Reach, reachOf } from "./addresses.ts";

export interface RebindingLimits {
  /** Longest time to live of both answers. */
  readonly ttlSecondsMax: number;
  /** Longest time between the two answers. */
  readonly gapSecondsMax: number;
  /** Domains that one server turns inward at once, as the gate of a network does before one has logged in. */
  readonly gateDomainsMin: number;
}

/** Pairs of client and name with a short-lived public address, remembered at once; the oldest goes first. */
const namesMax = 16_384;
const splitMax = 8192;
/** Turns that wait for what else their server turns; more are dropped. */
const waitingMax = 256;
const waitMicros = 30 * MICROS_PER_SECOND;

interface Known {
  time: Micros;
  reach: Reach;
  address: string;
  /** How often it turned from public to loopback: lists against advertisements do so once. */
  turns: number;
}

interface Waiting {
  readonly since: Micros;
  readonly serverHash: number;
  readonly domain: string;
  readonly finding: Finding;
}

/**
 * Names that lead out at first and into the network at once after: a page loaded from the first address may then talk to
 * the second, as the browser takes both for one site. The same server must have told the same client both.
 */
export class Rebinding implements Detector {
  readonly #limits: RebindingLimits;
  readonly #report: (finding: Finding) => void;
  readonly #domains = new RegisteredDomains(splitMax);
  readonly #names = new OldestFirstMap<number, Known>(namesMax);
  readonly #waiting: Waiting[] = [];

  constructor(limits: RebindingLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (!isAnswer(fact)) return;
    const answer = addressesOf(fact);
    if (answer === undefined) return;
    const reach = reachOf(answer.addresses[0] as string);
    if (reach === "nowhere" || answer.ttl > this.#limits.ttlSecondsMax) return;
    const key = textKey(answer.name, combine32(combine32(fact.clientHash, fact.serverHash), answer.isIpv6 ? 6 : 4));
    const known = this.#names.get(key);
    if (known !== undefined) this.#turn(known, answer, reach, fact);
    else if (reach === "public") this.#remember(key, answer, reach, fact.time);
  }

  onTick(time: Micros): void {
    while (this.#waiting.length > 0 && time - (this.#waiting[0] as Waiting).since >= waitMicros) this.#release();
    this.#names.expire((known) => time - known.time > this.#limits.gapSecondsMax * MICROS_PER_SECOND);
  }

  onEnd(): void {
    while (this.#waiting.length > 0) this.#release();
  }

  #remember(key: number, { addresses }: AddressAnswer, reach: Reach, time: Micros): void {
    this.#names.set(key, { time, reach, address: addresses[0] as string, turns: 0 });
  }

  #turn(known: Known, { name, addresses, ttl }: AddressAnswer, reach: Reach, fact: TransactionFact): void {
    const from = known.address;
    const gap = fact.time - known.time;
    const turned = known.reach === "public" && reach !== "public" && gap <= this.#limits.gapSecondsMax * MICROS_PER_SECOND;
    known.time = fact.time;
    known.reach = reach;
    known.address = addresses[0] as string;
    if (!turned) return;
    known.turns++;
    if (reach === "loopback" && known.turns < 2) return;
    const domain = this.#domains.split(name);
    if (this.#waiting.length >= waitingMax || domain === undefined || !domain.isListed) return;
    const seconds = Math.max(1, Math.round(gap / MICROS_PER_SECOND));
    this.#waiting.push({
      since: fact.time,
      serverHash: fact.serverHash,
      domain: domain.domain,
      finding: {
        time: fact.time,
        number: fact.number,
        flowId: fact.flowId,
        source: fact.client,
        target: known.address,
        cause: `${fact.client} ${name}`,
        title: `${name} led ${fact.client} to ${from} and ${seconds} s later into the network, to ${known.address}`,
        severity: "high",
        score: 0.8,
        why: [
          { feature: "address at first", value: from },
          { feature: "address after", value: known.address },
          { feature: "seconds between", value: seconds, threshold: this.#limits.gapSecondsMax },
          { feature: "time to live, s", value: ttl, threshold: this.#limits.ttlSecondsMax },
        ],
      },
    });
  }

  /** Tells the turn that waited longest, unless its server turned many domains. */
  #release(): void {
    const first = this.#waiting[0] as Waiting;
    const domains = new Set<string>();
    for (const { serverHash, domain } of this.#waiting) if (serverHash === first.serverHash) domains.add(domain);
    const gate = domains.size >= this.#limits.gateDomainsMin;
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const one = this.#waiting[i] as Waiting;
      if (one === first || (gate && one.serverHash === first.serverHash)) this.#waiting.splice(i, 1);
    }
    if (!gate) this.#report(first.finding);
  }
}
