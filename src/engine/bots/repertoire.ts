/** A window whose actions are nearly all of one kind tells nothing by their order, bits. */
const bitsMin = 0.3;
const kindsMax = 32;
const jointMax = 256;

/**
 * What chance alone would give in a window of these actions. Games differ in how many kinds of actions they tell apart,
 * and people in how many they use: what comes again by chance is no repetition, and a small repertoire is no program.
 */
export class Repertoire {
  readonly #counts = new Uint16Array(jointMax);
  /** Entropy of the actions, bits. */
  bits = 0;
  /** Kinds of actions. */
  kinds = 0;
  /** Chance that two actions are of one kind, and that their waits are in one quintile as well. */
  alike = 0;
  bothAlike = 0;

  /** False when there is too little to see order in. */
  get varied(): boolean {
    return this.bits >= bitsMin;
  }

  take(tokens: Uint8Array, joint: Uint8Array, n: number): void {
    this.bothAlike = this.#count(joint, n, jointMax);
    this.alike = this.#count(tokens, n, kindsMax);
    let bits = 0;
    let kinds = 0;
    for (let kind = 0; kind < kindsMax; kind++) {
      const count = this.#counts[kind] as number;
      if (count === 0) continue;
      kinds += 1;
      bits -= (count / n) * Math.log2(count / n);
    }
    this.bits = bits;
    this.kinds = kinds;
  }

  /** Chance that two different places hold the same. */
  #count(symbols: Uint8Array, n: number, symbolsMax: number): number {
    const counts = this.#counts;
    counts.fill(0, 0, symbolsMax);
    for (let i = 0; i < n; i++) counts[symbols[i] as number] = (counts[symbols[i] as number] as number) + 1;
    let pairs = 0;
    for (let symbol = 0; symbol < symbolsMax; symbol++) {
      const count = counts[symbol] as number;
      pairs += count * (count - 1);
    }
    return n < 2 ? 1 : pairs / (n * (n - 1));
  }

  /**
   * Longest run of equal pairs that chance gives over all distances: the number of pairs at which a run can begin, each
   * of which goes on with the chance of a match (Erdős and Rényi 1970; Arratia and Waterman 1985).
   */
  chanceRun(n: number): number {
    const pairs = (3 * n * n) / 8;
    return Math.log(Math.max(Math.E, pairs * (1 - this.alike))) / Math.log(1 / Math.min(0.99, Math.max(1e-3, this.alike)));
  }
}

/** A share of matches beyond chance: 0 as by chance, 1 always. */
export const beyondChance = (share: number, chance: number): number => (chance >= 1 ? 0 : (share - chance) / (1 - chance));
