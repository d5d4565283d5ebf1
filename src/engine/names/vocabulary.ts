/** Words that a label may be made of, with a quick no for places where none begins. Built when it is first asked. */
export class Vocabulary {
  readonly #given: Iterable<string>;
  #words: ReadonlySet<string> | undefined;
  /** Whether some word begins with three given letters. */
  readonly #beginnings = new Uint8Array(26 * 26 * 26);

  /** Words of fewer than three letters and other than `a` to `z` are left out. */
  constructor(words: Iterable<string>) {
    this.#given = words;
  }

  has(word: string): boolean {
    return (this.#words ?? this.#built()).has(word);
  }

  /** False when no word begins at this place of the text. */
  mayBegin(text: string, at: number): boolean {
    if (this.#words === undefined) this.#built();
    const place = beginning(text, at);
    return place >= 0 && this.#beginnings[place] === 1;
  }

  #built(): ReadonlySet<string> {
    const words = new Set([...this.#given].filter((word) => /^[a-z]{3,}$/.test(word)));
    for (const word of words) this.#beginnings[beginning(word, 0)] = 1;
    this.#words = words;
    return words;
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
