import { type Defined, OldestFirstMap } from "#base/oldest-first.ts";
import type { FlowFact } from "#contract/detector.ts";

/** Something remembered of pairs of machines, client first; the pair that was met first goes when there are too many. */
export class Pairs<T extends Defined> {
  readonly #make: () => T;
  readonly #pairs: OldestFirstMap<string, T>;

  constructor(max: number, make: () => T) {
    this.#make = make;
    this.#pairs = new OldestFirstMap(max);
  }

  of(fact: FlowFact): T {
    return this.#pairs.ensure(`${fact.clientHash} ${fact.serverHash}`, this.#make);
  }

  at(client: number, server: number): T | undefined {
    return this.#pairs.get(`${client} ${server}`);
  }
}
