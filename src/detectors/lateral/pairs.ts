import type { FlowFact } from "#contract/detector.ts";

/** Something remembered of pairs of machines, client first; the pair that was met first goes when there are too many. */
export class Pairs<T> {
  readonly #max: number;
  readonly #make: () => T;
  readonly #pairs = new Map<string, T>();

  constructor(max: number, make: () => T) {
    this.#max = max;
    this.#make = make;
  }

  of(fact: FlowFact): T {
    return this.at(fact.clientHash, fact.serverHash) ?? this.#add(`${fact.clientHash} ${fact.serverHash}`);
  }

  at(client: number, server: number): T | undefined {
    return this.#pairs.get(`${client} ${server}`);
  }

  #add(key: string): T {
    if (this.#pairs.size >= this.#max) this.#pairs.delete(this.#pairs.keys().next().value as string);
    const fresh = this.#make();
    this.#pairs.set(key, fresh);
    return fresh;
  }
}
