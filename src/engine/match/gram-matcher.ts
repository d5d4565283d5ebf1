import type { Literal, LiteralHits, LiteralMatcher } from "#base/literal.ts";
import { BytePass } from "./byte-pass.ts";
import { GramPass, type GramShape } from "./gram-pass.ts";
import { pairWeights } from "./gram-rarity.ts";
import { LiteralStore } from "./literal-store.ts";

/** Arrays up to this length may live in V8's heap, where giving them a view costs more than copying them. */
const copiedBytesMax = 64;

/** Places in memory are integers of 32 bits in the loops. */
const placeMax = 0x7fff_0000;

/** Length of the shortest literal of a pass, and what the pass looks at. Two and three bytes share one if both are there. */
const shapeFor = (shortest: number): GramShape => {
  if (shortest >= 7) return { gramBytes: 4, stride: 4 };
  if (shortest >= 5) return { gramBytes: 4, stride: 2 };
  if (shortest === 4) return { gramBytes: 3, stride: 2 };
  return { gramBytes: shortest, stride: 1 };
};
const groupOf = (length: number): number => (length >= 7 ? 0 : length >= 4 ? 1 : length >= 2 ? 2 : 3);

/**
 * The engine's own search for many literals: up to three runs with filters (long, middle, short literals) and one
 * for single bytes. Typed arrays only; 30,000 literals take about 4 MB.
 */
export class GramMatcher implements LiteralMatcher {
  readonly count: number;
  readonly longest: number;
  readonly memoryBytes: number;
  readonly #passes: readonly GramPass[];
  readonly #bytePass: BytePass | undefined;
  readonly #scratch = new Uint8Array(new ArrayBuffer(copiedBytesMax));
  readonly #scratchView = new DataView(this.#scratch.buffer);
  /** Over the whole memory of the array that was scanned last: the next one is most often of the same block. */
  #view: DataView = this.#scratchView;

  constructor(literals: readonly Literal[]) {
    const store = new LiteralStore(literals);
    this.count = store.count;
    this.longest = store.longest;
    const groups: number[][] = [[], [], [], []];
    for (const id of store.distinct) groups[groupOf(store.length(id))]?.push(id);
    const [long = [], middle = [], short = [], single = []] = groups;
    const weights = pairWeights();
    this.#passes = [long, middle, short]
      .filter((ids) => ids.length > 0)
      .map((ids) => new GramPass(store, ids, shapeFor(ids.reduce((least, id) => Math.min(least, store.length(id)), 7)), weights));
    this.#bytePass = single.length > 0 ? new BytePass(store, single) : undefined;
    this.memoryBytes = this.#passes.reduce((sum, pass) => sum + pass.memoryBytes, store.memoryBytes + (this.#bytePass?.memoryBytes ?? 0));
  }

  scan(bytes: Uint8Array, from: number, to: number, hits: LiteralHits): void {
    if (this.count === 0 || to <= from) return;
    hits.fit(this.count);
    if (bytes.length <= copiedBytesMax) {
      const scratch = this.#scratch;
      const length = to - from;
      for (let i = 0; i < length; i++) scratch[i] = bytes[from + i] as number;
      this.#run(scratch, this.#scratchView, 0, 0, length, hits);
    } else if (bytes.byteOffset + to > placeMax) {
      this.#run(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0, from, to, hits);
    } else {
      if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
      this.#run(bytes, this.#view, bytes.byteOffset, from, to, hits);
    }
  }

  #run(bytes: Uint8Array, view: DataView, base: number, from: number, to: number, hits: LiteralHits): void {
    for (const pass of this.#passes) pass.scan(bytes, view, base, from, to, hits);
    this.#bytePass?.scan(bytes, from, to, hits);
  }
}
