import { parseAddress } from "#base/address.ts";
import { allowParts } from "./allow-entry.ts";
import { Networks } from "./networks.ts";

/** Pairs that are counted of one entry; at the limit the one with the fewest hits goes. */
const pairsMax = 20;

/** What an entry has kept back of one detector, source and target. */
export interface AllowedPair {
  readonly detector: string;
  readonly source: string;
  readonly target: string;
  hits: number;
  /** Time of the newest finding, µs. */
  last: number;
}

/** How often an entry has kept something back. */
export interface AllowHits {
  hits: number;
  /** Time of the newest finding, µs; 0 for none. */
  last: number;
  readonly pairs: AllowedPair[];
}

/** An entry with its end in packet time, µs; `undefined` for none. */
export interface AllowEntry {
  readonly entry: string;
  readonly expires?: number | undefined;
}

/** Who a finding is about. */
export interface Accused {
  readonly source?: string | undefined;
  readonly target?: string | undefined;
}

/**
 * Who is never told: `10.0.0.5`, `10.0.0.5>10.0.0.9`, `scan=10.0.0.0/24`, `dns-tunnel=updates.example.com`. One of those
 * that protect from a finding is counted: the first, in the order in which they stand.
 */
export class AllowList {
  #compiled: readonly Compiled[] = [];
  /** Everybody whom some entry names: most findings are about others. */
  #anybody = new Names([]);

  constructor(entries: readonly string[]) {
    this.replace(entries.map((entry) => ({ entry })));
  }

  /** These protect from now on, and no others. Counters of entries that stay go on. */
  replace(entries: readonly AllowEntry[]): void {
    const before = new Map(this.#compiled.map((one) => [one.entry, one.count]));
    this.#compiled = entries.map((one) => compile(one, before.get(one.entry)));
    this.#anybody = new Names(this.#compiled.map(({ entry }) => allowParts(entry).who));
  }

  /** Whether a finding of that time is kept back. Nothing is counted. */
  covers(detector: string, accused: Accused, time: number): boolean {
    return this.#find(detector, accused, time) !== undefined;
  }

  /** The same of a finding that is there: it is counted. */
  keepsBack(detector: string, accused: Accused, time: number): boolean {
    const found = this.#find(detector, accused, time);
    if (found === undefined) return false;
    count(found.count, detector, accused, time);
    return true;
  }

  /** How often an entry has kept something back; `undefined` when it is not on the list. */
  hitsOf(entry: string): AllowHits | undefined {
    return this.#compiled.find((one) => one.entry === entry)?.count;
  }

  /** Counters that were kept of an earlier run. */
  restoreHits(entry: string, hits: AllowHits): void {
    const found = this.#compiled.find((one) => one.entry === entry);
    if (found !== undefined) found.count = { ...hits, pairs: hits.pairs.slice(0, pairsMax) };
  }

  #find(detector: string, accused: Accused, time: number): Compiled | undefined {
    const source = whoIs(accused.source);
    const target = whoIs(accused.target);
    if (!this.#anybody.has(source) && !this.#anybody.has(target)) return undefined;
    return this.#compiled.find(
      (one) => (one.detector === undefined || one.detector === detector) && time < one.expires && one.holds(source, target),
    );
  }
}

/** An address or a name, taken apart once for all entries. */
interface Who {
  readonly name: string;
  readonly address: ReturnType<typeof parseAddress>;
}

const whoIs = (text: string | undefined): Who | undefined =>
  text === undefined ? undefined : { name: text.toLowerCase(), address: parseAddress(text) };

interface Compiled {
  readonly entry: string;
  readonly detector: string | undefined;
  readonly expires: number;
  readonly holds: (source: Who | undefined, target: Who | undefined) => boolean;
  count: AllowHits;
}

function compile({ entry, expires }: AllowEntry, counted: AllowHits | undefined): Compiled {
  const { detector, who, whom } = allowParts(entry);
  const [names, others] = [new Names([who]), whom === undefined ? undefined : new Names([whom])];
  return {
    entry,
    detector,
    expires: expires ?? Number.POSITIVE_INFINITY,
    holds: (source, target) => (others === undefined ? names.has(source) || names.has(target) : names.has(source) && others.has(target)),
    count: counted ?? { hits: 0, last: 0, pairs: [] },
  };
}

function count(counted: AllowHits, detector: string, { source = "", target = "" }: Accused, time: number): void {
  counted.hits++;
  counted.last = Math.max(counted.last, time);
  const known = counted.pairs.find((one) => one.detector === detector && one.source === source && one.target === target);
  if (known !== undefined) {
    known.hits++;
    known.last = Math.max(known.last, time);
    return;
  }
  if (counted.pairs.length >= pairsMax) {
    counted.pairs.sort((a, b) => b.hits - a.hits || b.last - a.last);
    counted.pairs.pop();
  }
  counted.pairs.push({ detector, source, target, hits: 1, last: time });
}

/** Addresses, networks and names. */
class Names {
  readonly #networks: Networks;
  readonly #names: readonly string[];

  constructor(texts: readonly string[]) {
    this.#networks = new Networks(texts);
    this.#names = this.#networks.bad.map((name) => name.toLowerCase());
  }

  /** An address in one of the networks, or a name or one below it. */
  has(who: Who | undefined): boolean {
    if (who === undefined) return false;
    const { name, address } = who;
    if (address !== undefined && this.#networks.has(address.words, 0, address.version === 6)) return true;
    return this.#names.some((allowed) => name === allowed || name.endsWith(`.${allowed}`));
  }
}
