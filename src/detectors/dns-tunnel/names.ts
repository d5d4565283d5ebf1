import { type RegisteredDomain, splitName } from "#engine/names/registered-domain.ts";
import { textKey } from "#engine/stats/key.ts";

/** Where a name belongs: who could read what stands before it. */
export interface Place {
  /** The registered domain, of services that hand out names the customer's; `.` where there is no domain at all. */
  readonly domain: string;
  /** What stands before it, in lower case. */
  readonly subdomain: string;
  /** Hash of the subdomain. */
  readonly key: number;
}

/** Names are split once and remembered in two tables of this many; when the younger is full the older is forgotten. */
const namesMax = 16_384;

/**
 * Finds whose a name is. Names that end in what cannot be a top-level domain (digits in it: RFC 3696 section 2) go to no
 * domain: whoever answers them sits on the way, as servers do that tools ask directly; they are gathered under `.`.
 */
export class Places {
  #young = new Map<string, Place | false>();
  #old = new Map<string, Place | false>();

  /** Undefined for names that carry nothing: domains themselves, reverse look-ups, single labels, addresses. */
  of(name: string): Place | undefined {
    let place = this.#young.get(name);
    if (place === undefined) {
      place = this.#old.get(name) ?? placeOf(name) ?? false;
      if (this.#young.size >= namesMax) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(name, place);
    }
    return place === false ? undefined : place;
  }
}

function placeOf(name: string): Place | undefined {
  const split = splitName(name);
  if (split === undefined) return undefined;
  if (!split.isListed && !isTopLevel(split.suffix)) return rootPlace(name);
  if (split.suffix === "arpa" || split.suffix.endsWith(".arpa") || carriesByDesign(split)) return undefined;
  const { owned, domain, subdomain } = split;
  if (owned.length <= domain.length) return place(domain, subdomain);
  const before = subdomain.length - (owned.length - domain.length);
  return before <= 0 ? undefined : place(owned, subdomain.slice(0, before));
}

const place = (domain: string, subdomain: string): Place | undefined =>
  subdomain === "" ? undefined : { domain, subdomain, key: textKey(subdomain) };

function rootPlace(name: string): Place | undefined {
  const host = (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
  return /^[\d.]*$/.test(host) ? undefined : place(".", host);
}

/** Top-level domains have letters only, or are international ones. */
const isTopLevel = (suffix: string): boolean => /^[a-z]+$/.test(suffix) || suffix.startsWith("xn--");

const carriesByDesign = ({ domain }: RegisteredDomain): boolean => servicesOfNames.has(domain);

/**
 * Services that are asked about things by name: lists of senders of mail, of files and of addresses, measurements. What
 * they document as their look-ups cannot be told from data by its looks.
 */
const servicesOfNames: ReadonlySet<string> = new Set(
  `
  spamhaus.org spamhaus.net spamcop.net surbl.org uribl.com barracudacentral.org sorbs.net mailspike.net dnswl.org
  senderscore.com support-intelligence.net invaluement.com abuseat.org uceprotect.net nixspam.net sophosxl.net
  sophosxl.com mcafee.com trellix.com trendmicro.com avast.com avg.com e5.sk eset.com cymru.com dshield.org
  shadowserver.org countries.nerd.dk team-cymru.com webrootcloudav.com brightcloud.com dotnxdomain.net dns-oarc.net
  netalyzr.net ipv6-test.com test-ipv6.com
`
    .trim()
    .split(/\s+/),
);
