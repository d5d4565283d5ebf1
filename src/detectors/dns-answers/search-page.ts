import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { judgeName } from "#engine/names/dga-score.ts";
import { type RegisteredDomain, RegisteredDomains } from "#engine/names/registered-domain.ts";
import { textKey } from "#engine/stats/key.ts";
import { addressesOf, isAnswer } from "./addresses.ts";

export interface SearchPageLimits {
  /** Score from which on a name is one that nobody has registered. */
  readonly scoreMin: number;
  /** Longest page that does nothing but send on. */
  readonly pageBytesMax: number;
}

/** Made-up names that were given an address, remembered at once; the oldest goes first. */
const namesMax = 1024;
const splitMax = 8192;
/** Places for what was judged of a domain, a power of two; a domain takes the place of whichever stands where it must. */
const judgedMax = 4096;
const forgetMicros = 300 * MICROS_PER_SECOND;

interface Led {
  readonly time: Micros;
  readonly server: string;
  readonly address: string;
  /** Whether its web server has sent a page too short to be one, or sent on by status. */
  sentOn: boolean;
  hasPages: boolean;
}

/**
 * Name servers that give names which do not exist the address of a search page. A made-up name has an address; its web
 * server has no page but sends on; and the page of another domain is then told, as what to search for, which name was
 * asked. Any two of these are found on honest sites.
 */
export class SearchPage implements Detector {
  readonly #limits: SearchPageLimits;
  readonly #report: (finding: Finding) => void;
  readonly #domains = new RegisteredDomains(splitMax);
  /** By client and host. */
  readonly #led = new OldestFirstMap<number, Led>(namesMax);
  readonly #judged = new Float64Array(judgedMax);
  readonly #isMadeUp = new Uint8Array(judgedMax);

  constructor(limits: SearchPageLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "dns") this.#name(fact);
    else if (this.#led.size > 0) this.#request(fact);
  }

  onTick(time: Micros): void {
    this.#led.expire((led) => time - led.time > forgetMicros);
  }

  #name(fact: TransactionFact): void {
    if (!isAnswer(fact)) return;
    const name = fact.fields["rrname"];
    if (typeof name !== "string" || isHost(name)) return;
    const domain = this.#domains.split(name);
    if (domain === undefined || !domain.isListed || (domain.subdomain !== "" && domain.subdomain !== "www")) return;
    if (!this.#looksMadeUp(domain)) return;
    const answer = addressesOf(fact);
    if (answer === undefined) return;
    const key = textKey(answer.name, fact.clientHash);
    if (this.#led.has(key)) return;
    this.#led.set(key, { time: fact.time, server: fact.server, address: answer.addresses[0] as string, sentOn: false, hasPages: false });
  }

  /** To judge a name takes longer than to remember what came of it. */
  #looksMadeUp(domain: RegisteredDomain): boolean {
    const key = textKey(domain.domain);
    const place = (key | 0) & (judgedMax - 1);
    if (this.#judged[place] !== key) {
      this.#judged[place] = key;
      this.#isMadeUp[place] = (judgeName(domain)?.score ?? 0) >= this.#limits.scoreMin ? 1 : 0;
    }
    return this.#isMadeUp[place] === 1;
  }

  #request(fact: TransactionFact): void {
    const { hostname, url, status, length, redirect, http_refer: referrer } = fact.fields;
    if (typeof hostname !== "string" || typeof url !== "string") return;
    const led = this.#led.get(textKey(hostname.toLowerCase(), fact.clientHash));
    if (led !== undefined) {
      const isShort = typeof length === "number" && length <= this.#limits.pageBytesMax;
      if (typeof redirect === "string" || isShort) led.sentOn = true;
      else led.hasPages = true;
      return;
    }
    if (typeof referrer === "string" && status === 200) this.#arrive(hostname, url, referrer, fact);
  }

  /** A page that was reached from another. */
  #arrive(host: string, url: string, referrer: string, fact: TransactionFact): void {
    const from = /^https?:\/\/([^/:?#]+)/i.exec(referrer)?.[1]?.toLowerCase();
    if (from === undefined) return;
    const led = this.#led.get(textKey(from, fact.clientHash));
    if (led === undefined || !led.sentOn || led.hasPages || !asksFor(url, from)) return;
    if (this.#domains.split(host)?.domain === this.#domains.split(from)?.domain) return;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: led.server,
      target: fact.client,
      cause: `search page ${led.server} ${combine32(fact.clientHash, 0)}`,
      title: `${led.server} gave ${fact.client} an address for ${from}, a name that looks made up; it only leads to a search page of ${host}`,
      severity: "medium",
      score: 0.7,
      why: [
        { feature: "made-up name", value: from },
        { feature: "address that was given", value: led.address },
        { feature: "page that it leads to", value: host },
      ],
    });
  }
}

/** Hosts below a domain other than `www`, as far as it shows without a list of suffixes: most names, told cheaply. */
function isHost(name: string): boolean {
  if (name.startsWith("www.")) return false;
  const first = name.indexOf(".");
  const second = name.indexOf(".", first + 1);
  return second >= 0 && second - first > 4;
}

/** Whether a search parameter of the URL is the host, alone or as an address of the web. */
function asksFor(url: string, host: string): boolean {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return query.split("&").some((pair) => {
    const match = /^(?:q|qs|query|search|searchstring|keywords?|domain|host|url|origurl|d)=(.*)$/i.exec(pair);
    const value = match?.[1]?.replaceAll(/%3a/gi, ":").replaceAll(/%2f/gi, "/").toLowerCase();
    return value !== undefined && value.replace(/^https?:\/\//, "").replace(/\/$/, "") === host;
  });
}
