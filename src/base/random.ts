import { mix32 } from "./hash.ts";

/** A seeded stream of random numbers (xoshiro128**, public domain): the same seed gives the same stream everywhere. */
export class Random {
  readonly #state = new Uint32Array(4);

  constructor(seed: number) {
    for (let i = 0; i < 4; i++) this.#state[i] = mix32(seed + Math.imul(i + 1, 0x9e3779b9)) >>> 0;
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const s = this.#state;
    const s0 = s[0] as number;
    const s1 = s[1] as number;
    const s2 = s[2] as number;
    const s3 = s[3] as number;
    const times5 = Math.imul(s1, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const s2x = s2 ^ s0;
    const s3x = s3 ^ s1;
    s[1] = s1 ^ s2x;
    s[0] = s0 ^ s3x;
    s[2] = s2x ^ (s1 << 9);
    s[3] = (s3x << 11) | (s3x >>> 21);
    return result;
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** An integer in [low, high). */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low));
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.unit() < p;
  }

  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length)] as T;
  }

  /** Exponentially distributed with the given mean: the gap between independent arrivals. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Normally distributed (Box–Muller). */
  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** Fills an array with random bytes and returns it. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() & 0xff);
  }

  /** An independent stream for a part of the program, named so that parts do not disturb each other. */
  fork(name: string): Random {
    let seed = this.#state[0] as number;
    for (let i = 0; i < name.length; i++) seed = mix32(seed ^ (name.charCodeAt(i) + Math.imul(i, 0x01000193)));
    return new Random(seed);
  }
}
