/** Names that one flow may remember; further ones are not. */
const namesMax = 256;
/** Longest captured value, characters. */
const valueMax = 1024;

/** What rules have noted about a flow: bits, numbers and texts by name. They outlive a reload of the rules. */
export class FlowMemory {
  readonly #bits = new Set<string>();
  readonly #integers = new Map<string, number>();
  readonly texts = new Map<string, string>();

  hasBit(name: string): boolean {
    return this.#bits.has(name);
  }

  setBit(name: string): void {
    if (this.#bits.size < namesMax) this.#bits.add(name);
  }

  clearBit(name: string): void {
    this.#bits.delete(name);
  }

  get bits(): Iterable<string> {
    return this.#bits;
  }

  integer(name: string): number | undefined {
    return this.#integers.get(name);
  }

  /** Unsigned, 32 bits. */
  setInteger(name: string, value: number): void {
    if (this.#integers.size < namesMax || this.#integers.has(name)) this.#integers.set(name, value >>> 0);
  }

  get integers(): Iterable<readonly [string, number]> {
    return this.#integers;
  }

  setText(name: string, value: string): void {
    if (this.texts.size < namesMax || this.texts.has(name)) this.texts.set(name, value.slice(0, valueMax));
  }
}
