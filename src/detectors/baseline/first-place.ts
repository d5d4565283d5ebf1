import { combine32 } from "#base/hash.ts";
import { countryWords, type Place, systemWords } from "#base/place.ts";
import type { FlowFact, Reason } from "#contract/detector.ts";
import type { News } from "./first-seen.ts";
import { Novelty } from "./novelty.ts";
import { placeName } from "./traffic.ts";

/** Pairs of a host and a country, and of a host and an autonomous system, that are remembered. */
const pairsMax = { country: 50_000, system: 100_000 } as const;

/** One side of the flow that has a baseline, and where the other belongs. */
interface Meeting {
  readonly about: "client" | "server";
  readonly hash: number;
  readonly place: Place;
  /** It was seen for as long as is learnt. */
  readonly isKnown: boolean;
}

/**
 * Countries and autonomous systems that a host had never to do with. Needs a database of addresses that the user brings;
 * without one nothing is known, and nothing learnt. Where hosts meet new ones every day, another one is no news.
 */
export class FirstPlace {
  readonly #bitsMin: number;
  readonly #isOn: boolean;
  readonly #countries = new Novelty(pairsMax.country);
  readonly #systems = new Novelty(pairsMax.system);

  constructor(isOn: boolean, bitsMin: number) {
    this.#isOn = isOn;
    this.#bitsMin = bitsMin;
  }

  /** An answered flow has ended; `known` says of which side the past is known, `undefined` where it has no baseline. */
  flow(
    fact: FlowFact,
    known: { readonly client: boolean | undefined; readonly server: boolean | undefined },
    clock: number,
  ): News | undefined {
    const ends: (Meeting | undefined)[] = [
      met("client", fact.clientHash, known.client, fact.serverPlace),
      met("server", fact.serverHash, known.server, fact.clientPlace),
    ];
    let news: News | undefined;
    for (const meeting of ends) if (meeting !== undefined) news = this.#meet(fact, meeting, clock) ?? news;
    return news;
  }

  state(): unknown {
    return this.#countries.size + this.#systems.size === 0
      ? undefined
      : { country: this.#countries.state(), system: this.#systems.state() };
  }

  fromState(saved: unknown): void {
    if (typeof saved !== "object" || saved === null) return;
    const { country, system } = saved as Readonly<Record<string, unknown>>;
    this.#countries.fromState(country);
    this.#systems.fromState(system);
  }

  forget(): void {
    this.#countries.forget();
    this.#systems.forget();
  }

  /** Both are learnt; the country is told rather than the system. */
  #meet(fact: FlowFact, { about, hash, place, isKnown }: Meeting, clock: number): News | undefined {
    const { country, system } = place;
    const countryBits =
      country === "" ? 0 : this.#countries.observe(combine32(hash, (country.charCodeAt(0) << 8) | country.charCodeAt(1)), clock);
    const systemBits = system === 0 ? 0 : this.#systems.observe(combine32(hash, system), clock);
    if (!isKnown || !this.#isOn) return undefined;
    const [host, peer] = about === "client" ? [fact.client, fact.server] : [fact.server, fact.client];
    const door = placeName(fact.protocol, fact.serverPort);
    const way = about === "client" ? `to ${peer} on ${door}` : `from ${peer} to its ${door}`;
    const told = (sort: "country" | "system", bits: number, words: string, list: Novelty): News => ({
      sort,
      about,
      bits,
      cause: `${sort} ${host} ${words}`,
      title: `${host} has to do with ${words} for the first time: a connection ${way}`,
      why: [...placeReasons(place), { feature: "surprise, bits", value: bits, threshold: this.#bitsMin, sample: list.observations }],
    });
    if (countryBits >= this.#bitsMin) return told("country", countryBits, countryWords(place), this.#countries);
    return systemBits >= this.#bitsMin ? told("system", systemBits, systemWords(place), this.#systems) : undefined;
  }
}

const met = (about: Meeting["about"], hash: number, isKnown: boolean | undefined, place: Place | undefined): Meeting | undefined =>
  isKnown === undefined || place === undefined ? undefined : { about, hash, place, isKnown };

const placeReasons = (place: Place): Reason[] => [
  ...(place.country === "" ? [] : [{ feature: "country", value: countryWords(place) }]),
  ...(place.system === 0 ? [] : [{ feature: "autonomous system", value: systemWords(place) }]),
];
