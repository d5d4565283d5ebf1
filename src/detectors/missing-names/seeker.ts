import type { Micros } from "#base/time.ts";

/** Domains remembered of one client; what comes beyond them in a window is not counted. */
const domainsMax = 2000;
/** Names of which texts are kept, for people. */
const examplesMax = 3;

/** Domains that one client asked for within a window that begins anew when it is over. */
export class Seeker {
  last: Micros;
  madeUp = 0;
  joined = 0;
  missing = 0;
  found = 0;
  /** Missing ones from which on it is weighed again. */
  weighAt = 0;
  /** A made-up domain that exists, found after many that do not. */
  reached: string | undefined;
  readonly examples: string[] = [];
  #since: Micros;
  readonly #window: number;
  readonly #domains = new Set<number>();

  constructor(time: Micros, window: number) {
    this.last = time;
    this.#since = time;
    this.#window = window;
  }

  /** Counts a domain that does not exist; true when it is new. */
  miss(domain: number, time: Micros): boolean {
    if (time - this.#since > this.#window) this.#begin(time);
    if (time > this.last) this.last = time;
    if (!this.#isNew(domain)) return false;
    this.missing++;
    return true;
  }

  /** Counts one that exists; true when it is new. */
  find(domain: number, time: Micros): boolean {
    if (time - this.#since > this.#window || !this.#isNew(domain)) return false;
    this.found++;
    return true;
  }

  judge(domain: string, isMadeUp: boolean, isJoined: boolean): void {
    if (isMadeUp) this.madeUp++;
    if (isJoined) this.joined++;
    if ((isMadeUp || isJoined) && this.examples.length < examplesMax) this.examples.push(domain);
  }

  spanMicros(time: Micros): number {
    return time - this.#since;
  }

  #isNew(domain: number): boolean {
    if (this.#domains.size >= domainsMax || this.#domains.has(domain)) return false;
    this.#domains.add(domain);
    return true;
  }

  #begin(time: Micros): void {
    this.#since = time;
    this.#domains.clear();
    this.madeUp = 0;
    this.joined = 0;
    this.missing = 0;
    this.found = 0;
    this.weighAt = 0;
    this.reached = undefined;
    this.examples.length = 0;
  }
}
