const TWO_32 = 4_294_967_296;

/**
 * Turns the 64-bit timestamps of a pcapng interface into whole microseconds, rounded down, without BigInt: each step
 * divides integers below 2^53, so that the result is exact for decimal and binary resolutions alike.
 */
export class TimeScale {
  /** Added to each time, µs (if_tsoffset). */
  readonly #shift: number;
  /** Bits of a binary resolution; -1 for a decimal one. */
  readonly #bits: number;
  /** Microseconds in a tick of 1 µs or coarser. */
  readonly #factor: number;
  /** Ticks in a microsecond for finer ones, as a product of two: the first is at most 10^6. */
  readonly #divisor: number;
  readonly #divisor2: number;

  /** `resolution` is the option's byte: a power of ten, or of two when its highest bit is set; 6 by default. */
  constructor(resolution: number, offsetSeconds: number) {
    const exponent = resolution & 0x7f;
    this.#shift = offsetSeconds * 1_000_000;
    this.#bits = (resolution & 0x80) === 0 ? -1 : exponent;
    const finer = Math.max(0, exponent - 6);
    this.#factor = 10 ** Math.max(0, 6 - exponent);
    this.#divisor = 10 ** Math.min(finer, 6);
    this.#divisor2 = 10 ** Math.max(0, finer - 6);
  }

  /** Microseconds of the time whose halves are `high` and `low`. May be anything for absurd input: check it. */
  micros(high: number, low: number): number {
    if (this.#bits >= 0) return this.#binary(high, low) + this.#shift;
    if (this.#divisor === 1) return (high * TWO_32 + low) * this.#factor + this.#shift;
    const divisor = this.#divisor;
    const whole = Math.floor(TWO_32 / divisor);
    const rest = TWO_32 - whole * divisor;
    const quotient = high * whole + Math.floor((high * rest + low) / divisor);
    return (this.#divisor2 === 1 ? quotient : Math.floor(quotient / this.#divisor2)) + this.#shift;
  }

  #binary(high: number, low: number): number {
    const bits = this.#bits;
    if (bits <= 32) {
      const unit = 2 ** bits;
      const seconds = high * 2 ** (32 - bits) + Math.floor(low / unit);
      return seconds * 1_000_000 + Math.floor(((low % unit) * 1_000_000) / unit);
    }
    const unit = 2 ** (bits - 32);
    const part = (high % unit) * 1_000_000 + Math.floor((low * 1_000_000) / TWO_32);
    return Math.floor(high / unit) * 1_000_000 + Math.floor(part / unit);
  }
}
