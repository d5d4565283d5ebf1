import { combine32, mix32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import type { Place, Places } from "#base/place.ts";
import type { Mmdb } from "./mmdb.ts";
import { placeOfRecord } from "./place-record.ts";

/** Addresses whose places are remembered; a power of two. */
const addressesMax = 8192;
/** Records of a database that are kept as places; the one read first goes first. */
const recordsMax = 50_000;
const KEY_WORDS = 5;
/** Records that are looked at to see what a database knows. */
const samplesMax = 200;

/** One database and what was read of it. */
interface Shelf {
  readonly database: Mmdb;
  /** Offset of a record → what it says. */
  readonly places: OldestFirstMap<number, Place | false>;
}

/**
 * Answers of one or several databases together: countries of the one, autonomous systems of the other; where two know a
 * thing the first counts. Looking an address up again costs a comparison, a new one some hundred nanoseconds.
 */
export class PlaceBook implements Places {
  readonly hasCountries: boolean;
  readonly hasSystems: boolean;
  readonly #shelves: readonly Shelf[];
  readonly #keys = new Int32Array(addressesMax * KEY_WORDS);
  readonly #found: (Place | undefined)[] = Array<undefined>(addressesMax).fill(undefined);

  constructor(databases: readonly Mmdb[]) {
    this.#shelves = databases.map((database) => ({ database, places: new OldestFirstMap(recordsMax) }));
    const known = databases.map(knowledgeOf);
    this.hasCountries = known.some(({ countries }) => countries);
    this.hasSystems = known.some(({ systems }) => systems);
  }

  find(words: ArrayLike<number>, at: number, ipv6: boolean): Place | undefined {
    const a = words[at] as number;
    const b = ipv6 ? (words[at + 1] as number) : 0;
    const c = ipv6 ? (words[at + 2] as number) : 0;
    const d = ipv6 ? (words[at + 3] as number) : 0;
    const slot = mix32(combine32(combine32(combine32(a, b), c), d)) & (addressesMax - 1);
    const key = slot * KEY_WORDS;
    const keys = this.#keys;
    // A free slot has version 0.
    const version = ipv6 ? 6 : 4;
    if (keys[key] === version && keys[key + 1] === a && keys[key + 2] === b && keys[key + 3] === c && keys[key + 4] === d)
      return this.#found[slot];
    let place: Place | undefined;
    for (const shelf of this.#shelves) place = joined(place, placeIn(shelf, words, at, ipv6));
    keys[key] = version;
    keys[key + 1] = a;
    keys[key + 2] = b;
    keys[key + 3] = c;
    keys[key + 4] = d;
    this.#found[slot] = place;
    return place;
  }
}

function placeIn({ database, places }: Shelf, words: ArrayLike<number>, at: number, ipv6: boolean): Place | undefined {
  const offset = database.place(words, at, ipv6);
  if (offset < 0) return undefined;
  let place = places.get(offset);
  if (place === undefined) {
    place = placeOfRecord(database.record(offset)) ?? false;
    places.renew(offset, place);
  }
  return place === false ? undefined : place;
}

function joined(first: Place | undefined, second: Place | undefined): Place | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const country = first.country === "" ? second : first;
  const system = first.system === 0 && first.organization === "" ? second : first;
  if (country === system) return country;
  return {
    country: country.country,
    countryName: country.countryName,
    system: system.system,
    organization: system.organization,
  };
}

/** What a database knows, seen in its first records: names of types are anybody's. */
export function knowledgeOf(database: Mmdb): { readonly countries: boolean; readonly systems: boolean } {
  const places = database.firstRecords(samplesMax).map((offset) => placeOfRecord(database.record(offset)));
  return {
    countries: places.some((place) => place !== undefined && place.country !== ""),
    systems: places.some((place) => place !== undefined && place.system !== 0),
  };
}
