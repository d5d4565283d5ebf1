/** Words that a label may be made of, with a quick no for places where none begins. */
export class Vocabulary {
  readonly #words: ReadonlySet<string>;
  /** Whether some word begins with three given letters. */
  readonly #beginnings = new Uint8Array(26 * 26 * 26);

  /** Words of fewer than three letters and other than `a` to `z` are left out. */
  constructor(words: Iterable<string>) {
    this.#words = new Set([...words].filter((word) => /^[a-z]{3,}$/.test(word)));
    for (const word of this.#words) this.#beginnings[beginning(word, 0)] = 1;
  }

  has(word: string): boolean {
    return this.#words.has(word);
  }

  /** False when no word begins at this place of the text. */
  mayBegin(text: string, at: number): boolean {
    const place = beginning(text, at);
    return place >= 0 && this.#beginnings[place] === 1;
  }
}

function beginning(text: string, at: number): number {
  let place = 0;
  for (let i = at; i < at + 3; i++) {
    const letter = text.charCodeAt(i) - 97;
    if (!(letter >= 0 && letter < 26)) return -1;
    place = place * 26 + letter;
  }
  return place;
}
