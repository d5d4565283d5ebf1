import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";

/** Destinations remembered; the one that was first seen goes first. */
const destinationsMax = 20_000;
/** Clients counted of the whole network, and of one destination. */
const clientsMax = 65_536;
const callersMax = 32;

/** In a network of fewer clients what several of them call says nothing. */
const clientsMin = 10;
/** What so many clients call, and such a share of all, is software of the network. */
const callersMin = 3;
const sharedShare = 0.1;
/** Log-odds for a destination that next to nobody else calls, and for a new one; RITA moves its score by 0.15 for either. */
const oddsStep = 0.5;
const rareShare = 0.02;
const rareClientsMin = 50;
/** New is what was not called in the first day of watching, old what was known for a week. */
const watchedMin = 24 * 3600 * MICROS_PER_SECOND;
const oldMin = 7 * 24 * 3600 * MICROS_PER_SECOND;

interface Destination {
  readonly first: Micros;
  readonly callers: Set<number>;
}

/** How a destination stands in the network. */
export interface Standing {
  readonly callers: number;
  /** For how long it has been known, µs. */
  readonly age: number;
  /** Clients that call anything outside. */
  readonly clients: number;
  /** Several machines of a larger network call it: software that is in use there. */
  readonly isShared: boolean;
  /** What prevalence and age add to the log-odds of a beacon. */
  readonly odds: number;
}

/** Which destinations outside the network's clients call, how many of them, and since when: what RITA calls prevalence and first seen. */
export class Destinations {
  readonly #clients = new Set<number>();
  readonly #known = new OldestFirstMap<number, Destination>(destinationsMax);

  see(destination: number, clientHash: number, time: Micros): void {
    if (this.#clients.size < clientsMax) this.#clients.add(clientHash);
    const { callers } = this.#known.ensure(destination, () => ({ first: time, callers: new Set() }));
    if (callers.size < callersMax) callers.add(clientHash);
  }

  /** `started`: since when is watched. */
  standing(destination: number, started: Micros, now: Micros): Standing {
    const known = this.#known.get(destination);
    const callers = known?.callers.size ?? 1;
    const clients = this.#clients.size;
    const least = Math.max(callersMin, Math.min(callersMax, sharedShare * clients));
    const isRare = clients >= rareClientsMin && callers <= rareShare * clients;
    const isNew = known !== undefined && known.first - started >= watchedMin;
    const isOld = known !== undefined && now - known.first >= oldMin;
    return {
      callers,
      age: known === undefined ? 0 : now - known.first,
      clients,
      isShared: clients >= clientsMin && callers >= least,
      odds: oddsStep * ((isRare ? 1 : 0) + (isNew && !isOld ? 1 : 0) - (isOld ? 1 : 0)),
    };
  }
}
