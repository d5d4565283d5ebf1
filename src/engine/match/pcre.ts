import { assert } from "#base/assert.ts";
import type { Literal } from "#base/literal.ts";
import { literalsOf } from "./pcre-literal.ts";
import { PcreMachine } from "./pcre-machine.ts";
import { firstBytes, nullable, uncountedLengthMax } from "./pcre-measure.ts";
import { parsePcre } from "./pcre-parse.ts";
import { writeProgram } from "./pcre-program.ts";
import { writeScript } from "./pcre-script.ts";
import type { PcreError, PcreTree } from "./pcre-tree.ts";

export type { PcreError } from "./pcre-tree.ts";

/** Steps of one search, after which it is given up. One is some nanoseconds. */
const defaultStepsMax = 300_000;

/** Literals that are looked for before a pattern is run. */
const needlesMax = 4;

/** Words of a program from which on V8 is asked at once whether the expression is too large for it. */
const largeWords = 4000;

/** Whether a pattern was found; `limit`: it was given up, and nobody knows. */
export type PcreVerdict = "found" | "absent" | "limit";

/** Where a pattern was found. One object is reused for many searches; it says something only after `found`. */
export class PcreMatch {
  start = 0;
  end = 0;
  /** Text of each group; place 0 is the whole match. `undefined` for a group that took no part. */
  groups: (string | undefined)[] = [];
}

/**
 * A compiled pattern. Texts have one character for each byte (`latin1` of `base/bytes.ts`). It runs in V8 where the form
 * of the pattern keeps the worst case small for the length of the text, and in a machine that counts its steps
 * elsewhere; both find the same, and which one runs depends on nothing but pattern and length.
 */
export class CompiledPcre {
  /** Numbers of the groups that have names. */
  readonly names: ReadonlyMap<string, number>;
  readonly groups: number;
  /** The longest literal that every match contains, for a search that goes before. */
  readonly required: Literal | undefined;
  /** Texts up to this length are searched by V8; 0 when none is. */
  readonly uncountedLengthMax: number;
  readonly #pattern: string;
  readonly #flags: string;
  /** Made when it is first needed: most patterns never need it. */
  #machine: PcreMachine | undefined;
  readonly #script: RegExp | undefined;
  readonly #scriptGroups: readonly number[];
  /** What every match contains and whose case counts: looked for first. */
  readonly #needles: readonly string[];

  constructor(pattern: string, flags: string, tree: PcreTree, isLarge: boolean) {
    this.#pattern = pattern;
    this.#flags = flags;
    this.names = tree.names;
    this.groups = tree.groups;
    const literals = literalsOf(tree.root);
    this.required = literals[0];
    this.#needles = literals
      .filter(({ nocase }) => !nocase)
      .slice(0, needlesMax)
      .map(({ bytes }) => String.fromCharCode(...bytes));
    const length = uncountedLengthMax(tree);
    const written = length > 0 ? writeScript(tree) : undefined;
    this.#script = written === undefined ? undefined : compileScript(written.source, tree.anchored, isLarge);
    this.#scriptGroups = written?.groups ?? [];
    this.uncountedLengthMax = this.#script === undefined ? 0 : length;
  }

  /**
   * Searches the first match that begins at or after `from`. What stands before `from` is seen by `^`, `\b` and (?<=…): give
   * a text of its own to search as if it began there.
   */
  find(text: string, from: number, match: PcreMatch, stepsMax = defaultStepsMax): PcreVerdict {
    if (from < 0 || from > text.length) return "absent";
    for (const needle of this.#needles) if (!text.includes(needle, from)) return "absent";
    if (this.#script === undefined || text.length - from > this.uncountedLengthMax) return this.#count(text, from, match, stepsMax);
    this.#script.lastIndex = from;
    const found = this.#script.exec(text);
    if (found === null) return "absent";
    match.start = found.index;
    match.end = found.index + found[0].length;
    match.groups = this.#scriptGroups.map((group) => found[group]);
    return "found";
  }

  #count(text: string, from: number, match: PcreMatch, stepsMax: number): PcreVerdict {
    this.#machine ??= buildMachine(this.#pattern, this.#flags);
    const verdict = this.#machine.find(text, from, stepsMax);
    if (verdict !== "found") return verdict;
    const { registers } = this.#machine;
    match.start = registers[0] as number;
    match.end = registers[1] as number;
    match.groups = Array.from({ length: this.groups + 1 }, (_, group) => {
      const end = registers[2 * group + 1] as number;
      return end < 0 ? undefined : text.slice(registers[2 * group], end);
    });
    return "found";
  }
}

/**
 * Compiles a Perl-compatible pattern, without its slashes. `flags` are letters of i s m x A E G and U (ungreedy, the same
 * as G); letters that choose a buffer are the caller's.
 */
export function compilePcre(pattern: string, flags: string): CompiledPcre | { readonly error: PcreError } {
  const tree = parsePcre(pattern, flags);
  if ("error" in tree) return tree;
  const program = writeProgram(tree);
  if (program === undefined)
    return {
      error: { column: 1, cause: "the pattern is too long when its repetitions are written out", mend: "repeat less, or smaller parts" },
    };
  return new CompiledPcre(pattern, flags, tree, program.code.length > largeWords);
}

/** For a pattern that was compiled before. */
function buildMachine(pattern: string, flags: string): PcreMachine {
  const tree = parsePcre(pattern, flags);
  const program = "error" in tree ? undefined : writeProgram(tree);
  assert(!("error" in tree) && program !== undefined, "a pattern that was compiled compiles again");
  return new PcreMachine(program, nullable(tree.root) ? undefined : firstBytes(tree.root), tree.anchored);
}

/** The longest literal that every match of a pattern contains; `undefined` when there is none or the pattern is refused. */
export function requiredLiteral(pattern: string, flags = ""): Literal | undefined {
  const tree = parsePcre(pattern, flags);
  return "error" in tree ? undefined : literalsOf(tree.root)[0];
}

/** `undefined` when V8 finds the expression too large. */
function compileScript(source: string, anchored: boolean, isLarge: boolean): RegExp | undefined {
  try {
    const script = new RegExp(source, anchored ? "y" : "g");
    // V8 compiles at the first search, and only then finds an expression too large.
    if (isLarge) {
      script.test("");
      script.lastIndex = 0;
    }
    return script;
  } catch {
    return undefined;
  }
}
