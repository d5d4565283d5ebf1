import { OldestFirstMap } from "#base/oldest-first.ts";

/** Accounts and partners remembered of one watch. */
const namesMax = 256;

/** Failures of somebody in a window, and what they were tried with. */
export class Attempts {
  from: number;
  failures = 0;
  successes = 0;
  readonly accounts = new Set<string>();
  /** The other ends. */
  readonly partners = new Set<number>();

  constructor(from: number) {
    this.from = from;
  }

  fail(account: string, partner: number): void {
    this.failures++;
    if (account !== "" && this.accounts.size < namesMax) this.accounts.add(account);
    if (this.partners.size < namesMax) this.partners.add(partner);
  }
}

/** Attempts by key, each in a window of its own; the key that was met first goes when there are too many. */
export class AttemptTable {
  readonly #windowUs: number;
  readonly #attempts: OldestFirstMap<string | number, Attempts>;

  constructor(windowUs: number, keysMax: number) {
    this.#windowUs = windowUs;
    this.#attempts = new OldestFirstMap(keysMax);
  }

  /** The attempts of the window that `time` falls in; a new window begins when the last is over. */
  of(key: string | number, time: number): Attempts {
    const known = this.known(key, time);
    if (known !== undefined) return known;
    const fresh = new Attempts(time);
    this.#attempts.renew(key, fresh);
    return fresh;
  }

  /** Those of a key whose window is not over. */
  known(key: string | number, time: number): Attempts | undefined {
    const attempts = this.#attempts.get(key);
    return attempts !== undefined && time - attempts.from <= this.#windowUs ? attempts : undefined;
  }
}
