const letters = 26;

/**
 * Words that a label may be made of, as a tree of their letters in one array: whoever looks for the words that begin at a
 * place walks down it, and knows after three letters mostly that none does. Built when it is first asked.
 */
export class Vocabulary {
  readonly #given: Iterable<string>;
  /** For each node its child by letter; 0 for none, since no word ends in the root. Empty before the first question. */
  #children = new Int32Array(0);
  /** 1 for nodes in which a word ends. */
  #ends = new Uint8Array(0);

  /** Words of fewer than three letters and other than `a` to `z` are left out. */
  constructor(words: Iterable<string>) {
    this.#given = words;
  }

  has(word: string): boolean {
    let node = 0;
    for (let i = 0; i < word.length; i++) {
      node = this.step(node, word.charCodeAt(i));
      if (node === 0) return false;
    }
    return this.isWord(node);
  }

  /** The node behind `node` by a letter's code, from the root 0 on; 0 when no word goes on so. */
  step(node: number, code: number): number {
    if (this.#children.length === 0) this.#build();
    const letter = code - 97;
    return letter >= 0 && letter < letters ? (this.#children[node * letters + letter] as number) : 0;
  }

  /** Whether a word ends in a node. */
  isWord(node: number): boolean {
    return this.#ends[node] === 1;
  }

  #build(): void {
    const words = [...this.#given].filter((word) => /^[a-z]{3,}$/.test(word));
    const most = 1 + words.reduce((sum, word) => sum + word.length, 0);
    const children = new Int32Array(most * letters);
    const ends = new Uint8Array(most);
    let count = 1;
    for (const word of words) {
      let node = 0;
      for (let i = 0; i < word.length; i++) {
        const at = node * letters + word.charCodeAt(i) - 97;
        if (children[at] === 0) children[at] = count++;
        node = children[at] as number;
      }
      ends[node] = 1;
    }
    this.#children = children.slice(0, count * letters);
    this.#ends = ends.slice(0, count);
  }
}
