import { parseAddress } from "#base/address.ts";
import { AllowList } from "./allow-list.ts";
import { type Hit, type Indicator, type IndicatorType, indicatorTypes, type Trouble } from "./indicator.ts";
import { IndicatorColumns } from "./indicator-columns.ts";
import { KeyHash } from "./key-hash.ts";
import { entriesMax, KeyTable } from "./key-table.ts";
import { NetworkTable } from "./network-table.ts";
import { readList } from "./read-list.ts";
import { networkText, urlKey } from "./value.ts";

/** Troubles that are told; more are counted. */
const troublesMax = 1000;
/** Labels of a name that are looked up, from its end. */
const labelsMax = 12;
/** Types of which plain digits (`digest`) may be. */
const digestTypes: ReadonlySet<IndicatorType> = new Set(["md5", "ja3", "ja3s"]);

export interface IndicatorList {
  readonly name: string;
  readonly text: string;
}

/** How many indicators of each type there are, and what was wrong. */
export interface IndicatorReport {
  readonly loaded: number;
  readonly allowed: number;
  readonly types: Readonly<Partial<Record<IndicatorType, number>>>;
  readonly lists: readonly { readonly name: string; readonly loaded: number; readonly rejected: number }[];
  readonly troubles: readonly (Trouble & { readonly list: string })[];
  /** Troubles in all; those beyond the first thousand are only counted. */
  readonly rejected: number;
}

/**
 * Indicators of all lists, for look-ups in the hot path: networks sorted, everything else by 96 bits of its text
 * (`key-hash.ts` has the odds of a mistake). Nothing is allocated until something is found. What is allowed wins.
 */
export class IndicatorSet {
  /** Complete when the set is. */
  report: IndicatorReport = { loaded: 0, allowed: 0, types: {}, lists: [], troubles: [], rejected: 0 };
  readonly #columns = new IndicatorColumns();
  readonly #keys = new KeyTable();
  readonly #networks = { 4: new NetworkTable(4), 6: new NetworkTable(6) };
  readonly #allowed = new AllowList();
  readonly #hash = new KeyHash();
  /** Types that there are: others are not looked for. */
  readonly #has = new Set<IndicatorType>();

  /** The set of some lists, made at once. */
  static of(lists: readonly IndicatorList[]): IndicatorSet {
    const steps = IndicatorSet.inSteps(lists);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** The same in steps of about a millisecond; the last one sorts what are networks, and takes longer. */
  static *inSteps(lists: readonly IndicatorList[]): Generator<undefined, IndicatorSet> {
    const set = new IndicatorSet();
    yield* set.#read(lists);
    return set;
  }

  *#read(lists: readonly IndicatorList[]): Generator<undefined, void> {
    const troubles: (Trouble & { list: string })[] = [];
    const perList: { name: string; loaded: number; rejected: number }[] = [];
    const types: Partial<Record<IndicatorType, number>> = {};
    for (const { name, text } of lists) {
      const row = { name, loaded: 0, rejected: 0 };
      perList.push(row);
      const complain = (trouble: Trouble): void => {
        row.rejected++;
        if (troubles.length < troublesMax) troubles.push({ list: name, ...trouble });
      };
      const take = (indicator: Indicator, line: number): void => {
        if (this.#columns.count >= entriesMax) {
          complain({ line, column: 1, cause: "there are too many indicators", mend: `at most ${entriesMax} are held` });
          return;
        }
        row.loaded++;
        types[indicator.type] = (types[indicator.type] ?? 0) + (indicator.allowed ? 0 : 1);
        this.#add(indicator, name);
      };
      yield* readList(text, take, complain);
    }
    this.#finish();
    const sum = (field: "loaded" | "rejected"): number => perList.reduce((total, row) => total + row[field], 0);
    this.report = { loaded: sum("loaded"), allowed: this.#allowed.count, types, lists: perList, troubles, rejected: sum("rejected") };
  }

  get memoryBytes(): number {
    return this.#columns.memoryBytes + this.#keys.memoryBytes + this.#networks[4].memoryBytes + this.#networks[6].memoryBytes;
  }

  /** True when something of the type is listed. */
  has(type: IndicatorType): boolean {
    return this.#has.has(type);
  }

  /**
   * The narrowest indicator around an address that still counts at a time (µs). `port` is the address's own, 0 when it
   * has none.
   */
  findAddress(words: ArrayLike<number>, at: number, ipv6: boolean, port: number, time: number): Hit | undefined {
    const networks = this.#networks[ipv6 ? 6 : 4];
    if (networks.count === 0) return undefined;
    for (let row = networks.find(words, at); row >= 0; row = networks.outwards(row)) {
      const entry = networks.entryOf(row);
      const wanted = this.#columns.portOf(entry);
      if ((wanted !== 0 && wanted !== port) || !this.#columns.isCurrent(entry, time)) continue;
      if (this.#allowed.hasAddress(words, at, ipv6)) return undefined;
      const own = Array.from({ length: networks.words }, (_, word) => networks.wordOf(row, word));
      const value = networkText(ipv6 ? 6 : 4, [...own, 0, 0, 0].slice(0, 4), networks.prefixOf(row));
      return this.#hit(entry, "address", wanted === 0 ? value : `${ipv6 ? `[${value}]` : value}:${wanted}`);
    }
    return undefined;
  }

  /** The longest listed name that `name` is or lies below. */
  findDomain(given: string, time: number): Hit | undefined {
    if (!this.#has.has("domain") || given === "") return undefined;
    const name = given.endsWith(".") ? given.slice(0, -1).toLowerCase() : given.toLowerCase();
    let found = -1;
    let from = 0;
    const hash = this.#hash;
    hash.begin(indicatorTypes.indexOf("domain"));
    for (let at = name.length - 1, labels = 0; at >= 0 && labels < labelsMax; at--) {
      hash.add(name.charCodeAt(at));
      if (at > 0 && name.charCodeAt(at - 1) !== 0x2e) continue;
      labels++;
      const entry = this.#currentOf(this.#keys.find(hash), time, "domain");
      if (entry < 0) continue;
      found = entry;
      from = at;
    }
    return found < 0 || this.#allowed.hasDomain(name) ? undefined : this.#hit(found, "domain", name.slice(from));
  }

  /** A URL: as it is, or without its query when the list has it so. `text` with or without a scheme. */
  findUrl(text: string, time: number): Hit | undefined {
    if (!this.#has.has("url")) return undefined;
    const key = urlKey(text);
    if (key === undefined) return undefined;
    const query = key.indexOf("?");
    const bare = query < 0 ? key : key.slice(0, query);
    const found = this.#textEntry("url", key, time);
    const entry = found >= 0 || query < 0 ? found : this.#textEntry("url", bare, time);
    if (entry < 0) return undefined;
    const host = hostOf(key);
    return this.#allowed.hasUrl(key, host) || this.#allowed.hasUrl(bare, host)
      ? undefined
      : this.#hit(entry, "url", found >= 0 ? key : bare);
  }

  /** A fingerprint or digest, with or without colons between its digits. */
  findDigits(type: IndicatorType, text: string, time: number): Hit | undefined {
    const mayBeDigest = digestTypes.has(type) && this.#has.has("digest");
    if (!this.#has.has(type) && !mayBeDigest) return undefined;
    const value = text.replaceAll(":", "").toLowerCase();
    let entry = this.#textEntry(type, value, time);
    if (entry < 0 && mayBeDigest) entry = this.#textEntry("digest", value, time);
    return entry < 0 || this.#allowed.hasDigits(type, value) ? undefined : this.#hit(entry, type, value);
  }

  /** True when the value is on the list of what never alerts. */
  isAllowed(type: IndicatorType, value: string): boolean {
    if (type === "domain") return this.#allowed.hasDomain(value);
    if (type === "url") return this.#allowed.hasUrl(value, hostOf(value));
    if (type !== "address") return this.#allowed.hasDigits(type, value);
    const parsed = parseAddress(value.split("/")[0] as string);
    return parsed !== undefined && this.#allowed.hasAddress(parsed.words, 0, parsed.version === 6);
  }

  #textEntry(type: IndicatorType, value: string, time: number): number {
    this.#hash.begin(indicatorTypes.indexOf(type));
    this.#hash.addText(value);
    return this.#currentOf(this.#keys.find(this.#hash), time, type);
  }

  /** The first entry of the same value that still counts, -1 for none. */
  #currentOf(first: number, time: number, type: IndicatorType): number {
    for (let entry = first; entry >= 0; entry = this.#columns.sameAs(entry))
      if (this.#columns.typeOf(entry) === type && this.#columns.isCurrent(entry, time)) return entry;
    return -1;
  }

  #hit(entry: number, type: IndicatorType, value: string): Hit {
    const { list, source, severity } = this.#columns.originOf(entry);
    return { entry, type, value, list, source, severity, expires: this.#columns.expiresOf(entry), note: this.#columns.noteOf(entry) };
  }

  #add(indicator: Indicator, list: string): void {
    if (indicator.allowed) {
      this.#allowed.add(indicator);
      return;
    }
    const { type, value } = indicator;
    const entry = this.#columns.add(indicator, list);
    this.#has.add(type);
    if (type === "address") {
      const [address = "", prefix] = value.split("/");
      const parsed = parseAddress(address);
      if (parsed === undefined) return;
      this.#networks[parsed.version].add(parsed.words, prefix === undefined ? (parsed.version === 4 ? 32 : 128) : Number(prefix), entry);
      return;
    }
    const hash = this.#hash;
    hash.begin(indicatorTypes.indexOf(type));
    if (type === "domain") for (let at = value.length - 1; at >= 0; at--) hash.add(value.charCodeAt(at));
    else hash.addText(value);
    const before = this.#keys.put(hash, entry);
    if (before >= 0) this.#columns.chain(entry, before);
  }

  #finish(): void {
    this.#columns.trim();
    this.#keys.trim();
    this.#networks[4].finish();
    this.#networks[6].finish();
    this.#allowed.finish();
  }
}

/** Host of a URL as `urlKey` makes it. */
const hostOf = (key: string): string => (key.startsWith("[") ? key.slice(0, key.indexOf("]") + 1) : (/^[^/:]+/.exec(key)?.[0] ?? ""));
