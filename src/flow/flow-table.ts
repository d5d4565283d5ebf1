import { assert } from "#base/assert.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { BATCH_PACKETS, type PacketColumns } from "./columns.ts";
import { flowHash, keySourcePort, keyTargetPort } from "./key.ts";
import * as R from "./record.generated.ts";

/** Flows for which a new table's index has room. */
const firstRoom = 1024;

/**
 * The flows of one partition: fixed-size records in one piece of memory, found through an open-addressing index.
 *
 *   index   [hash, slot + 1] [hash, slot + 1] …     power of two, at most half full; a cell of two words is one look
 *   records [record 0] [record 1] …                 `words` and `doubles` are two views over the same memory
 *   free    a stack of slots whose flows have ended
 *
 * The records' memory is reserved whole at the start; the system gives pages to it only when they are first written.
 * The index is small at first, so that it stays in the cache, and grows. Slots never move, so that nothing depends on
 * when it grew. A handle is a slot with its generation: slots are given out again, generations are not.
 */
export class FlowTable {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** Slots that were ever in use are below this one. */
  highWater = 0;
  /** Flows alive. */
  live = 0;
  /** Set by `find`: 0 when the row goes from client to server, 1 when it comes back. */
  side = 0;
  readonly capacity: number;
  readonly #seed: number;
  /** Flows for which the index has room. */
  #room: number;
  #index: Int32Array;
  #mask: number;
  readonly #free: Int32Array;
  #freeCount = 0;
  #freeMax = 0;
  /** What `touch` has loaded; without a use the loads would be left out. */
  touched = 0;

  /** A table for at most `capacity` flows. `seed` keeps senders from choosing keys that collide. */
  constructor(capacity: number, seed: number) {
    this.capacity = capacity;
    this.#seed = seed;
    // Shared memory, where there is any: the collector does not count it, so that reserving it causes no collection.
    const Memory = typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer;
    const memory = new Memory(capacity * R.RECORD_WORDS * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.#free = new Int32Array(capacity);
    this.#room = Math.min(capacity, firstRoom);
    this.#index = new Int32Array(indexCells(this.#room) * 2);
    this.#mask = indexCells(this.#room) - 1;
  }

  /** Bytes of memory that the table has written to. */
  get bytes(): number {
    return this.highWater * R.RECORD_WORDS * 4 + this.#index.byteLength + this.#freeMax * 4;
  }

  get full(): boolean {
    return this.live >= this.capacity;
  }

  hash(columns: PacketColumns, row: number): number {
    return flowHash(columns, row, this.#seed);
  }

  /** Loads the index cell and the record behind it into the cache, so that the misses of a batch overlap. */
  touch(hash: number): void {
    const cell = (hash & this.#mask) << 1;
    const slot = this.#index[cell + 1] as number;
    if (slot !== 0) this.touched ^= this.words[(slot - 1) * R.RECORD_WORDS + R.CLIENT] as number;
  }

  /** Slot of the row's flow, or -1. Sets `side`. */
  find(columns: PacketColumns, row: number, hash: number): number {
    const index = this.#index;
    for (let cell = hash & this.#mask; ; cell = (cell + 1) & this.#mask) {
      const slot = index[cell * 2 + 1] as number;
      if (slot === 0) return -1;
      if (index[cell * 2] === hash && this.#matches(slot - 1, columns, row)) return slot - 1;
    }
  }

  #matches(slot: number, columns: PacketColumns, row: number): boolean {
    const words = this.words;
    const at = slot * R.RECORD_WORDS;
    if (
      words[at + R.VLAN] !== columns.vlan[row] ||
      words[at + R.TUNNEL] !== columns.tunnel[row] ||
      ((words[at + R.KIND] as number) & 0xff) !== columns.protocol[row] ||
      (((words[at + R.FLAGS] as number) & RecordFlag.ipv6) !== 0) !== (columns.ipVersion[row] === 6)
    )
      return false;
    const sourcePort = keySourcePort(columns, row);
    const targetPort = keyTargetPort(columns, row);
    const ports = words[at + R.PORTS] as number;
    if (ports === ((sourcePort << 16) | targetPort) && this.#addressesAre(at + R.CLIENT, at + R.SERVER, columns, row)) {
      this.side = 0;
      return true;
    }
    if (ports === ((targetPort << 16) | sourcePort) && this.#addressesAre(at + R.SERVER, at + R.CLIENT, columns, row)) {
      this.side = 1;
      return true;
    }
    return false;
  }

  #addressesAre(source: number, target: number, columns: PacketColumns, row: number): boolean {
    const words = this.words;
    return (
      words[source] === columns.source0[row] &&
      words[target] === columns.target0[row] &&
      words[source + 1] === columns.source1[row] &&
      words[source + 2] === columns.source2[row] &&
      words[source + 3] === columns.source3[row] &&
      words[target + 1] === columns.target1[row] &&
      words[target + 2] === columns.target2[row] &&
      words[target + 3] === columns.target3[row]
    );
  }

  /**
   * A new record for the row's flow; every field but the key is zero. `swap` says that the row was sent by the server.
   * The table must not be full.
   */
  create(columns: PacketColumns, row: number, hash: number, swap: boolean): number {
    assert(!this.full, "evict before a flow is created in a full table");
    let slot: number;
    if (this.#freeCount > 0) slot = this.#free[--this.#freeCount] as number;
    else {
      if (this.highWater === this.#room) this.#grow();
      slot = this.highWater++;
    }
    this.live++;
    const words = this.words;
    const at = slot * R.RECORD_WORDS;
    const generation = (words[at + R.GENERATION] as number) + 1;
    // A loop: `fill` costs a call into the runtime, several times the work.
    for (let i = at; i < at + R.RECORD_WORDS; i++) words[i] = 0;
    words[at + R.GENERATION] = generation;
    words[at + R.HASH] = hash;
    words[at + R.VLAN] = columns.vlan[row] as number;
    words[at + R.TUNNEL] = columns.tunnel[row] as number;
    words[at + R.KIND] = columns.protocol[row] as number;
    words[at + R.FLAGS] = RecordFlag.alive | (columns.ipVersion[row] === 6 ? RecordFlag.ipv6 : 0);
    const sourcePort = keySourcePort(columns, row);
    const targetPort = keyTargetPort(columns, row);
    words[at + R.PORTS] = swap ? (targetPort << 16) | sourcePort : (sourcePort << 16) | targetPort;
    this.#setAddress(at + (swap ? R.SERVER : R.CLIENT), columns.source0, columns.source1, columns.source2, columns.source3, row);
    this.#setAddress(at + (swap ? R.CLIENT : R.SERVER), columns.target0, columns.target1, columns.target2, columns.target3, row);
    this.#insert(hash, slot);
    this.side = swap ? 1 : 0;
    return slot;
  }

  #setAddress(at: number, a: Int32Array, b: Int32Array, c: Int32Array, d: Int32Array, row: number): void {
    const words = this.words;
    words[at] = a[row] as number;
    words[at + 1] = b[row] as number;
    words[at + 2] = c[row] as number;
    words[at + 3] = d[row] as number;
  }

  #insert(hash: number, slot: number): void {
    const index = this.#index;
    let cell = hash & this.#mask;
    while (index[cell * 2 + 1] !== 0) cell = (cell + 1) & this.#mask;
    index[cell * 2] = hash;
    index[cell * 2 + 1] = slot + 1;
  }

  /** Gives a slot back. Cells behind it move up (backward-shift deletion), so that no tombstones pile up. */
  remove(slot: number): void {
    const index = this.#index;
    const mask = this.#mask;
    const at = slot * R.RECORD_WORDS;
    let hole = (this.words[at + R.HASH] as number) & mask;
    while (index[hole * 2 + 1] !== slot + 1) hole = (hole + 1) & mask;
    for (let cell = (hole + 1) & mask; index[cell * 2 + 1] !== 0; cell = (cell + 1) & mask) {
      const home = (index[cell * 2] as number) & mask;
      if (((cell - home) & mask) < ((cell - hole) & mask)) continue;
      index[hole * 2] = index[cell * 2] as number;
      index[hole * 2 + 1] = index[cell * 2 + 1] as number;
      hole = cell;
    }
    index[hole * 2 + 1] = 0;
    this.words[at + R.FLAGS] = 0;
    this.#free[this.#freeCount++] = slot;
    if (this.#freeCount > this.#freeMax) this.#freeMax = this.#freeCount;
    this.live--;
  }

  #grow(): void {
    this.#room = Math.min(this.capacity, this.#room * 4);
    this.#mask = indexCells(this.#room) - 1;
    this.#index = new Int32Array((this.#mask + 1) * 2);
    const words = this.words;
    for (let slot = 0; slot < this.highWater; slot++) {
      const at = slot * R.RECORD_WORDS;
      if (((words[at + R.FLAGS] as number) & RecordFlag.alive) !== 0) this.#insert(words[at + R.HASH] as number, slot);
    }
  }
}

/** Cells of an index that is at most half full. */
function indexCells(records: number): number {
  let cells = BATCH_PACKETS;
  while (cells < records * 2) cells *= 2;
  return cells;
}
