import type { PcreNode, PcreTree, PlaceName, SetNode } from "./pcre-tree.ts";

/** A pattern as a JavaScript expression over texts of one character per byte. */
export interface ScriptPattern {
  readonly source: string;
  /** Number of each of the pattern's groups in the expression; place 0 is the whole. */
  readonly groups: readonly number[];
}

/**
 * Writes the tree without flags: sets stand for case and dots. Atomic groups, which JavaScript lacks, become a look ahead
 * and a reference to what it captured. Patterns with references of their own are not written.
 */
export function writeScript(tree: PcreTree): ScriptPattern {
  const writer = new ScriptWriter(tree.groups);
  return { source: writer.write(tree.root), groups: writer.groups };
}

const places: Readonly<Record<Exclude<PlaceName, "search-start">, string>> = {
  start: "^",
  end: "$",
  "end-or-newline": "(?=\\n?$)",
  // A newline that is the last byte begins no line.
  "line-start": "(?:^|(?<=\\n)(?=[^]))",
  "line-end": "(?=\\n|$)",
  word: "\\b",
  "not-word": "\\B",
};

class ScriptWriter {
  readonly groups: number[];
  #count = 0;

  constructor(groups: number) {
    this.groups = Array.from({ length: groups + 1 }, () => 0);
  }

  write(node: PcreNode): string {
    switch (node.kind) {
      case "set":
        return writeSet(node);
      case "sequence":
        return node.parts.map((part) => (part.kind === "choice" ? `(?:${this.write(part)})` : this.write(part))).join("");
      case "choice":
        return node.ways.map((way) => this.write(way)).join("|");
      case "group":
        this.groups[node.index] = ++this.#count;
        return `(${this.write(node.body)})`;
      case "atomic":
        return this.#atomic(node.body);
      case "look":
        return `(?${node.ahead ? "" : "<"}${node.negative ? "!" : "="}${this.write(node.body)})`;
      case "place":
        return node.place === "search-start" ? "" : places[node.place];
      case "back":
        return "";
      default:
        return node.mode === "possessive" ? this.#atomic({ ...node, mode: "greedy" }) : this.#repeat(node);
    }
  }

  #atomic(body: PcreNode): string {
    const number = ++this.#count;
    return `(?:(?=(${this.write(body)}))\\${number})`;
  }

  #repeat({ body, min, max, mode }: PcreNode & { kind: "repeat" }): string {
    const written = body.kind === "set" ? this.write(body) : `(?:${this.write(body)})`;
    return `${written}${quantifier(min, max)}${mode === "lazy" ? "?" : ""}`;
  }
}

function quantifier(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === max) return `{${min}}`;
  return min === 0 && max === 1 ? "?" : `{${min},${max}}`;
}

const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, "0")}`;
/** Each byte as it stands in an expression, in a class or outside. */
const characters: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9 _]/.test(char) ? char : hex(byte);
});
const character = (byte: number): string => characters[byte] as string;

function writeSet({ set, byte, bits }: SetNode): string {
  if (byte >= 0) return bits === 0 ? character(byte) : `[${character(byte - bits)}${character(byte)}]`;
  let size = 0;
  for (const one of set) size += one;
  if (size === 256) return "[^]";
  if (size === 0) return "[]";
  const [member, open] = size > 128 ? [0, "[^"] : [1, "["];
  let text = open;
  for (let low = 0; low < 256; low++) {
    if (set[low] !== member) continue;
    let high = low;
    while (high < 255 && set[high + 1] === member) high++;
    text += high === low ? character(low) : `${character(low)}-${character(high)}`;
    low = high;
  }
  return `${text}]`;
}
