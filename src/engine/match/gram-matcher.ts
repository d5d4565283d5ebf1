import { assert } from "#base/assert.ts";
import type { Literal, LiteralHits, LiteralMatcher } from "#base/literal.ts";

/** Searches each literal for itself. */
export class GramMatcher implements LiteralMatcher {
  readonly count: number;
  readonly longest: number;
  readonly memoryBytes: number;
  readonly #literals: readonly Literal[];

  constructor(literals: readonly Literal[]) {
    assert(
      literals.every(({ bytes }) => bytes.length > 0),
      "a literal has at least one byte",
    );
    this.#literals = literals;
    this.count = literals.length;
    this.longest = literals.reduce((longest, { bytes }) => Math.max(longest, bytes.length), 0);
    this.memoryBytes = literals.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  scan(bytes: Uint8Array, from: number, to: number, hits: LiteralHits): void {
    hits.fit(this.count);
    for (const [id, literal] of this.#literals.entries())
      for (let at = from; at + literal.bytes.length <= to; at++) if (occursAt(bytes, at, literal)) hits.add(id);
  }
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function occursAt(bytes: Uint8Array, at: number, { bytes: wanted, nocase }: Literal): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [bytes[at + i] as number, wanted[i] as number];
    if (a !== b && !(nocase && lower(a) === lower(b))) return false;
  }
  return true;
}
