import { OddwireError } from "#contract/errors.ts";
import type { Store } from "#contract/store.ts";

/** Questions that wait for each one that is being answered. */
const WAITING_FACTOR = 4;

/**
 * Lets a bounded number of questions through to the store. Others wait in order; when the queue is full they are
 * refused (and counted), so that a crowd costs no memory.
 */
export class QueryGate {
  /** Questions that were refused. */
  refused = 0;
  running = 0;
  readonly #store: Store | undefined;
  readonly #runningMax: number;
  readonly #waiting: (() => void)[] = [];

  constructor(store: Store | undefined, runningMax: number) {
    this.#store = store;
    this.#runningMax = runningMax;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async ask<T>(question: (store: Store) => Promise<T>): Promise<T> {
    const store = this.#store;
    if (store === undefined) throw new OddwireError("ODW_STORE_ABSENT");
    if (this.running >= this.#runningMax) await this.#turn();
    else this.running++;
    try {
      return await question(store);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  /** Waits until a running question hands over its place. */
  #turn(): Promise<void> {
    const limit = this.#runningMax * WAITING_FACTOR;
    if (this.#waiting.length >= limit) {
      this.refused++;
      throw new OddwireError("ODW_BUSY", { cause: "too many questions are waiting", limit: `api.queries-max (${this.#runningMax})` });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
