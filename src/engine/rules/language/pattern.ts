import type { CompiledPattern } from "#engine/rules/signature.ts";
import { refuse } from "./problem.ts";

/** A pattern that is known to be well formed; it is compiled when it is first asked. */
export interface ReadyPattern {
  readonly pattern: CompiledPattern;
  readonly required: { readonly literal: Uint8Array; readonly nocase: boolean } | undefined;
}

/** `at` is the offset of the pattern's first character in the rule. */
export function compilePattern(pattern: string, flags: string, at: number): ReadyPattern {
  const source = pattern.replaceAll("(?P<", "(?<");
  try {
    const expression = new RegExp(source, `g${flags.replaceAll(/[^ims]/g, "")}`);
    return {
      pattern: {
        find: (text, from) => {
          expression.lastIndex = from;
          const found = expression.exec(text);
          return found === null ? undefined : { index: found.index, end: found.index + found[0].length, groups: found };
        },
      },
      required: undefined,
    };
  } catch (error) {
    return refuse(at, `the pattern is wrong: ${error instanceof Error ? error.message : ""}`, "see the manual, chapter pcre");
  }
}
