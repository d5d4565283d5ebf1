/** A key: `name` is the character itself, or `up`, `enter`, `ctrl-c` …; `text` is what it writes, empty for the others. */
export interface Key {
  readonly name: string;
  readonly text: string;
}

/** Longest escape sequence that is waited for. */
const sequenceCharactersMax = 32;
/** Longest pasted text that is used; the rest is left out. */
const pasteCharactersMax = 4096;

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

const named: { readonly [sequence: string]: string } = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  "[Z": "shift-tab",
  "[1~": "home",
  "[3~": "delete",
  "[4~": "end",
  "[5~": "page-up",
  "[6~": "page-down",
  "[7~": "home",
  "[8~": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  OM: "enter",
};

const controls: { readonly [character: string]: string } = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\b": "backspace",
  "\x7f": "backspace",
};

/** What a terminal sends, cut into keys. Sequences may be split over any number of chunks. */
export class KeyReader {
  #rest = "";
  #paste: string | undefined;

  /** True while an escape may be a key of its own, or the beginning of more: call `flush` when nothing follows. */
  get waits(): boolean {
    return this.#rest !== "" && this.#paste === undefined;
  }

  read(chunk: string): readonly Key[] {
    const keys: Key[] = [];
    let text = this.#rest + chunk;
    this.#rest = "";
    while (text !== "") {
      const taken = this.#paste === undefined ? this.#one(text, keys) : this.#pasted(text, keys);
      if (taken === 0) {
        this.#rest = text;
        break;
      }
      text = text.slice(taken);
    }
    return keys;
  }

  /** Nothing came behind an escape: then it was the key. */
  flush(): readonly Key[] {
    if (!this.waits) return [];
    const isEscape = this.#rest === "\x1b";
    this.#rest = "";
    return isEscape ? [{ name: "escape", text: "" }] : [];
  }

  /** Takes one key from the front; answers its length, 0 when more is needed. */
  #one(text: string, keys: Key[]): number {
    if (text.startsWith(PASTE_BEGIN)) {
      this.#paste = "";
      return PASTE_BEGIN.length;
    }
    if (text[0] === "\x1b") return sequence(text, keys);
    const character = String.fromCodePoint(text.codePointAt(0) as number);
    const name = controls[character];
    if (name !== undefined) keys.push({ name, text: "" });
    else if (character < " ") keys.push({ name: `ctrl-${String.fromCharCode(character.charCodeAt(0) + 0x60)}`, text: "" });
    else keys.push({ name: character, text: character });
    return character.length;
  }

  #pasted(text: string, keys: Key[]): number {
    const end = text.indexOf(PASTE_END);
    // The end's mark may be cut in two.
    const taken = end === -1 ? Math.max(0, text.length - PASTE_END.length + 1) : end;
    this.#paste = ((this.#paste ?? "") + text.slice(0, taken)).slice(0, pasteCharactersMax);
    if (end === -1) return taken;
    const pasted = this.#paste.replace(/[\p{Cc}\s]+/gu, " ").trim();
    this.#paste = undefined;
    if (pasted !== "") keys.push({ name: "paste", text: pasted });
    return end + PASTE_END.length;
  }
}

/** A key that begins with an escape. */
function sequence(text: string, keys: Key[]): number {
  const rest = text.slice(1, sequenceCharactersMax);
  const whole = /^(?:\[[0-?]*[ -/]*[@-~]|O[@-~])/.exec(rest)?.[0];
  if (whole !== undefined) {
    const name = named[whole];
    if (name !== undefined) keys.push({ name, text: "" });
    return 1 + whole.length;
  }
  if (text.length < sequenceCharactersMax && /^(?:\[[0-?]*[ -/]*|O)?$/.test(rest)) return 0;
  keys.push({ name: "escape", text: "" });
  return 1;
}
