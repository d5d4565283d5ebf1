import type { Keyword } from "./keyword.ts";
import { patternOf, utf8Latin1 } from "./pattern.ts";

/** A keyword that a text holds. */
export interface TextHit {
  readonly keyword: Keyword;
  /** In bytes, from 0. */
  readonly offset: number;
  /** What matched, as one character a byte. */
  readonly bytes: string;
}

/**
 * Keywords that a text holds, as if it stood in one of the contexts; in any, when none is named. Those that are off are
 * left out.
 */
export function keywordsIn(keywords: readonly Keyword[], text: string, context?: string): readonly TextHit[] {
  const bytes = utf8Latin1(text);
  return keywords.flatMap((keyword) => {
    if (!keyword.isOn || (context !== undefined && keyword.contexts.length > 0 && !keyword.contexts.includes(context))) return [];
    const { source, flags } = patternOf(keyword);
    const found = new RegExp(source, flags).exec(bytes);
    return found === null ? [] : [{ keyword, offset: found.index, bytes: found[0] }];
  });
}
