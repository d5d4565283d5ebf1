/** Literals of which every match holds at least one are not more than this. */
const literalsMax = 24;

/** Texts of which every match holds at least one; `undefined` when nothing is known. */
type Choice = readonly string[] | undefined;

/**
 * Texts of which every match of a regular expression holds at least one: what may be searched for before the expression
 * is tried. Where several sets would do, the one whose shortest text is longest. An answer may be shorter than it
 * could be, and is never wrong.
 */
export function requiredTexts(source: string): readonly string[] {
  return new Reader(source).alternatives() ?? [];
}

const shortest = (choice: Choice): number => (choice === undefined ? 0 : Math.min(...choice.map((text) => text.length)));

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Branches up to the group's end. */
  alternatives(): Choice {
    const all = new Set<string>();
    let isKnown = true;
    for (;;) {
      const branch = this.#sequence();
      if (branch === undefined) isKnown = false;
      else for (const text of branch) all.add(text);
      if (this.#source[this.#at] !== "|") break;
      this.#at++;
    }
    return isKnown && all.size <= literalsMax ? [...all] : undefined;
  }

  #sequence(): Choice {
    let best: Choice;
    let run = "";
    const offer = (choice: Choice): void => {
      if (
        choice !== undefined &&
        (shortest(choice) > shortest(best) || (shortest(choice) === shortest(best) && choice.length < (best?.length ?? 0)))
      )
        best = choice;
    };
    const close = (): void => {
      if (run !== "") offer([run]);
      run = "";
    };
    while (this.#at < this.#source.length && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") {
      const atom = this.#atom();
      const isOptional = this.#quantifier();
      if (atom.text !== undefined && isOptional === undefined) run += atom.text;
      else {
        if (atom.text !== undefined && isOptional === false) run += atom.text;
        close();
        if (isOptional !== true) offer(atom.choice);
      }
    }
    close();
    return best;
  }

  /** One piece: a plain character, a group with what it always holds, or something that holds nothing known. */
  #atom(): { readonly text?: string; readonly choice?: Choice } {
    const character = this.#source[this.#at++] as string;
    if (character === "\\") return this.#escape();
    if (character === "[") return this.#class();
    if (character === "(") return this.#group();
    return ".^$".includes(character) ? {} : { text: character };
  }

  #escape(): { readonly text?: string } {
    const next = this.#source[this.#at++] ?? "";
    if (!/\w/.test(next)) return { text: next };
    if (next === "x") this.#at += 2;
    else if (next === "u") this.#at += 4;
    else if (next === "c") this.#at++;
    return {};
  }

  #class(): Record<string, never> {
    while (this.#at < this.#source.length && this.#source[this.#at] !== "]") this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    this.#at++;
    return {};
  }

  #group(): { readonly choice?: Choice } {
    const kind = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.#source.slice(this.#at))?.[0] ?? "";
    this.#at += kind.length;
    const choice = this.alternatives();
    this.#at++;
    return /[=!]$/.test(kind) ? {} : { choice };
  }

  /** What stands behind an atom: `undefined` for nothing, else whether it may be left out. */
  #quantifier(): boolean | undefined {
    const match = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})[?]?/.exec(this.#source.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0][0] === "?" || match[0][0] === "*" || match[1] === "0";
  }
}
