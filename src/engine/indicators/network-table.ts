/** Words of an address by version. */
const wordsOf = { 4: 1, 6: 4 } as const;

/**
 * Networks of one IP version, sorted by their first address and then by size. Two networks are either apart or one lies
 * in the other, so that the smallest one around an address is the last that begins at or before it, or one of those
 * that it lies in: one binary search, then a walk outwards over `parents`.
 */
export class NetworkTable {
  readonly words: 1 | 4;
  #starts: Uint32Array;
  #prefixes = new Uint8Array(256);
  #entries = new Int32Array(256);
  #parents = new Int32Array(0);
  #count = 0;

  constructor(version: 4 | 6) {
    this.words = wordsOf[version];
    this.#starts = new Uint32Array(256 * this.words);
  }

  get count(): number {
    return this.#count;
  }

  get memoryBytes(): number {
    return this.#starts.byteLength + this.#prefixes.byteLength + this.#entries.byteLength + this.#parents.byteLength;
  }

  /** Adds a network; bits behind the prefix are cleared. */
  add(words: ArrayLike<number>, prefix: number, entry: number): void {
    if (this.#count === this.#entries.length) this.#resize(Math.ceil(this.#count * 1.5), (row) => row);
    const row = this.#count++;
    for (let w = 0; w < this.words; w++) this.#starts[row * this.words + w] = (words[w] as number) & maskOf(prefix - w * 32);
    this.#prefixes[row] = prefix;
    this.#entries[row] = entry;
  }

  /** No more are added: sorts them and finds out which lies in which. */
  finish(): void {
    const order = new Uint32Array(this.#count);
    for (let i = 0; i < order.length; i++) order[i] = i;
    order.sort((i, j) => this.#compare(i, j));
    this.#resize(this.#count, (row) => order[row] as number);
    this.#parents = new Int32Array(this.#count);
    for (let row = 0, open = -1; row < this.#count; row++) {
      while (open >= 0 && !this.#contains(open, this.#starts, row * this.words)) open = this.#parents[open] as number;
      this.#parents[row] = open;
      open = row;
    }
  }

  /** Row of the smallest network around the address, -1 for none; `outwards` goes on from it. */
  find(words: ArrayLike<number>, at: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#startsBehind(middle, words, at)) high = middle;
      else low = middle + 1;
    }
    let row = low - 1;
    while (row >= 0 && !this.#contains(row, words, at)) row = this.#parents[row] as number;
    return row;
  }

  outwards(row: number): number {
    return this.#parents[row] as number;
  }

  entryOf(row: number): number {
    return this.#entries[row] as number;
  }

  prefixOf(row: number): number {
    return this.#prefixes[row] as number;
  }

  wordOf(row: number, word: number): number {
    return this.#starts[row * this.words + word] as number;
  }

  #startsBehind(row: number, words: ArrayLike<number>, at: number): boolean {
    for (let w = 0; w < this.words; w++) {
      const own = this.#starts[row * this.words + w] as number;
      const other = (words[at + w] as number) >>> 0;
      if (own !== other) return own > other;
    }
    return false;
  }

  #contains(row: number, words: ArrayLike<number>, at: number): boolean {
    const prefix = this.#prefixes[row] as number;
    for (let w = 0; w < this.words && prefix > w * 32; w++)
      if ((((words[at + w] as number) ^ (this.#starts[row * this.words + w] as number)) & maskOf(prefix - w * 32)) !== 0) return false;
    return true;
  }

  #compare(i: number, j: number): number {
    for (let w = 0; w < this.words; w++) {
      const difference = (this.#starts[i * this.words + w] as number) - (this.#starts[j * this.words + w] as number);
      if (difference !== 0) return difference;
    }
    return (this.#prefixes[i] as number) - (this.#prefixes[j] as number) || i - j;
  }

  #resize(rows: number, from: (row: number) => number): void {
    const { words } = this;
    const starts = new Uint32Array(rows * words);
    const prefixes = new Uint8Array(rows);
    const entries = new Int32Array(rows);
    for (let row = 0; row < Math.min(this.#count, rows); row++) {
      const source = from(row);
      for (let w = 0; w < words; w++) starts[row * words + w] = this.#starts[source * words + w] as number;
      prefixes[row] = this.#prefixes[source] as number;
      entries[row] = this.#entries[source] as number;
    }
    this.#starts = starts;
    this.#prefixes = prefixes;
    this.#entries = entries;
  }
}

/** The first `bits` of a word, at least none and at most all. */
const maskOf = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? -1 : ~(0xffffffff >>> bits));
