import { mix32 } from "#base/hash.ts";
import { HyperLogLog } from "#engine/stats/hyper-log-log.ts";
import { SpaceSaving } from "#engine/stats/space-saving.ts";
import { entropyBits } from "./name-features.ts";

/** Bytes that a text can carry at most, by how often each of its characters occurs: length · H / 8. */
export const informationBytes = (text: string): number => (text.length * entropyBits(text)) / 8;

/** A registered domain and what its subdomains may have carried since the window began. */
export interface InformationHitter {
  readonly domain: string;
  /** Information of the unique subdomains, in bytes, estimated. */
  readonly bytes: number;
  /** How much of that may belong to domains that were counted here before. */
  readonly bytesError: number;
  /** Unique subdomains, estimated. */
  readonly unique: number;
}

/** 64 registers: unique subdomains within 13 %, few ones nearly exactly. */
const precision = 6;

/**
 * Registered domains by the information of their unique subdomains, in constant memory: the idea of ibHH (Ozery, Nadler,
 * Shabtai, "Information-based heavy hitters for real-time DNS data exfiltration detection", arXiv 2307.02614). Asking for
 * the same name again carries nothing, so a name adds what it holds times the growth of a count of distinct names.
 *
 * `domainsMax` counters of about 0.2 KB; the lightest gives way to a domain that has none, which inherits its count as
 * error. The caller ends windows with `clear`: rates are `bytes` over the window's length.
 */
export class InformationHitters {
  readonly #counters: SpaceSaving;
  readonly #unique: HyperLogLog;
  readonly #estimates: Float64Array;
  readonly #domains: string[] = [];

  constructor(domainsMax = 1024, seed = 0) {
    this.#counters = new SpaceSaving(domainsMax, seed);
    this.#unique = new HyperLogLog(precision, domainsMax, seed);
    this.#estimates = new Float64Array(domainsMax);
  }

  /** Counts one question for `subdomain` under `domain`; an empty subdomain carries nothing. Both in lower case. */
  add(domain: string, subdomain: string): void {
    if (subdomain.length === 0) return;
    const key = textKey(domain);
    const name = textKey(subdomain);
    const held = this.#counters.slot(key);
    if (held < 0) this.#begin(key, domain, name, subdomain);
    else this.#grow(held, key, name, subdomain);
  }

  /** The heaviest domains first. */
  top(count: number): readonly InformationHitter[] {
    return this.#counters.top(count).map(({ key, count: bytes, error }) => {
      const slot = this.#counters.slot(key);
      return { domain: this.#domains[slot] as string, bytes, bytesError: error, unique: this.#estimates[slot] as number };
    });
  }

  /** Bytes of all domains together. */
  get totalBytes(): number {
    return this.#counters.total;
  }

  /** Begins a new window. */
  clear(): void {
    this.#counters.clear();
  }

  #grow(held: number, key: number, name: number, subdomain: string): void {
    if (!this.#unique.add(name, held)) return;
    const estimate = this.#unique.estimate(held);
    const growth = estimate - (this.#estimates[held] as number);
    const weight = informationBytes(subdomain) * growth;
    if (growth <= 0 || weight <= 0) return;
    this.#estimates[held] = estimate;
    this.#counters.add(key, weight);
  }

  #begin(key: number, domain: string, name: number, subdomain: string): void {
    const slot = this.#counters.add(key, Math.max(informationBytes(subdomain), smallestBytes));
    this.#unique.clear(slot);
    this.#unique.add(name, slot);
    this.#estimates[slot] = this.#unique.estimate(slot);
    this.#domains[slot] = domain;
  }
}

/** A counter cannot begin at nothing: what a subdomain such as `www` counts for. */
const smallestBytes = 0.01;

/** 53 bits of a text's hash, as the sketches take their keys. */
function textKey(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b) ^ (high >>> 13);
  }
  return (mix32(high) & 0x1f_ffff) * 4_294_967_296 + (mix32(low) >>> 0);
}
