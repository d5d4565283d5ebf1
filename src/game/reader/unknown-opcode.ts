import type { OpcodeProfile } from "#schema/game.ts";
import { guessFields } from "./field-guess.ts";

/** Packets of an unknown opcode that are kept to look at. */
export const samplesMax = 64;
/** Bytes of the body of each that are kept. */
export const sampleBytesMax = 96;
/** Lengths that are told apart. */
const lengthsMax = 16;

export interface Sample {
  /** The first `sampleBytesMax` bytes of the body. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole body. */
  readonly length: number;
  /** Packet time, µs. */
  readonly time: number;
  readonly session: number;
}

/** Collects packets of an opcode that nobody names: counts all of them and keeps the first ones. */
export class UnknownOpcode {
  count = 0;
  readonly #samples: Sample[] = [];
  readonly #lengths = new Map<number, number>();
  readonly #bytes = new Float64Array(256);
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;

  /** True when as many as are looked at have been kept. */
  get full(): boolean {
    return this.#samples.length >= samplesMax;
  }

  add(body: Uint8Array, time: number, session: number): void {
    this.count++;
    this.#shortest = Math.min(this.#shortest, body.length);
    this.#longest = Math.max(this.#longest, body.length);
    const known = this.#lengths.get(body.length);
    if (known !== undefined || this.#lengths.size < lengthsMax) this.#lengths.set(body.length, (known ?? 0) + 1);
    if (this.full) return;
    const bytes = body.slice(0, sampleBytesMax);
    for (const byte of bytes) this.#bytes[byte] = (this.#bytes[byte] as number) + 1;
    this.#samples.push({ bytes, length: body.length, time, session });
  }

  profile(bigEndian: boolean): OpcodeProfile {
    const entropy = entropyOf(this.#bytes);
    const [first] = this.#samples;
    return {
      count: this.count,
      sessions: new Set(this.#samples.map(({ session }) => session)).size,
      lengths: [...this.#lengths]
        .map(([length, count]) => ({ length, count }))
        .toSorted((a, b) => b.count - a.count || a.length - b.length),
      length_min: this.count === 0 ? 0 : this.#shortest,
      length_max: this.#longest,
      entropy: Math.round(entropy * 100) / 100,
      entropy_says: entropySays(
        entropy,
        this.#bytes.reduce((sum, count) => sum + count, 0),
      ),
      samples: this.#samples.length,
      fields: guessFields(this.#samples, bigEndian),
      example: first === undefined ? "" : Buffer.from(first.bytes).toString("hex"),
    };
  }
}

/** Shannon's entropy of the bytes, bits per byte. */
function entropyOf(counts: Float64Array): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / all) * Math.log2(count / all);
  return bits;
}

/** Few bytes cannot have many bits: what is said depends on how many there are. */
function entropySays(entropy: number, bytes: number): string {
  const most = Math.min(8, Math.log2(Math.max(2, bytes)));
  if (bytes < 64) return "too few bytes to say";
  if (entropy > most * 0.93) return "like encrypted or compressed bytes";
  return entropy < 5 ? "like fields in clear" : "mixed";
}
