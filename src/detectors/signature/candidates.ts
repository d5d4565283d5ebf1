import type { Rule } from "./rule.ts";

const ORIGINS = 8;

/** Rules that a packet may fulfil, in the order of judging. Reused for all packets: what matches nothing allocates nothing. */
export class Candidates {
  #keys = new Float64Array(256);
  #seen = new Int32Array(0);
  #epoch = 0;
  #rules: readonly Rule[] = [];
  count = 0;

  /** Forgets all; from now on the numbers are those of `rules`. */
  begin(rules: readonly Rule[]): void {
    this.count = 0;
    this.#epoch++;
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.#seen = new Int32Array(rules.length * ORIGINS);
  }

  /** Adds a rule, once for each place where it was found: 0 for the packet, others for streams. */
  add(number: number, origin: number): void {
    const key = number * ORIGINS + origin;
    if (this.#seen[key] === this.#epoch) return;
    this.#seen[key] = this.#epoch;
    if (this.count === this.#keys.length) {
      const keys = new Float64Array(this.count * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys[this.count++] = key;
  }

  sort(): void {
    if (this.count > 1) this.#keys.subarray(0, this.count).sort();
  }

  rule(index: number): Rule {
    return this.#rules[Math.floor((this.#keys[index] as number) / ORIGINS)] as Rule;
  }

  origin(index: number): number {
    return (this.#keys[index] as number) % ORIGINS;
  }
}

/** Streams that one packet may have brought forward; further ones are looked at with the next packet. */
export const originsMax = ORIGINS - 1;
