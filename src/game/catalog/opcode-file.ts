import type { Side } from "#contract/parser.ts";
import type { CatalogProblem } from "./problem.ts";

/** A line of a mapping file. */
export interface OpcodeLine {
  /** `undefined` when only the name is known, which then comes from the plugin. */
  readonly number: number | undefined;
  /** `undefined` for both directions. */
  readonly side: Side | undefined;
  readonly name: string;
  /** Struct of the body; `undefined` when its name says it. */
  readonly struct: string | undefined;
}

/** Lines of one mapping file. */
const linesMax = 20_000;

/**
 * Reads a mapping file: a line an opcode, `NUMBER DIRECTION NAME [STRUCT]`. The number may be `-`, the direction is
 * `to_server`, `to_client` or `both`; what follows `#` is for people.
 */
export function readOpcodeFile(
  file: string,
  text: string,
): { readonly lines: readonly OpcodeLine[]; readonly problems: readonly CatalogProblem[] } {
  const lines: OpcodeLine[] = [];
  const problems: CatalogProblem[] = [];
  for (const [index, whole] of text.split("\n", linesMax).entries()) {
    const words = [...whole.replace(/#.*$/, "").matchAll(/\S+/g)];
    if (words.length === 0) continue;
    const read = readLine(words.map(([word]) => word));
    if ("name" in read) lines.push(read);
    else {
      const column = (words[read.word]?.index ?? whole.trimEnd().length) + 1;
      problems.push({ severity: "error", file, line: index + 1, column, cause: read.cause, mend });
    }
  }
  return { lines, problems };
}

const mend = "write NUMBER to_server|to_client|both NAME [STRUCT]";

function readLine(words: readonly string[]): OpcodeLine | { readonly word: number; readonly cause: string } {
  const [number = "", direction = "", name = "", struct] = words;
  if (words.length < 3 || words.length > 4) return { word: 4, cause: "a line has three or four words" };
  const value = number === "-" ? undefined : Number(number);
  if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value < 2 ** 32))
    return { word: 0, cause: `${number} is no opcode` };
  if (!["to_server", "to_client", "both"].includes(direction)) return { word: 1, cause: `${direction} is no direction` };
  if (!/^\w{1,100}$/.test(name)) return { word: 2, cause: `${name} is no name` };
  return { number: value, side: direction === "both" ? undefined : direction === "to_server" ? 0 : 1, name, struct };
}
