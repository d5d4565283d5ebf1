import type { Worker } from "node:worker_threads";
import { countByte } from "#base/bytes.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Sink } from "#contract/sink.ts";
import { defaultConfig } from "#schema/config.ts";
import type { Kind } from "#schema/field.ts";
import { errorOf, startThread, type WriterAnswer, type WriterRequest, type WriterSetup } from "./messages.ts";
import type { WriterCounters } from "./writer.ts";

const NEWLINE = 10;
/** Batches, and bytes of them, that the writer thread has and has not done. */
const FLIGHT_BATCHES_MAX = 8;
const FLIGHT_BYTES_MAX = 33_554_432;
/** Bytes that wait in front of the writer thread in live capture; the oldest batch is dropped beyond it. */
const QUEUE_BYTES_MAX = 67_108_864;

export interface SqliteSinkOptions {
  /** `file`: writing waits for the store. `live`: it never does, the oldest events are dropped. */
  readonly mode: "file" | "live";
  /** `store.flush-ms` */
  readonly flushMs?: number;
  /** `store.retention-days`; only applied in live capture. */
  readonly retentionDays?: number;
  /** `store.bytes-max` */
  readonly bytesMax?: number;
  /** Called with each failure of live capture, which goes on. */
  readonly onFailure?: (error: OddwireError) => void;
}

/**
 * Writes events into a store file. A thread of its own parses and inserts, so that neither capture nor the API waits
 * for the disk.
 *
 *     write ──▶ queue ──▶ at most 8 batches under way ──▶ writer thread ──▶ commit, at least every flushMs
 */
export class SqliteSink implements Sink {
  readonly name = "store";
  readonly #setup: WriterSetup;
  readonly #options: SqliteSinkOptions;
  readonly #queue: Uint8Array[] = [];
  /** Sizes of the batches under way, in order. */
  readonly #flight: number[] = [];
  readonly #flushes = new Map<number, PromiseWithResolvers<void>>();
  #worker: Worker | undefined;
  #opened = Promise.withResolvers<void>();
  #closed = Promise.withResolvers<void>();
  /** Resolved whenever a batch is done. */
  #progress = Promise.withResolvers<void>();
  #failure: OddwireError | undefined;
  #counters: WriterCounters = { stored: 0, rejected: 0, unknown: 0, deleted: 0, lost: 0 };
  #queueBytes = 0;
  #flightBytes = 0;
  #flushId = 0;
  #overflowed = 0;
  #closing = false;

  constructor(path: string, kinds: readonly Kind[], options: SqliteSinkOptions) {
    const days = options.retentionDays ?? defaultConfig["store.retention-days"];
    this.#options = options;
    this.#setup = {
      path,
      kinds: kinds.map(({ name, columns }) => ({ name, columns })),
      flushMs: options.flushMs ?? defaultConfig["store.flush-ms"],
      bulk: options.mode === "file",
      // An old capture that is read today would be deleted at once beside newer events.
      retentionDays: options.mode === "live" ? days : 0,
      bytesMax: options.bytesMax ?? defaultConfig["store.bytes-max"],
    };
    for (const { promise } of [this.#opened, this.#closed]) promise.catch(() => undefined);
  }

  get dropped(): number {
    return this.#overflowed + this.#counters.lost;
  }

  /** What became of the events, as of the last batch that is done. */
  get counters(): Readonly<WriterCounters> {
    return this.#counters;
  }

  async start(): Promise<void> {
    const worker = startThread("writer.worker", "store writer", this.#setup);
    this.#worker = worker;
    worker.on("message", (answer: WriterAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#ended(String(error)));
    worker.on("exit", () => this.#ended("the writer thread ended"));
    try {
      await this.#opened.promise;
    } catch (error) {
      this.#worker = undefined;
      await worker.terminate();
      throw error;
    }
  }

  async write(lines: Uint8Array): Promise<void> {
    this.#check();
    if (lines.length === 0) return;
    // The lines are lent until this call is over; the writer thread gets a copy. (`slice` of a Buffer would be none.)
    this.#queue.push(new Uint8Array(lines));
    this.#queueBytes += lines.length;
    this.#pump();
    if (this.#options.mode === "live") this.#dropOldest();
    else while (this.#queue.length > 0) await this.#step();
  }

  async flush(): Promise<void> {
    while (this.#queue.length > 0) await this.#step();
    this.#check();
    const id = this.#flushId++;
    const flushed = Promise.withResolvers<void>();
    this.#flushes.set(id, flushed);
    this.#post({ type: "flush", id });
    await flushed.promise;
  }

  /** Waits until one more batch is done; throws when there will be none. */
  async #step(): Promise<void> {
    await this.#progress.promise;
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Sends what the writer thread may have. */
  #pump(): void {
    while (this.#queue.length > 0 && this.#flight.length < FLIGHT_BATCHES_MAX && this.#flightBytes < FLIGHT_BYTES_MAX) {
      const bytes = this.#queue.shift() as Uint8Array;
      this.#queueBytes -= bytes.length;
      this.#flight.push(bytes.length);
      this.#flightBytes += bytes.length;
      this.#post({ type: "lines", bytes }, [bytes.buffer as ArrayBuffer]);
    }
  }

  #dropOldest(): void {
    while (this.#queueBytes > QUEUE_BYTES_MAX) {
      const bytes = this.#queue.shift() as Uint8Array;
      this.#queueBytes -= bytes.length;
      this.#overflowed += countByte(bytes, NEWLINE);
    }
  }

  #post(request: WriterRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage(request, transfer);
  }

  #answered(answer: WriterAnswer): void {
    this.#counters = answer.counters;
    const failure = answer.failure === undefined ? undefined : errorOf(answer.failure);
    if (failure !== undefined && this.#options.mode === "file") this.#failure ??= failure;
    else if (failure !== undefined && answer.type !== "opened") this.#options.onFailure?.(failure);
    if (answer.type === "opened") settle(this.#opened, failure);
    else if (answer.type === "closed") settle(this.#closed, this.#options.mode === "file" ? failure : undefined);
    else if (answer.type === "flushed") this.#flushed(answer.id as number, failure);
    else if (answer.type === "written") {
      this.#flightBytes -= this.#flight.shift() ?? 0;
      this.#pump();
    }
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }

  #flushed(id: number, failure: OddwireError | undefined): void {
    const flushed = this.#flushes.get(id);
    this.#flushes.delete(id);
    if (flushed !== undefined) settle(flushed, this.#options.mode === "file" ? failure : undefined);
  }

  /** The thread is gone: whoever waits for it is told. */
  #ended(cause: string): void {
    this.#failure ??= new OddwireError("ODW_OUT_UNWRITABLE", { path: this.#setup.path, cause });
    this.#opened.reject(this.#failure);
    this.#closed.resolve();
    for (const flushed of this.#flushes.values()) flushed.reject(this.#failure);
    this.#flushes.clear();
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }

  /** Stores what is queued, finishes the store and closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined || this.#closing) return;
    this.#closing = true;
    try {
      while (this.#queue.length > 0 && this.#failure === undefined) await this.#progress.promise;
      this.#post({ type: "close" });
      await this.#closed.promise;
    } finally {
      this.#worker = undefined;
      await worker.terminate();
    }
  }
}

function settle(waiting: PromiseWithResolvers<void>, failure: OddwireError | undefined): void {
  if (failure === undefined) waiting.resolve();
  else waiting.reject(failure);
}

/** Makes the indexes that a file run left out, before a store is read for long. */
export async function completeStore(path: string, kinds: readonly Kind[]): Promise<void> {
  await using sink = new SqliteSink(path, kinds, { mode: "live", retentionDays: 0, bytesMax: 0 });
  await sink.start();
}
