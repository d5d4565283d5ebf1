import { Worker } from "node:worker_threads";
import type { RingOptions } from "#capture/live/live-options.ts";
import type { Damage, SourceCounters } from "#contract/source.ts";

/** Words of the memory that a test and its reader share; word 0 stops the source. */
export const Word = { stop: 0, ready: 1, frames: 2, damages: 3, count: 4 } as const;

export interface ReaderSetup {
  readonly kind: "ring" | "libpcap";
  readonly options: RingOptions;
  readonly words: Int32Array;
  /** Frames whose bytes go into the report. */
  readonly keep: number;
  /** Time between the start and the first read. */
  readonly sleepMs: number;
  /** Namespace to open the source in, when the options bring no socket. */
  readonly namespace: string | undefined;
}

export interface ReaderReport {
  readonly frames: readonly {
    readonly bytes: string;
    readonly wire: number;
    readonly time: number;
    readonly vlan: number;
    readonly flags: number;
    readonly linkType: number;
    /** From the kernel's time stamp to the reader, milliseconds. */
    readonly delay: number;
  }[];
  readonly counters: SourceCounters;
  readonly damage: readonly Damage[];
  /** Blocks whose clock was earlier than the one before. */
  readonly backwards: number;
  readonly numbersRight: boolean;
  readonly blocks: number;
  readonly empty: number;
  /** CPU of the reading thread, and the part of it outside the kernel. */
  readonly cpuMicros: number;
  readonly userMicros: number;
}

export const LIVE: Omit<RingOptions, "interface"> = { ringBytes: 67_108_864, retireMs: 8, snapBytes: 262_144, promiscuous: false };

/** A source that is read in a thread of its own, as in the engine. */
export class Reader {
  readonly words = new Int32Array(new SharedArrayBuffer(Word.count * 4));
  readonly #worker: Worker;
  readonly #report: Promise<ReaderReport>;

  constructor(options: RingOptions, more: Partial<Pick<ReaderSetup, "kind" | "keep" | "sleepMs" | "namespace">> = {}) {
    const { kind = "ring", keep = 1000, sleepMs = 0, namespace } = more;
    const workerData: ReaderSetup = { kind, options, words: this.words, keep, sleepMs, namespace };
    this.#worker = new Worker(new URL("./reader-worker.ts", import.meta.url), { workerData });
    this.#report = new Promise((resolve, reject) => {
      this.#worker.once("message", resolve);
      this.#worker.once("error", reject);
    });
    // A failure is told by whoever waits for the report.
    this.#report.catch(() => undefined);
  }

  /** Resolves when the source is open. */
  async ready(): Promise<void> {
    await Promise.race([this.until(() => this.words[Word.ready] === 1, 10_000), this.#report]);
  }

  /** Resolves when `count` frames have been read; after the time, too. */
  async untilFrames(count: number, milliseconds = 20_000): Promise<void> {
    await this.until(() => Atomics.load(this.words, Word.frames) >= count, milliseconds);
  }

  async until(condition: () => boolean, milliseconds = 20_000): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Ends the source and tells what it saw. */
  async stop(): Promise<ReaderReport> {
    Atomics.store(this.words, Word.stop, 1);
    return this.#report;
  }
}
