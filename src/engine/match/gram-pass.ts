import type { LiteralHits } from "#base/literal.ts";
import { pairIndex } from "./gram-rarity.ts";
import type { LiteralStore } from "./literal-store.ts";

/**
 * One run over the bytes for literals of similar length. Every `stride` bytes it looks at one gram, a group of two to
 * four bytes with case folded. A literal of at least gram + stride - 1 bytes contains such a gram wherever it stands:
 * it is filed under its rarest gram for each of the `stride` ways to stand. A table of bits says whether any literal is
 * filed under a gram; only then is the list of literals read, and the literal compared.
 *
 *   bytes   . . . . G E T / e v i l . . . .      stride 4, looks at:  G E T /   e v i l
 *   filed   "/evil.exe" under "evil" (1), "vil." (2), "il.e" (3), "/evi" (0)
 *                      each one at another distance modulo 4 from its start
 */
export interface GramShape {
  /** 2, 3 or 4. */
  readonly gramBytes: number;
  /** 1, 2 or 4. */
  readonly stride: number;
}

const FOLDED = 0x2020_2020;
const MIX = 0x9e37_79b1;
/** Bytes of the table for each filed gram: at 4, with one bit of 32 set, one look in 32 at random bytes is a false alarm. */
const bytesPerGram = 4;
const tableBitsMin = 12;
/** 1 MB: more would fall out of the processor's cache. */
const tableBitsMax = 20;
/** Grams of a literal that are weighed. */
const gramsWeighedMax = 256;

export class GramPass {
  readonly #store: LiteralStore;
  readonly #gramBytes: number;
  readonly #stride: number;
  readonly #mask: number;
  /** By the upper bits of a gram's hash: one bit of eight, chosen by lower bits, for each filed gram. */
  readonly #table: Uint8Array;
  readonly #tableShift: number;
  /** By the upper bits of the hash: where the filed grams of a bucket begin. */
  readonly #buckets: Int32Array;
  readonly #bucketShift: number;
  readonly #grams: Int32Array;
  readonly #ids: Int32Array;
  readonly #offsets: Int32Array;

  constructor(store: LiteralStore, ids: readonly number[], shape: GramShape, weights: Float64Array) {
    this.#store = store;
    this.#gramBytes = shape.gramBytes;
    this.#stride = shape.stride;
    this.#mask = shape.gramBytes === 4 ? -1 : (1 << (shape.gramBytes * 8)) - 1;
    const count = ids.length * shape.stride;
    const bucketBits = Math.max(1, Math.ceil(Math.log2(count)));
    const tableBits = Math.min(tableBitsMax, Math.max(tableBitsMin, Math.ceil(Math.log2(count * bytesPerGram))));
    this.#bucketShift = 32 - bucketBits;
    this.#tableShift = 32 - tableBits;
    this.#table = new Uint8Array(1 << tableBits);
    this.#buckets = new Int32Array((1 << bucketBits) + 1);
    this.#grams = new Int32Array(count);
    this.#ids = new Int32Array(count);
    this.#offsets = new Int32Array(count);
    this.#file(ids, weights);
  }

  get memoryBytes(): number {
    return this.#table.length + this.#buckets.byteLength + 3 * this.#grams.byteLength;
  }

  /** `view` stands over the memory of `bytes`, whose first byte is at `base` of it. */
  scan(bytes: Uint8Array, view: DataView, base: number, from: number, to: number, hits: LiteralHits): void {
    const mask = this.#mask;
    const last = base + to - 4;
    let place = this.#next(view, base + from, last);
    while (place <= last) {
      this.#candidate(bytes, place - base, from, to, Math.imul((view.getInt32(place, true) & mask) | (FOLDED & mask), MIX), hits);
      place = this.#next(view, place + this.#stride, last);
    }
    let at = place - base;
    // A gram of two or three bytes can stand where four cannot be read any more.
    for (; at + this.#gramBytes <= to; at += this.#stride) {
      let gram = 0;
      for (let i = 0; i < this.#gramBytes; i++) gram |= ((bytes[at + i] as number) | 0x20) << (i * 8);
      const hash = Math.imul(gram, MIX);
      this.#candidate(bytes, at, from, to, hash, hits);
    }
  }

  /** The next place of a gram that may be filed, or one after `last`. */
  #next(view: DataView, from: number, last: number): number {
    // `| 0` tells the compiler that these are small integers: twice as fast.
    const mask = this.#mask | 0;
    const fold = FOLDED & mask;
    const table = this.#table;
    const shift = this.#tableShift | 0;
    const stride = this.#stride | 0;
    const end = last | 0;
    let place = from | 0;
    for (; place <= end; place = (place + stride) | 0) {
      const hash = Math.imul((view.getInt32(place, true) & mask) | fold, MIX);
      if ((((table[hash >>> shift] as number) >>> ((hash >>> 8) & 7)) & 1) !== 0) return place;
    }
    return place;
  }

  #candidate(bytes: Uint8Array, at: number, from: number, to: number, hash: number, hits: LiteralHits): void {
    const bucket = hash >>> this.#bucketShift;
    const end = this.#buckets[bucket + 1] as number;
    const { found } = hits;
    for (let i = this.#buckets[bucket] as number; i < end; i++) {
      if (this.#grams[i] !== hash) continue;
      const id = this.#ids[i] as number;
      if (found[id] === 0 && this.#store.matches(id, bytes, at - (this.#offsets[i] as number), from, to)) this.#store.hit(id, hits);
    }
  }

  /** Chooses the grams, then sorts them into their buckets by counting. A gram is kept as its hash, which is one to one. */
  #file(ids: readonly number[], weights: Float64Array): void {
    const count = this.#grams.length;
    const hashes = new Int32Array(count);
    const offsets = new Int32Array(count);
    const crowd = new Uint16Array(65_536);
    let filed = 0;
    for (const id of ids)
      for (let way = 0; way < this.#stride; way++) {
        const offset = this.#rarest(id, way, weights, crowd);
        const hash = Math.imul(this.#gramAt((this.#store.starts[id] as number) + offset), MIX);
        hashes[filed] = hash;
        offsets[filed++] = offset;
        crowd[hash >>> 16] = Math.min(65_535, (crowd[hash >>> 16] as number) + 1);
        const place = hash >>> this.#tableShift;
        this.#table[place] = (this.#table[place] as number) | (1 << ((hash >>> 8) & 7));
        const bucket = (hash >>> this.#bucketShift) + 1;
        this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
      }
    for (let i = 1; i < this.#buckets.length; i++) this.#buckets[i] = (this.#buckets[i] as number) + (this.#buckets[i - 1] as number);
    const next = this.#buckets.slice();
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number;
      const bucket = hash >>> this.#bucketShift;
      const place = next[bucket] as number;
      next[bucket] = place + 1;
      this.#grams[place] = hash;
      this.#ids[place] = ids[Math.floor(i / this.#stride)] as number;
      this.#offsets[place] = offsets[i] as number;
    }
  }

  /** Of the grams that stand at `way` modulo the stride, the one that is rarest in traffic and among the filed ones. */
  #rarest(id: number, way: number, weights: Float64Array, crowd: Uint16Array): number {
    const { text } = this.#store;
    const start = this.#store.starts[id] as number;
    const last = Math.min(this.#store.length(id) - this.#gramBytes, gramsWeighedMax);
    let best = way;
    let bestWeight = Number.POSITIVE_INFINITY;
    for (let offset = way; offset <= last; offset += this.#stride) {
      const at = start + offset;
      let weight = 1 + (crowd[Math.imul(this.#gramAt(at), MIX) >>> 16] as number);
      for (let i = 1; i < this.#gramBytes; i++) weight *= weights[pairIndex(text[at + i - 1] as number, text[at + i] as number)] as number;
      if (weight < bestWeight) {
        best = offset;
        bestWeight = weight;
      }
    }
    return best;
  }

  /** The folded gram at a place of the store, its first byte lowest. */
  #gramAt(at: number): number {
    let gram = 0;
    for (let i = 0; i < this.#gramBytes; i++) gram |= ((this.#store.text[at + i] as number) | 0x20) << (i * 8);
    return gram;
  }
}
