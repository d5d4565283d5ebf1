import type { JsonBytes } from "./json-bytes.ts";

/** Flows whose pieces are remembered. A power of two; a newer one takes the place of an older. */
const SLOTS = 1024;
/** Most doubles of each piece: the identity, the ends, the community ID. */
const PIECES = [4, 24, 6] as const;
const STARTS = [0, 4, 28] as const;
const ENTRY_DOUBLES = 34;
const ENTRY_BYTES = ENTRY_DOUBLES * 8;

/** Which piece of an event's head. */
export const HeadPiece = { identity: 0, ends: 1, community: 2 } as const;
export type HeadPiece = (typeof HeadPiece)[keyof typeof HeadPiece];

/**
 * The pieces of JSON that are the same in all events of a flow, as they were written for the one before. Most flows
 * tell several events in a row. What it remembers changes nothing but the time that writing takes.
 */
export class FlowHeads {
  /** Who an entry belongs to: partition, slot and direction; and which flow in that slot. */
  readonly #owners = new Int32Array(SLOTS).fill(-1);
  readonly #generations = new Int32Array(SLOTS);
  readonly #sizes = new Uint16Array(SLOTS * PIECES.length);
  readonly #doubles = new Float64Array(SLOTS * ENTRY_DOUBLES);
  readonly #bytes = new Uint8Array(this.#doubles.buffer);
  /** Set by `find`: the entry that is meant. */
  #entry = 0;
  #owner = 0;
  #generation = 0;

  /** True when the pieces of this flow are known: then `write` gives them, else `keep` wants them in their order. */
  find(partition: number, slot: number, generation: number, swapped: boolean): boolean {
    const owner = (slot << 5) | (partition << 1) | (swapped ? 1 : 0);
    this.#entry = (owner ^ (owner >>> 10)) & (SLOTS - 1);
    this.#owner = owner;
    this.#generation = generation;
    return this.#owners[this.#entry] === owner && this.#generations[this.#entry] === generation;
  }

  write(json: JsonBytes, piece: HeadPiece): void {
    const entry = this.#entry;
    json.copy(this.#doubles, entry * ENTRY_DOUBLES + STARTS[piece], this.#sizes[entry * PIECES.length + piece] as number);
  }

  /** Keeps what was written to `json` from `from` on; with the last piece the entry is the flow's. */
  keep(json: JsonBytes, piece: HeadPiece, from: number): void {
    const entry = this.#entry;
    const size = json.length - from;
    // Half an entry belongs to nobody.
    this.#owners[entry] = -1;
    if (size > PIECES[piece] * 8) {
      this.#owner = -1;
      return;
    }
    const to = entry * ENTRY_BYTES + STARTS[piece] * 8;
    for (let i = 0; i < size; i++) this.#bytes[to + i] = json.bytes[from + i] as number;
    this.#sizes[entry * PIECES.length + piece] = size;
    if (piece !== HeadPiece.community) return;
    this.#owners[entry] = this.#owner;
    this.#generations[entry] = this.#generation;
  }
}
