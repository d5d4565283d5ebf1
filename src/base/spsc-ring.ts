const HEAD = 0;
const TAIL = 1;
const CLOSED = 2;
const SLEEPING = 3;
const ITEMS = 4;

/**
 * A queue of small integers between exactly one writing and one reading thread, in shared memory.
 *
 *   [head][tail][closed][sleeping][item 0][item 1] … [item capacity - 1]
 *
 * `head` is only written by the producer, `tail` only by the consumer; both count up for ever and wrap. The producer
 * wakes the consumer only when it sleeps, since a wake-up costs more than the rest.
 */
export class SpscRing {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
    this.#capacity = this.#cells.length - ITEMS;
  }

  /** A ring for `capacity` (a power of two) items. */
  static create(capacity: number): SpscRing {
    return new SpscRing(new SharedArrayBuffer((capacity + ITEMS) * 4));
  }

  /** Producer: false when the ring is full. */
  push(item: number): boolean {
    const cells = this.#cells;
    const head = Atomics.load(cells, HEAD);
    if (((head - Atomics.load(cells, TAIL)) | 0) >= this.#capacity) return false;
    cells[ITEMS + (head & (this.#capacity - 1))] = item;
    Atomics.store(cells, HEAD, (head + 1) | 0);
    if (Atomics.load(cells, SLEEPING) === 1) Atomics.notify(cells, HEAD);
    return true;
  }

  /** Producer: nothing more will come. */
  close(): void {
    Atomics.store(this.#cells, CLOSED, 1);
    Atomics.notify(this.#cells, HEAD);
  }

  /** Consumer: the next item, waiting for it; -1 when the ring is closed and empty. Blocks the thread. */
  pop(): number {
    const cells = this.#cells;
    const tail = Atomics.load(cells, TAIL);
    while (Atomics.load(cells, HEAD) === tail) {
      if (Atomics.load(cells, CLOSED) === 1) {
        if (Atomics.load(cells, HEAD) === tail) return -1;
        break;
      }
      Atomics.store(cells, SLEEPING, 1);
      // The time-out covers a close that comes between the check and the wait.
      Atomics.wait(cells, HEAD, tail, 50);
      Atomics.store(cells, SLEEPING, 0);
    }
    const item = cells[ITEMS + (tail & (this.#capacity - 1))] as number;
    Atomics.store(cells, TAIL, (tail + 1) | 0);
    return item;
  }
}
