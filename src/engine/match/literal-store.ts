import { assert } from "#base/assert.ts";
import { latin1 } from "#base/bytes.ts";
import type { Literal, LiteralHits } from "#base/literal.ts";

/** 0x20 for A to Z: what turns a letter into its lower case. */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/** The literals one behind the other in one array, so that comparing one touches no object. */
export class LiteralStore {
  readonly count: number;
  readonly longest: number;
  /** First byte of each literal in `text`; one more than there are literals. */
  readonly starts: Int32Array;
  /** Literals that fold case stand here in lower case. */
  readonly text: Uint8Array;
  readonly nocase: Uint8Array;
  /** The next literal that is equal to this one, or -1. Rules share literals; each is searched once. */
  readonly same: Int32Array;
  /** Numbers of the literals that no earlier one is equal to. */
  readonly distinct: readonly number[];

  constructor(literals: readonly Literal[]) {
    this.count = literals.length;
    this.starts = new Int32Array(literals.length + 1);
    this.nocase = new Uint8Array(literals.length);
    let longest = 0;
    literals.forEach(({ bytes, nocase }, id) => {
      assert(bytes.length > 0, "a literal has at least one byte");
      longest = Math.max(longest, bytes.length);
      this.nocase[id] = nocase ? 1 : 0;
      this.starts[id + 1] = (this.starts[id] as number) + bytes.length;
    });
    this.longest = longest;
    this.text = new Uint8Array(this.starts[literals.length] as number);
    literals.forEach(({ bytes, nocase }, id) => {
      this.text.set(nocase ? bytes.map((byte) => LOWER[byte] as number) : bytes, this.starts[id]);
    });
    this.same = new Int32Array(literals.length).fill(-1);
    this.distinct = this.#chainEqual();
  }

  #chainEqual(): readonly number[] {
    const lastOf = new Map<string, number>();
    const distinct: number[] = [];
    for (let id = 0; id < this.count; id++) {
      const key = `${this.nocase[id]}${latin1(this.text, this.starts[id] as number, this.starts[id + 1] as number)}`;
      const before = lastOf.get(key);
      if (before === undefined) distinct.push(id);
      else this.same[before] = id;
      lastOf.set(key, id);
    }
    return distinct;
  }

  /** Notes a literal and those that are equal to it. */
  hit(id: number, hits: LiteralHits): void {
    for (let one = id; one >= 0; one = this.same[one] as number) hits.add(one);
  }

  get memoryBytes(): number {
    return this.text.length + this.starts.byteLength + this.nocase.length + this.same.byteLength + 8 * this.distinct.length;
  }

  length(id: number): number {
    return (this.starts[id + 1] as number) - (this.starts[id] as number);
  }

  /** True when the literal stands in `bytes[from..to)` at `at`, which may be before `from`. */
  matches(id: number, bytes: Uint8Array, at: number, from: number, to: number): boolean {
    const { text } = this;
    const start = this.starts[id] as number;
    const length = (this.starts[id + 1] as number) - start;
    if (at < from || at + length > to) return false;
    if (this.nocase[id] === 0) {
      for (let i = 0; i < length; i++) if (bytes[at + i] !== text[start + i]) return false;
    } else {
      for (let i = 0; i < length; i++) if (LOWER[bytes[at + i] as number] !== text[start + i]) return false;
    }
    return true;
  }
}
