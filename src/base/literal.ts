/**
 * Many literals searched at once: what the engine's own matcher and the machine's library (Hyperscan) have in common.
 * It stands here because the platform seam and the engine both speak of it.
 */

/** One literal; its place in the list is its number. */
export interface Literal {
  /** At least one byte. */
  readonly bytes: Uint8Array;
  /** Folds the letters A to Z only, as a comparison in the C locale does. */
  readonly nocase: boolean;
}

/**
 * Numbers of the literals that were found, each once until `clear`, in no particular order. One object is reused for
 * many scans with one matcher; it grows to the set by itself.
 */
export class LiteralHits {
  #ids: Int32Array;
  #found: Uint8Array;
  count = 0;

  constructor(capacity = 64) {
    this.#ids = new Int32Array(capacity);
    this.#found = new Uint8Array(capacity);
  }

  /** The first `count` places are the numbers. Ask again after a scan: the array is replaced when it grows. */
  get ids(): Int32Array {
    return this.#ids;
  }

  /** Non-zero at the numbers that were found. For matchers, which save themselves a comparison. */
  get found(): Uint8Array {
    return this.#found;
  }

  has(id: number): boolean {
    return id < this.#found.length && this.#found[id] !== 0;
  }

  /** Makes room for numbers below `count`. Every scan calls it first. */
  fit(count: number): void {
    if (count <= this.#found.length) return;
    const ids = new Int32Array(count);
    ids.set(this.#ids);
    const found = new Uint8Array(count);
    found.set(this.#found);
    this.#ids = ids;
    this.#found = found;
  }

  /** Notes a number below what `fit` was told; one that was noted before is not noted again. */
  add(id: number): void {
    if (this.#found[id] !== 0) return;
    this.#found[id] = 1;
    this.#ids[this.count++] = id;
  }

  /** Forgets everything; costs as much as was found. */
  clear(): void {
    for (let i = 0; i < this.count; i++) this.#found[this.#ids[i] as number] = 0;
    this.count = 0;
  }
}

/** Searches one set of literals. */
export interface LiteralMatcher {
  /** Literals in the set. */
  readonly count: number;
  /** Bytes of the longest literal: what to keep of one piece of a stream for the next one, plus one. */
  readonly longest: number;
  /** Memory that it holds, in bytes. */
  readonly memoryBytes: number;
  /** Adds to `hits` the numbers of the literals that occur in `bytes[from..to)`, which is read during the call. */
  scan(bytes: Uint8Array, from: number, to: number, hits: LiteralHits): void;
}

/** The machine's own way to search literals; `undefined` when it cannot search these. */
export type LiteralPlatform = (literals: readonly Literal[]) => LiteralMatcher | undefined;
