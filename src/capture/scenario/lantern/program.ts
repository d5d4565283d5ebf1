import type { Random } from "#base/random.ts";
import type { Decision, Mind } from "./mind.ts";

const second = 1e6;

/** A farmer's round: walk in a square, kill, loot, drink. Twelve steps, always the same. */
export const farmersMacro: readonly Decision[] = [
  { wait: 0.5 * second, walk: 1.2 * second, heading: 0 },
  { wait: 1.4 * second, deed: "attack", what: 3 },
  { wait: 0.8 * second, deed: "attack", what: 3 },
  { wait: 0.8 * second, deed: "loot", what: 3 },
  { wait: 0.4 * second, walk: 1.2 * second, heading: Math.PI / 2 },
  { wait: 1.3 * second, deed: "attack", what: 5 },
  { wait: 0.8 * second, deed: "useItem", what: 1 },
  { wait: 0.6 * second, deed: "loot", what: 5 },
  { wait: 0.4 * second, walk: 1.2 * second, heading: Math.PI },
  { wait: 1.3 * second, deed: "harvest", what: 7 },
  { wait: 0.4 * second, walk: 1.2 * second, heading: -Math.PI / 2 },
  { wait: 1.3 * second, deed: "harvest", what: 8 },
];

/** A program that plays a list of decisions over and over; waits are drawn from ± `jitter` of what the list says. */
export class Program implements Mind {
  readonly #random: Random;
  readonly #list: readonly Decision[];
  readonly #jitter: number;
  #at = 0;

  constructor(random: Random, list: readonly Decision[], jitter: number) {
    this.#random = random;
    this.#list = list;
    this.#jitter = jitter;
  }

  next(): Decision {
    const decision = this.#list[this.#at++ % this.#list.length] as Decision;
    return { ...decision, wait: decision.wait * (1 + this.#jitter * (this.#random.unit() * 2 - 1)) };
  }
}

/** What a mind decides, written down to be played again. */
export const recorded = (mind: Mind, count: number): readonly Decision[] => Array.from({ length: count }, () => mind.next());
