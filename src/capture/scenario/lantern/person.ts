import type { Random } from "#base/random.ts";
import type { Decision, Deed, Mind } from "./mind.ts";

type Mood = "fight" | "wander" | "gather" | "talk";

const moods: readonly Mood[] = ["fight", "wander", "gather", "talk"];
/** What one does in a mood, and how often it is followed by which: rows of a bigram of deeds. */
const habits: Readonly<Record<Mood, readonly (Deed | "walk")[]>> = {
  fight: ["attack", "attack", "attack", "useItem", "walk", "loot"],
  wander: ["walk", "walk", "walk", "emote", "harvest"],
  gather: ["harvest", "walk", "harvest", "loot", "useItem"],
  talk: ["chat", "chat", "emote", "trade", "walk"],
};
/** Time constants of the memory, actions: their sum is close to 1/f (Gilden, Thornton and Mallon 1995). */
const memories = [3, 15, 80];
/** Above this many seconds, waits have a Pareto tail with this exponent. */
const tailSeconds = 10;
const tailExponent = 1.5;
const pauseMaxSeconds = 60;

/**
 * A person: waits are log-normal with a memory that fades slowly, and have a heavy tail; deeds go by mood, and what was
 * done last is done again more often (docs/bots.md names the sources of the numbers).
 */
export class Person implements Mind {
  readonly #random: Random;
  readonly #mean: number;
  readonly #spread: number;
  readonly #memory = memories.map(() => 0);
  #mood: Mood = "wander";
  #last: Deed | "walk" = "walk";
  #heading: number;

  constructor(random: Random) {
    this.#random = random;
    this.#mean = random.normal(-0.25, 0.2);
    this.#spread = 1.1 + random.unit() * 0.4;
    this.#heading = random.unit() * 2 * Math.PI;
  }

  next(): Decision {
    const random = this.#random;
    if (random.chance(0.06)) this.#mood = random.pick(moods);
    const deed = random.chance(0.25) ? this.#last : random.pick(habits[this.#mood]);
    this.#last = deed;
    const wait = this.#wait() * 1e6;
    if (deed !== "walk") return { wait, deed, what: random.between(0, 40) };
    this.#heading += random.normal(0, 0.8);
    return { wait, walk: Math.min(8e6, random.exponential(1.8e6) + 300_000), heading: this.#heading };
  }

  /** Seconds. */
  #wait(): number {
    const random = this.#random;
    let wave = 0;
    for (let i = 0; i < memories.length; i++) {
      const keep = Math.exp(-1 / (memories[i] as number));
      this.#memory[i] = (this.#memory[i] as number) * keep + random.normal(0, Math.sqrt(1 - keep * keep));
      wave += this.#memory[i] as number;
    }
    const own = random.normal(0, 1);
    const wait = Math.exp(this.#mean + this.#spread * (wave * 0.47 + own * 0.58));
    const tailed = wait > tailSeconds ? tailSeconds * (1 - random.unit()) ** (-1 / tailExponent) : wait;
    return Math.min(pauseMaxSeconds, 0.12 + tailed);
  }
}
