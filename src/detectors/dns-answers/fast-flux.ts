import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { RegisteredDomains } from "#engine/names/registered-domain.ts";
import { addressesOf, ipv4Word, isAnswer, reachOf } from "./addresses.ts";

export interface FluxLimits {
  readonly addressesMin: number;
  /** Networks of 65,536 addresses. */
  readonly networksMin: number;
  /** Blocks of 16 million addresses, which registries hand out to different regions and firms. */
  readonly blocksMin: number;
  /** Answers that brought an address in a network not seen before. */
  readonly changesMin: number;
  readonly ttlSecondsMax: number;
  readonly windowSeconds: number;
}

/** Names followed at once; the one whose window is oldest goes first. */
const namesMax = 8192;
const splitMax = 8192;
/** Addresses remembered of a name. */
const addressesMax = 512;

/** Addresses that a name had within a window. */
class Flux {
  readonly since: Micros;
  readonly addresses = new Set<number>();
  readonly networks = new Set<number>();
  readonly blocks = new Set<number>();
  answers = 0;
  /** Answers after the first with a network not seen before. */
  changes = 0;
  ttl = Infinity;
  tellAt: number;

  constructor(since: Micros, tellAt: number) {
    this.since = since;
    this.tellAt = tellAt;
  }
}

/**
 * Names whose addresses change all the time among machines that have nothing to do with each other: a master hidden behind
 * machines that were taken over. Delivery networks change addresses too, but within the networks that they rent.
 */
export class FastFlux implements Detector {
  readonly #limits: FluxLimits;
  readonly #report: (finding: Finding) => void;
  readonly #domains = new RegisteredDomains(splitMax);
  readonly #names = new OldestFirstMap<string, Flux>(namesMax);

  constructor(limits: FluxLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (!isAnswer(fact)) return;
    const answer = addressesOf(fact);
    if (answer === undefined || answer.ttl > this.#limits.ttlSecondsMax) return;
    const flux = this.#fluxOf(answer.owner, fact.time);
    if (flux.addresses.size >= addressesMax) return;
    this.#add(flux, answer.addresses, answer.ttl);
    this.#judge(flux, answer.owner, fact);
  }

  onTick(time: Micros): void {
    this.#names.expire((flux) => this.#isOver(flux, time));
  }

  #isOver({ since }: Flux, time: Micros): boolean {
    return time - since > this.#limits.windowSeconds * MICROS_PER_SECOND;
  }

  #fluxOf(name: string, time: Micros): Flux {
    const known = this.#names.get(name);
    if (known !== undefined && !this.#isOver(known, time)) return known;
    const flux = new Flux(time, this.#limits.addressesMin);
    this.#names.renew(name, flux);
    return flux;
  }

  #add(flux: Flux, addresses: readonly string[], ttl: number): void {
    const before = flux.networks.size;
    for (const address of addresses) {
      const word = ipv4Word(address);
      if (word === undefined || reachOf(address) !== "public") continue;
      flux.addresses.add(word);
      flux.networks.add(word >>> 16);
      flux.blocks.add(word >>> 24);
    }
    if (flux.answers > 0 && flux.networks.size > before) flux.changes++;
    flux.answers++;
    flux.ttl = Math.min(flux.ttl, ttl);
  }

  #judge(flux: Flux, name: string, fact: TransactionFact): void {
    const { networksMin, blocksMin, changesMin } = this.#limits;
    const { addresses, networks, blocks, changes, answers, ttl } = flux;
    if (addresses.size < flux.tellAt || networks.size < networksMin || blocks.size < blocksMin || changes < changesMin) return;
    flux.tellAt = addresses.size * 2;
    if (isPool(this.#domains.split(name)?.domain ?? name, name)) return;
    const minutes = Math.max(1, Math.round((fact.time - flux.since) / MICROS_PER_SECOND / 60));
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: fact.client,
      cause: name,
      title: `${name} had ${addresses.size} addresses in ${networks.size} networks within ${minutes} min, new ones in ${changes} of ${answers} answers`,
      severity: "high",
      score: Math.min(0.95, 0.6 + 0.35 * (networks.size / addresses.size)),
      why: [
        { feature: "addresses", value: addresses.size, threshold: this.#limits.addressesMin, sample: answers },
        { feature: "networks (/16)", value: networks.size, threshold: networksMin, sample: addresses.size },
        { feature: "blocks (/8)", value: blocks.size, threshold: blocksMin, sample: addresses.size },
        { feature: "answers that brought a new network", value: changes, threshold: changesMin, sample: answers },
        { feature: "shortest time to live, s", value: ttl, threshold: this.#limits.ttlSecondsMax },
      ],
    });
  }
}

/** Names under which volunteers' machines stand together, and clouds whose services are spread over all their networks. */
function isPool(domain: string, name: string): boolean {
  return pools.has(domain) || /(^|\.)(dns)?seed(s|er)?[.-]/.test(name) || /(^|\.)pool\./.test(name);
}

const pools: ReadonlySet<string> = new Set(
  "ntp.org amazonaws.com cloudfront.net akamai.net akamaiedge.net akadns.net azure.com azurefd.net trafficmanager.net windows.net cloudapp.net"
    .concat(" msedge.net googleusercontent.com google.com googleapis.com fastly.net edgekey.net edgesuite.net torproject.org apple-dns.net")
    .split(" "),
);
