/** Something that goes on for a while: yields how many microseconds it waits before it goes on. */
export type Process<T = void> = Generator<number, T, void>;

interface Entry {
  time: number;
  /** Breaks ties: of two at the same time, the one that was put in first runs first. */
  order: number;
  readonly process: Process;
}

/** Processes that may wait at once; further ones are not started and counted. */
const processesMax = 65_536;

/** Runs processes in the order of packet time: a binary heap of what waits. */
export class Scheduler {
  /** Time of the process that runs or ran last, µs. */
  now = 0;
  /** Processes that found no room. */
  refused = 0;
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Time at which something happens next; infinite when nothing waits. */
  get nextTime(): number {
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Starts a process at `time`, which is not in the past. */
  spawn(process: Process, time: number): void {
    if (this.#heap.length >= processesMax) {
      this.refused++;
      return;
    }
    this.#heap.push({ time: Math.max(this.now, Math.round(time)), order: this.#order++, process });
    this.#rise(this.#heap.length - 1);
  }

  /** Lets the next process run until it waits again. */
  step(): void {
    const top = this.#heap[0];
    if (top === undefined) return;
    this.now = top.time;
    // What the process starts now lands below it: it is not earlier, and its order is later.
    const result = top.process.next();
    if (result.done === true) this.#removeTop();
    else {
      top.time = this.now + Math.max(0, Math.round(result.value));
      top.order = this.#order++;
      this.#sink();
    }
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const entry = heap[from] as Entry;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (before(above, entry)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #sink(): void {
    const heap = this.#heap;
    const entry = heap[0] as Entry;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      const below = heap[child] as Entry;
      if (before(entry, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  }
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);
