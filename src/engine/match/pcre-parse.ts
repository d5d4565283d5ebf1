import { readClass } from "./pcre-class.ts";
import { fixedWidth } from "./pcre-measure.ts";
import { groupOpening, type PatternFlags } from "./pcre-opening.ts";
import { PatternReader, readByteEscape } from "./pcre-reader.ts";
import {
  allBytes,
  anyButNewline,
  byteNode,
  classLetters,
  type PcreError,
  type PcreNode,
  PcreRefusal,
  type PcreTree,
  type PlaceName,
  type RepeatMode,
  setNode,
  setOf,
} from "./pcre-tree.ts";

/** Groups inside each other. */
const depthMax = 100;
const repeatMax = 65_535;
const flagLetters = "imsxAEGU";

/** Parses a pattern of pcre2pattern(3), without the slashes. `flags` are letters of i m s x A E G. */
export function parsePcre(pattern: string, flags: string): PcreTree | { readonly error: PcreError } {
  try {
    for (const letter of flags) {
      if (!flagLetters.includes(letter))
        throw new PcreRefusal(pattern.length, `no pattern flag is called ${letter}`, `known are ${flagLetters}`);
    }
    return new PcreParser(pattern, flags).tree(flags.includes("A"));
  } catch (error) {
    if (!(error instanceof PcreRefusal)) throw error;
    return { error: { column: error.at + 1, cause: error.message, mend: error.mend } };
  }
}

const placeLetters: ReadonlyMap<string, PlaceName> = new Map([
  ["A", "start"],
  ["z", "end"],
  ["Z", "end-or-newline"],
  ["G", "search-start"],
  ["b", "word"],
  ["B", "not-word"],
]);
/** What PCRE knows and this does not, by the letter after the backslash. */
const refusedLetters: ReadonlyMap<string, string> = new Map([
  ["K", "\\K (forget what was matched) is not supported"],
  ["C", "\\C (one code unit) is not supported"],
  ["X", "\\X (extended grapheme) is not supported"],
  ["p", "\\p (Unicode property) is not supported: patterns are searched in bytes"],
  ["P", "\\P (Unicode property) is not supported: patterns are searched in bytes"],
]);

class PcreParser {
  readonly #reader: PatternReader;
  readonly #dollarEndOnly: boolean;
  #flags: PatternFlags;
  #groups = 0;
  #depth = 0;
  readonly #names = new Map<string, number>();
  /** References by name or number that are checked at the end: the group may come later. */
  readonly #references: { readonly group: string; readonly at: number; readonly node: { kind: "back"; group: number; nocase: boolean } }[] =
    [];

  constructor(pattern: string, flags: string) {
    this.#reader = new PatternReader(pattern);
    this.#dollarEndOnly = flags.includes("E");
    this.#flags = {
      nocase: flags.includes("i"),
      lines: flags.includes("m"),
      dotAll: flags.includes("s"),
      extended: flags.includes("x"),
      ungreedy: flags.includes("G") || flags.includes("U"),
    };
  }

  tree(anchored: boolean): PcreTree {
    const reader = this.#reader;
    const wide = /[^\0-\xff]/.exec(reader.text);
    if (wide !== null) reader.refuse("a character beyond 255: patterns are searched in bytes", "write its bytes as \\xHH", wide.index);
    const root = this.#choice();
    if (!reader.done) reader.refuse("a closing parenthesis has no opening one", "remove it, or write \\)");
    for (const { group, at, node } of this.#references) {
      const index = /^\d+$/.test(group) ? Number(group) : (this.#names.get(group) ?? 0);
      if (index === 0 || index > this.#groups)
        reader.refuse(`a reference to group ${group}, which there is not`, "name a group of this pattern", at);
      node.group = index;
    }
    // What begins with a loop over any bytes and matches later would have matched at the beginning.
    return { root, groups: this.#groups, names: this.#names, anchored: anchored || (beginsWithAll(root) && this.#references.length === 0) };
  }

  /** Alternatives up to a closing parenthesis or the end. */
  #choice(): PcreNode {
    const ways = [this.#sequence()];
    while (this.#reader.take("|")) ways.push(this.#sequence());
    return ways.length === 1 ? (ways[0] as PcreNode) : { kind: "choice", ways };
  }

  #sequence(): PcreNode {
    const reader = this.#reader;
    const parts: PcreNode[] = [];
    while (!reader.done && reader.peek() !== "|" && reader.peek() !== ")") {
      if (this.#skip()) continue;
      if (reader.take("\\Q")) {
        this.#quoted(parts);
        continue;
      }
      const node = this.#atom();
      if (node !== undefined) parts.push(this.#repeated(node));
    }
    return parts.length === 1 ? (parts[0] as PcreNode) : { kind: "sequence", parts };
  }

  /** Comments, and with `x` white space too. */
  #skip(): boolean {
    const reader = this.#reader;
    if (reader.take("\\E")) return true;
    if (this.#flags.extended && reader.match(/[\t-\r ]+|#[^\n]*\n?/y) !== undefined) return true;
    if (!reader.take("(?#")) return false;
    if (reader.match(/[^)]*\)/y) === undefined) reader.refuse("a comment has no end", "close it with )");
    return true;
  }

  /** Text between \Q and \E; a quantifier belongs to its last byte. */
  #quoted(parts: PcreNode[]): void {
    const reader = this.#reader;
    const text = (reader.match(/(?:(?!\\E)[\s\S])*/y) as RegExpExecArray)[0];
    reader.take("\\E");
    for (const char of text) parts.push(this.#byte(char.charCodeAt(0)));
    const last = parts.pop();
    if (last !== undefined) parts.push(text === "" ? last : this.#repeated(last));
  }

  #byte(byte: number): PcreNode {
    return byteNode(byte, this.#flags.nocase);
  }

  /** One thing; `undefined` for a change of flags. */
  #atom(): PcreNode | undefined {
    const reader = this.#reader;
    const at = reader.at;
    const char = reader.peek();
    reader.at++;
    switch (char) {
      case ".":
        return setNode(this.#flags.dotAll ? allBytes : anyButNewline);
      case "^":
        return { kind: "place", place: this.#flags.lines ? "line-start" : "start" };
      case "$":
        return { kind: "place", place: this.#flags.lines ? "line-end" : this.#dollarEndOnly ? "end" : "end-or-newline" };
      case "[":
        return setNode(readClass(reader, this.#flags.nocase));
      case "\\":
        return this.#escape();
      case "(":
        return this.#parenthesis(at);
      case "{":
        if (/^\{\d+(?:,\d*)?\}/.test(reader.text.slice(at, at + 16)))
          reader.refuse("a quantifier has nothing to repeat", "write \\{ for the character", at);
        return this.#byte(0x7b);
      case "*":
      case "+":
      case "?":
        return reader.refuse(`${char} has nothing to repeat`, `write \\${char} for the character`, at);
      default:
        return this.#byte(char.charCodeAt(0));
    }
  }

  #escape(): PcreNode {
    const reader = this.#reader;
    const at = reader.at - 1;
    const letter = reader.peek();
    if (letter === "") reader.refuse("a backslash at the end", "write \\\\ for the character", at);
    const place = placeLetters.get(letter);
    const set = classLetters.get(letter);
    if (place !== undefined || set !== undefined) {
      reader.at++;
      if (place !== undefined) return { kind: "place", place };
      return setNode(set as Uint8Array);
    }
    if (reader.take("R")) return lineBreak;
    const refused = refusedLetters.get(letter);
    if (refused !== undefined) reader.refuse(refused, "write the pattern without it", at);
    const reference = this.#reference(at);
    if (reference !== undefined) return reference;
    const byte = readByteEscape(reader);
    if (byte !== undefined) return this.#byte(byte);
    if (/[A-Za-z]/.test(letter)) reader.refuse(`\\${letter} has no meaning`, `write ${letter} for the letter`, at);
    reader.at++;
    return this.#byte(letter.charCodeAt(0));
  }

  /** A reference to what a group matched, or an octal byte: pcre2pattern, "Non-printing characters". */
  #reference(at: number): PcreNode | undefined {
    const reader = this.#reader;
    if (/[gk]/.test(reader.peek())) {
      const named = reader.match(/k(?:<(\w+)>|'(\w+)'|\{(\w+)\})|g(?:\{(-?\w+)\}|(-?\d+))/y);
      if (named === undefined)
        reader.refuse(`\\${reader.peek()} with brackets is a call or unfinished`, "refer to a group by \\1 or (?P=name)", at);
      const name = named?.slice(1).find((one) => one !== undefined) ?? "";
      return this.#back(name.startsWith("-") ? String(this.#groups + 1 - Number(name.slice(1))) : name, at);
    }
    const digits = /^[1-9]\d*/.exec(reader.text.slice(reader.at))?.[0];
    if (digits === undefined) return undefined;
    const groups = (reader.text.match(/\((?!\?)|\(\?P?<(?![=!])|\(\?'/g) ?? []).length;
    if (digits.length === 1 || Number(digits) <= groups) {
      reader.at += digits.length;
      return this.#back(digits, at);
    }
    const octal = reader.match(/[0-7]{1,3}/y);
    if (octal !== undefined) return this.#byte(Number.parseInt(octal[0], 8) & 0xff);
    return reader.refuse(`a reference to group ${digits}, which there is not`, "name a group of this pattern", at);
  }

  #back(group: string, at: number): PcreNode {
    const node = { kind: "back" as const, group: 0, nocase: this.#flags.nocase };
    this.#references.push({ group, at, node });
    return node;
  }

  #parenthesis(at: number): PcreNode | undefined {
    const reader = this.#reader;
    const opening = groupOpening(reader, this.#flags, at);
    if (opening.kind === "reference") return this.#back(opening.name, at);
    if (opening.kind === "flags") {
      // They last to the end of the group around.
      this.#flags = opening.flags;
      return undefined;
    }
    const outside = this.#flags;
    if (opening.kind === "plain") this.#flags = opening.flags;
    const index = opening.kind === "capture" ? ++this.#groups : 0;
    if (opening.kind === "capture" && opening.name !== undefined) {
      if (this.#names.has(opening.name)) reader.refuse(`two groups are called ${opening.name}`, "give each its own name", at);
      this.#names.set(opening.name, index);
    }
    if (++this.#depth > depthMax) reader.refuse(`more than ${depthMax} groups inside each other`, "write a simpler pattern", at);
    const body = this.#choice();
    this.#depth--;
    this.#flags = outside;
    if (!reader.take(")")) reader.refuse("a parenthesis has no closing one", "close it with ), or write \\(", at);
    if (opening.kind === "capture") return { kind: "group", index, body };
    if (opening.kind === "atomic") return { kind: "atomic", body };
    if (opening.kind === "look") {
      const ways = body.kind === "choice" ? body.ways : [body];
      if (!opening.ahead && ways.some((way) => fixedWidth(way) === undefined))
        reader.refuse("what stands before has no fixed length", "give each alternative of (?<…) a fixed length", at);
      return { kind: "look", ahead: opening.ahead, negative: opening.negative, body };
    }
    // A place in a group of its own may be repeated.
    return body.kind === "place" ? { kind: "sequence", parts: [body] } : body;
  }

  /** The thing with the quantifiers behind it. */
  #repeated(node: PcreNode): PcreNode {
    const reader = this.#reader;
    while (this.#flags.extended && this.#skip());
    const found = reader.match(/[*+?]|\{(\d+)(,?)(\d*)\}/y);
    if (found === undefined) return node;
    const [sign, low, comma, high] = found;
    const at = reader.at - sign.length;
    if (node.kind === "place") reader.refuse(`${sign} has nothing to repeat: a place takes no bytes`, "leave the quantifier out", at);
    const min = low === undefined ? (sign === "+" ? 1 : 0) : Number(low);
    const max =
      low === undefined
        ? sign === "?"
          ? 1
          : Number.POSITIVE_INFINITY
        : comma === ""
          ? min
          : high === ""
            ? Number.POSITIVE_INFINITY
            : Number(high);
    if (min > repeatMax || (max > repeatMax && max !== Number.POSITIVE_INFINITY))
      reader.refuse(`a number of repetitions beyond ${repeatMax}`, "use a smaller one", at);
    if (max < min) reader.refuse("a quantifier whose numbers are out of order", "write the smaller number first", at);
    let mode: RepeatMode = this.#flags.ungreedy ? "lazy" : "greedy";
    if (reader.take("+")) mode = "possessive";
    else if (reader.take("?")) mode = this.#flags.ungreedy ? "greedy" : "lazy";
    if (/[*+?]/.test(reader.peek())) reader.refuse(`${reader.peek()} has nothing to repeat`, "put what it repeats in (?:…)");
    return { kind: "repeat", body: node, min, max, mode };
  }
}

function beginsWithAll(node: PcreNode): boolean {
  if (node.kind === "sequence") return node.parts[0] !== undefined && beginsWithAll(node.parts[0]);
  if (node.kind === "group") return beginsWithAll(node.body);
  if (node.kind !== "repeat" || node.min > 0 || node.max !== Number.POSITIVE_INFINITY || node.mode === "possessive") return false;
  return node.body.kind === "set" && node.body.set.every((one) => one === 1);
}

/** \R: any line break, a carriage return and newline being one. */
const lineBreak: PcreNode = {
  kind: "atomic",
  body: {
    kind: "choice",
    ways: [
      {
        kind: "sequence",
        parts: [byteNode(0x0d, false), byteNode(0x0a, false)],
      },
      setNode(setOf([0x0a, 0x0d], [0x85, 0x85])),
    ],
  },
};
