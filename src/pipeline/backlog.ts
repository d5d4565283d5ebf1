import { setTimeout } from "node:timers/promises";

/** Bytes that may wait for the main thread; more than it writes in some seconds. */
export const backlogBytesMax = 32 * 2 ** 20;
const waitMs = 5;

/**
 * What one thread has posted and the main thread has not yet written. The thread looks at it before it posts more:
 * played traffic waits, captured traffic cannot and is told no more until there is room.
 */
export class Backlog {
  /** Shared: word 0 counts the bytes. */
  readonly memory: Int32Array;

  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(4))) {
    this.memory = memory;
  }

  add(bytes: number): void {
    Atomics.add(this.memory, 0, bytes);
  }

  take(bytes: number): void {
    Atomics.sub(this.memory, 0, bytes);
  }

  get isFull(): boolean {
    return Atomics.load(this.memory, 0) > backlogBytesMax;
  }

  /** Resolves when half of it is written. */
  async room(): Promise<void> {
    while (Atomics.load(this.memory, 0) > backlogBytesMax / 2) await setTimeout(waitMs);
  }
}
