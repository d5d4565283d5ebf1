import { latin1 } from "#base/bytes.ts";
import type { Literal, LiteralMatcher, LiteralPlatform } from "#base/literal.ts";
import { buildLiterals } from "#engine/match/literal.ts";

/** Literals that are searched at once, and the rules that each of them stands for. */
export interface LiteralSet {
  readonly matcher: LiteralMatcher;
  /** Numbers of rules by the literal's number. */
  readonly rules: readonly (readonly number[])[];
}

/** Longest part of a literal that is searched for, bytes: longer ones are hardly rarer. */
const literalBytesMax = 48;

/** What is searched for in place of a rule. */
export const searched = ({ literal, nocase }: { readonly literal: Uint8Array; readonly nocase: boolean }): Literal => ({
  bytes: literal.subarray(0, literalBytesMax),
  nocase,
});

/** Gathers the literals of a set. Rules with the same literal share it. */
export class LiteralSetBuilder {
  readonly #numbers = new Map<string, number>();
  readonly #literals: Literal[] = [];
  readonly #rules: number[][] = [];

  add(literal: Literal, rule: number): void {
    const key = `${literal.nocase ? "i" : "c"}${latin1(literal.bytes, 0, literal.bytes.length)}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#literals.length;
      this.#numbers.set(key, number);
      this.#literals.push(literal);
      this.#rules.push([]);
    }
    (this.#rules[number] as number[]).push(rule);
  }

  /** True when the set stands for the same rules, literal by literal: then the literals are the same, too. */
  isSame({ rules }: LiteralSet): boolean {
    return rules.length === this.#rules.length && rules.every((numbers, i) => isEqual(numbers, this.#rules[i] as readonly number[]));
  }

  build(platform: LiteralPlatform | undefined): LiteralSet {
    return { matcher: buildLiterals(this.#literals, platform), rules: this.#rules };
  }
}

const isEqual = (some: readonly number[], others: readonly number[]): boolean =>
  some.length === others.length && some.every((number, i) => number === others[i]);

/**
 * Builders by key, each made when it is first asked for. Sets of the same rules are built once: of both sides, and of
 * protocols of which the same is asked (HTTP/1 and HTTP/2).
 */
export class LiteralSets<Key> {
  readonly #builders = new Map<Key, LiteralSetBuilder>();
  readonly #built: LiteralSet[] = [];

  of(key: Key): LiteralSetBuilder {
    let builder = this.#builders.get(key);
    if (builder === undefined) {
      builder = new LiteralSetBuilder();
      this.#builders.set(key, builder);
    }
    return builder;
  }

  build(key: Key, platform: LiteralPlatform | undefined): LiteralSet | undefined {
    const builder = this.#builders.get(key);
    if (builder === undefined) return undefined;
    const same = this.#built.find((set) => builder.isSame(set));
    if (same !== undefined) return same;
    const set = builder.build(platform);
    this.#built.push(set);
    return set;
  }
}
