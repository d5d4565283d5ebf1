import { parse } from "tldts";

/** A host name split where somebody registered it (Public Suffix List). */
export interface RegisteredDomain {
  /** The name that was registered: `example.co.uk`. */
  readonly domain: string;
  /** The suffix under which anybody may register: `co.uk`. */
  readonly suffix: string;
  /** The registered label alone: `example`. */
  readonly label: string;
  /** What stands before the domain, without the dot between: `www`, or empty. */
  readonly subdomain: string;
  /**
   * The name that belongs to one customer of a service that hands out names below its own (`user.github.io`, a dynamic
   * address); the domain itself everywhere else.
   */
  readonly owned: string;
  /** Whether the list has the suffix; names of private networks (`.lan`, `.local`) end in one that it has not. */
  readonly isListed: boolean;
}

/** Longer texts are no host names (RFC 1035 section 2.3.4). */
const nameLettersMax = 255;

/**
 * Splits host names, remembering the last ones: names repeat, and a look-up costs a hundredth of a split. The memory is
 * two tables of `namesMax / 2`; when the younger is full it becomes the older, and the older is forgotten.
 */
export class RegisteredDomains {
  #young = new Map<string, RegisteredDomain | undefined>();
  #old = new Map<string, RegisteredDomain | undefined>();
  readonly #half: number;

  constructor(namesMax = 65_536) {
    this.#half = Math.max(1, namesMax >> 1);
  }

  /** The parts of a name, in lower case or not, with a final dot or not; undefined for addresses, single labels and suffixes. */
  split(name: string): RegisteredDomain | undefined {
    const young = this.#young.get(name);
    if (young !== undefined || this.#young.has(name)) return young;
    const known = this.#old.has(name);
    const found = known ? this.#old.get(name) : splitName(name);
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, found);
    return found;
  }

  /** How many names are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

/** One name, without the memory. Names with labels that no host has (`_tcp`, spaces) are split all the same. */
export function splitName(name: string): RegisteredDomain | undefined {
  if (name.length === 0 || name.length > nameLettersMax) return undefined;
  const host = (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
  const listed = parse(host, { extractHostname: false, validateHostname: false, allowPrivateDomains: false });
  const { domain, publicSuffix, domainWithoutSuffix, subdomain, isIp, isIcann } = listed;
  if (isIp === true || domain === null || publicSuffix === null || domainWithoutSuffix === null || domainWithoutSuffix === "")
    return undefined;
  const owned = parse(host, { extractHostname: false, validateHostname: false, allowPrivateDomains: true }).domain;
  return {
    domain,
    suffix: publicSuffix,
    label: domainWithoutSuffix,
    subdomain: subdomain ?? "",
    owned: owned ?? domain,
    isListed: isIcann === true,
  };
}
