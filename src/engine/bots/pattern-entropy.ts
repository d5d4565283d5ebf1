const patternLengthMax = 5;
/** Symbols are below this. */
const symbolsMax = 32;

/** n·log2(n). */
const logs = Float64Array.from({ length: 1025 }, (_, count) => (count === 0 ? 0 : count * Math.log2(count)));

/**
 * Entropy of patterns of one to five symbols. A pattern of m symbols is one of m - 1 and the next symbol, so that patterns
 * get numbers length by length and a table with one place for each pair replaces hashing. A pattern that came once
 * comes once however it goes on: its place is not looked at again.
 */
export class PatternEntropy {
  /** By number of the shorter pattern and next symbol: number of the pattern from 1. */
  readonly #table: Uint16Array;
  /** By place among those that are still looked at: where the pattern begins, and the number of the shorter one. */
  readonly #begins: Uint16Array;
  readonly #numbers: Uint16Array;
  /** By number of the pattern: how often it came. */
  readonly #counts: Uint16Array;
  #left = 0;
  #bits = 0;
  #once = 0;

  constructor(symbols: number) {
    this.#table = new Uint16Array(symbols * symbolsMax);
    this.#begins = new Uint16Array(symbols);
    this.#numbers = new Uint16Array(symbols);
    this.#counts = new Uint16Array(symbols + 1);
  }

  /**
   * Corrected conditional entropy, bits: the least over m of H(m) - H(m-1) + perc(m)·H(1), where perc(m) is the share of
   * patterns of length m that occur once (Porta et al., Biol. Cybern. 78, 1998; for bots Gianvecchio et al., USENIX Security 2008).
   * Low for a fixed order, high for chance.
   */
  correctedConditional(symbols: Uint8Array, n: number): number {
    for (let i = 0; i < n; i++) this.#begins[i] = i;
    this.#numbers.fill(0, 0, n);
    this.#left = n;
    let shorter = this.#lengthen(symbols, n, 1, 1);
    let before = this.#bits;
    const first = this.#bits;
    let least = Number.POSITIVE_INFINITY;
    for (let length = 2; length <= patternLengthMax; length++) {
      shorter = this.#lengthen(symbols, n, length, shorter);
      least = Math.min(least, this.#bits - before + this.#once * first);
      before = this.#bits;
    }
    return least;
  }

  /** Takes the patterns of one symbol more; the numbers of shorter ones are below `shorter`. Returns the same for these. */
  #lengthen(symbols: Uint8Array, n: number, length: number, shorter: number): number {
    const [table, begins, numbers, counts] = [this.#table, this.#begins, this.#numbers, this.#counts];
    table.fill(0, 0, shorter * symbolsMax);
    const patterns = n - length + 1;
    let found = 0;
    for (let i = 0; i < this.#left; i++) {
      const last = (begins[i] as number) + length - 1;
      if (last >= n) {
        // Only the end of the window is shorter than the pattern: it stands behind all others.
        this.#left = i;
        break;
      }
      const at = (numbers[i] as number) * symbolsMax + (symbols[last] as number);
      let number = table[at] as number;
      if (number === 0) {
        number = ++found;
        table[at] = number;
        counts[number] = 0;
      }
      counts[number] = (counts[number] as number) + 1;
      numbers[i] = number;
    }
    this.#measure(found, patterns);
    return this.#keep(found);
  }

  #measure(found: number, patterns: number): void {
    const counts = this.#counts;
    let [again, sum] = [0, 0];
    for (let number = 1; number <= found; number++) {
      const count = counts[number] as number;
      if (count < 2) continue;
      again += count;
      sum += logs[count] ?? count * Math.log2(count);
    }
    this.#bits = Math.log2(patterns) - sum / patterns;
    this.#once = (patterns - again) / patterns;
  }

  /** Leaves out the patterns that came once and numbers the others from 0. */
  #keep(found: number): number {
    const [begins, numbers, counts] = [this.#begins, this.#numbers, this.#counts];
    let next = 0;
    // A count is not needed again: its place takes the new number, from 1, or 0 for what is left out.
    for (let number = 1; number <= found; number++) counts[number] = (counts[number] as number) < 2 ? 0 : ++next;
    let left = 0;
    for (let i = 0; i < this.#left; i++) {
      const number = counts[numbers[i] as number] as number;
      if (number === 0) continue;
      begins[left] = begins[i] as number;
      numbers[left++] = number - 1;
    }
    this.#left = left;
    return next;
  }
}
