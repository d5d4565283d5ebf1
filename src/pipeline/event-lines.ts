import { JsonBytes } from "./json-bytes.ts";

export interface Tally {
  events: number;
}

/**
 * The events of one worker, as lines of JSON in one piece of memory, with what puts them in order: the packet that
 * caused each one, then the partition, then the place here. Events that the clock caused stand half a packet behind
 * the block's last packet.
 */
export class EventLines {
  readonly json: JsonBytes;
  count = 0;
  keys = new Float64Array(4096);
  partitions = new Uint8Array(4096);
  /** Where each line ends in `json.bytes`, behind its newline. */
  ends = new Int32Array(4096);

  /** Lines with room for `size` bytes at first. */
  constructor(size: number) {
    this.json = new JsonBytes(size);
  }

  /** Closes a line that was written to `json`. */
  commit(key: number, partition: number): void {
    this.json.reserve(1);
    this.json.byte(0x0a);
    if (this.count === this.keys.length) this.#grow();
    this.keys[this.count] = key;
    this.partitions[this.count] = partition;
    this.ends[this.count] = this.json.length;
    this.count++;
  }

  readonly #tallies = new Map<string, Tally>();

  /** Events by kind since the start. */
  get kinds(): Map<string, number> {
    return new Map(
      [...this.#tallies.entries()].filter(([, { events }]) => events > 0).map(([kind, { events }]) => [kind, events] as const),
    );
  }

  /** What counts the events of a kind for the summary. */
  tallyOf(kind: string): Tally {
    let tally = this.#tallies.get(kind);
    if (tally === undefined) {
      tally = { events: 0 };
      this.#tallies.set(kind, tally);
    }
    return tally;
  }

  /** Counts an event for the summary. */
  tally(kind: string): void {
    this.tallyOf(kind).events++;
  }

  clear(): void {
    this.count = 0;
    this.json.length = 0;
  }

  /** All the lines, lent out; new ones are written to the memory that was lent before. */
  swap(): Uint8Array {
    this.count = 0;
    return this.json.swap();
  }

  #grow(): void {
    const size = this.keys.length * 2;
    const keys = new Float64Array(size);
    keys.set(this.keys);
    this.keys = keys;
    const partitions = new Uint8Array(size);
    partitions.set(this.partitions);
    this.partitions = partitions;
    const ends = new Int32Array(size);
    ends.set(this.ends);
    this.ends = ends;
  }
}
