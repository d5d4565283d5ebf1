import type { Random } from "#base/random.ts";

const poolBytes = 1 << 17;

/** Bytes that look encrypted: slices of a pool, since drawing each byte would cost more than all the rest. */
export class Noise {
  readonly #pool: Uint8Array;

  constructor(random: Random) {
    this.#pool = new Uint8Array(poolBytes);
    const view = new DataView(this.#pool.buffer);
    for (let at = 0; at < poolBytes; at += 4) view.setUint32(at, random.uint32());
  }

  /** Fills `target[from..to)`. */
  fill(random: Random, target: Uint8Array, from = 0, to = target.length): void {
    let at = from;
    while (at < to) {
      const count = Math.min(to - at, poolBytes >> 1);
      const start = random.between(0, poolBytes - count);
      target.set(this.#pool.subarray(start, start + count), at);
      at += count;
    }
  }

  bytes(random: Random, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.fill(random, bytes);
    return bytes;
  }
}
