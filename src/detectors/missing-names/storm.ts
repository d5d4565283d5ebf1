import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { judgeName } from "#engine/names/dga-score.ts";
import { RegisteredDomains } from "#engine/names/registered-domain.ts";
import { textKey } from "#engine/stats/key.ts";
import { answeredOf } from "./missing.ts";

export interface StormLimits {
  /** Different names below one domain that do not exist, within the window. */
  readonly namesMin: number;
  readonly windowSeconds: number;
}

/** Domains followed at once; the one whose window is oldest goes first. */
const stormsMax = 2048;
const namesMax = 16_384;
/** Clients that are told apart. */
const clientsMax = 64;
/** First labels that are looked at, and the share of made-up ones that makes a flood of random names. */
const looksMax = 100;
const randomShareMin = 0.6;
const randomScoreMin = 0.5;
/** Clients from which on it is nobody's own mistake. */
const manyClients = 5;

/** Missing names of one domain within a window. */
class Storm {
  readonly since: Micros;
  readonly names = new Set<number>();
  readonly clients = new Set<number>();
  looked = 0;
  random = 0;
  answered = 0;
  isTold = false;

  constructor(since: Micros) {
    this.since = since;
  }
}

/**
 * Many names below one domain that do not exist. Random ones wear out the domain's servers, as each must be asked for
 * (pseudo-random subdomain attack); words are tried by whoever wants to know a domain's hosts. Search lists that are
 * put behind every name (`www.example.com.corp.example`) are told apart by the suffix inside the name.
 */
export class NxdomainStorm implements Detector {
  readonly #limits: StormLimits;
  readonly #report: (finding: Finding) => void;
  readonly #domains = new RegisteredDomains(namesMax);
  readonly #storms = new OldestFirstMap<string, Storm>(stormsMax);

  constructor(limits: StormLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const answered = answeredOf(fact, this.#domains);
    if (answered === undefined) return;
    const { domain, subdomain, owned } = answered.domain;
    if (subdomain === "") return;
    const key = owned.length > domain.length && subdomain.length > owned.length - domain.length ? owned : domain;
    const known = this.#storms.get(key);
    if (answered.rcode !== "NXDOMAIN" && answered.rcode !== "SERVFAIL") {
      if (known !== undefined && answered.hasRecords) known.answered++;
      return;
    }
    if (isPlain(subdomain)) return;
    const storm = known !== undefined && !this.#isOver(known, fact.time) ? known : this.#begin(key, fact.time);
    this.#add(storm, subdomain, key, fact);
  }

  onTick(time: Micros): void {
    this.#storms.expire((storm) => this.#isOver(storm, time));
  }

  #isOver({ since }: Storm, time: Micros): boolean {
    return time - since > this.#limits.windowSeconds * MICROS_PER_SECOND;
  }

  #begin(key: string, time: Micros): Storm {
    const storm = new Storm(time);
    this.#storms.renew(key, storm);
    return storm;
  }

  #add(storm: Storm, subdomain: string, domain: string, fact: TransactionFact): void {
    const { namesMin } = this.#limits;
    if (storm.isTold || storm.names.size >= namesMin * 2) return;
    const name = textKey(subdomain);
    if (storm.names.has(name)) return;
    storm.names.add(name);
    if (storm.clients.size < clientsMax) storm.clients.add(fact.clientHash);
    if (storm.looked < looksMax && storm.names.size % 2 === 0) {
      storm.looked++;
      const label = subdomain.slice(0, subdomain.includes(".") ? subdomain.indexOf(".") : undefined);
      if ((judgeName({ label, suffix: "com" })?.score ?? 0) >= randomScoreMin) storm.random++;
    }
    if (storm.names.size < namesMin || storm.answered > storm.names.size) return;
    storm.isTold = true;
    this.#tell(storm, domain, fact);
  }

  #tell(storm: Storm, domain: string, fact: TransactionFact): void {
    const isRandom = storm.random >= randomShareMin * storm.looked;
    const isMany = storm.clients.size >= manyClients;
    const seconds = Math.max(1, Math.round((fact.time - storm.since) / MICROS_PER_SECOND));
    const who = isMany ? `${storm.clients.size} clients` : fact.client;
    const kind = isRandom ? "random names" : "names";
    const what = isRandom ? flood : isMany ? noise : search;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      ...(isMany ? {} : { source: fact.client }),
      target: fact.server,
      cause: domain,
      title: `${who} asked for ${storm.names.size} ${kind} of ${domain} that do not exist within ${seconds} s`,
      ...what,
      score: isRandom ? Math.min(0.95, 0.6 + 0.3 * (storm.random / storm.looked)) : 0.6,
      why: [
        { feature: "different names that do not exist", value: storm.names.size, threshold: this.#limits.namesMin },
        {
          feature: "share of first labels that are made up",
          value: storm.random / Math.max(1, storm.looked),
          threshold: randomShareMin,
          sample: storm.looked,
        },
        { feature: "clients that asked", value: storm.clients.size, sample: storm.names.size },
      ],
    });
  }
}

const flood = { category: "flood", severity: "high", techniques: ["T1498", "T1499.002"] } as const;
const search = { category: "scan", severity: "medium", techniques: ["T1590.002"] } as const;
const noise = { category: "observation", severity: "low", techniques: [] } as const;

/** Parts of addresses, names of services, names that end in another domain: asked for by programs all day. */
const isPlain = (subdomain: string): boolean =>
  /^(\d+[.-]){2}/.test(subdomain) ||
  subdomain.startsWith("_") ||
  /\.(?:(?:com|net|org|local|lan|arpa|io|edu|gov)(?:\.|$)|[a-z]{2}$)/.test(subdomain);
