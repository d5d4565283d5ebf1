import type { Literal, LiteralMatcher, LiteralPlatform } from "#base/literal.ts";
import { GramMatcher } from "./gram-matcher.ts";

export { type Literal, LiteralHits, type LiteralMatcher, type LiteralPlatform } from "#base/literal.ts";

/**
 * Builds what searches a set of literals: the platform's library when there is one, otherwise the engine's own matcher.
 * Both find the same. The set may be empty; a literal has at least one byte.
 */
export function buildLiterals(literals: readonly Literal[], platform?: LiteralPlatform): LiteralMatcher {
  return (literals.length > 0 ? platform?.(literals) : undefined) ?? new GramMatcher(literals);
}
