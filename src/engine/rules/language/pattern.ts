import { type CompiledPcre, compilePcre, PcreMatch } from "#engine/match/pcre.ts";
import { literalsOf } from "#engine/match/pcre-literal.ts";
import { parsePcre } from "#engine/match/pcre-parse.ts";
import type { CompiledPattern, PcreTest } from "#engine/rules/signature.ts";
import { refuse } from "./problem.ts";
import { utf8 } from "./values.ts";

/** A pattern that is known to be well formed. */
export interface ReadyPattern {
  readonly pattern: CompiledPattern;
  /** Capturing groups, and the numbers of those that have names. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  readonly required: PcreTest["required"];
}

/** Reads a pattern; it is compiled when it is first asked. `at` is the offset of its first character in the rule. */
export function readPattern(pattern: string, flags: string, at: number): ReadyPattern {
  const bytes = asBytes(pattern);
  const tree = parsePcre(bytes, flags);
  if ("error" in tree) {
    const { column, cause, mend } = tree.error;
    return refuse(at + column - 1, `the pattern is wrong: ${cause}`, mend);
  }
  const [literal] = literalsOf(tree.root);
  return {
    pattern: new LatePattern(bytes, flags),
    groups: tree.groups,
    names: tree.names,
    required: literal === undefined ? undefined : { literal: literal.bytes, nocase: literal.nocase },
  };
}

/** Patterns are about bytes: one character for each byte of the text in UTF-8. */
function asBytes(pattern: string): string {
  return /[^\0-\x7f]/.test(pattern) ? String.fromCharCode(...utf8(pattern)) : pattern;
}

/** Most patterns of a large set are never asked: they cost nothing but their text. */
class LatePattern implements CompiledPattern {
  readonly #pattern: string;
  readonly #flags: string;
  #match: PcreMatch | undefined;
  #compiled: CompiledPcre | undefined;
  #refused = false;

  constructor(pattern: string, flags: string) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  find(text: string, from: number): ReturnType<CompiledPattern["find"]> {
    this.#match ??= new PcreMatch();
    const match = this.#match;
    if (this.#ready()?.find(text, from, match) !== "found") return undefined;
    return { index: match.start, end: match.end, groups: match.groups };
  }

  #ready(): CompiledPcre | undefined {
    if (this.#compiled === undefined && !this.#refused) {
      const compiled = compilePcre(this.#pattern, this.#flags);
      if ("error" in compiled) this.#refused = true;
      else this.#compiled = compiled;
    }
    return this.#compiled;
  }
}
