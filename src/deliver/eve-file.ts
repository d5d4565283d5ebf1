import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { countByte } from "#base/bytes.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Sink } from "#contract/sink.ts";
import { defaultConfig } from "#schema/config.ts";

/** Bytes that are collected before they are written; fewer when `flushMs` is over, and the first ones of a file. */
const WRITE_BYTES = 262_144;
/** Bytes of small batches that wait for the disk: files wait beyond it. */
const FILE_QUEUE_BYTES_MAX = 8_388_608;
/** The same in live capture, where the oldest batch is dropped beyond it. */
const LIVE_QUEUE_BYTES_MAX = 67_108_864;
const FLUSH_MS = 500;
/** Time between two attempts to open a file that could not be written. */
const RETRY_MS = 1000;
const NEWLINE = 10;

export interface EveFileOptions {
  /** `file`: begins an empty file and waits for the disk. `live`: appends, never waits, drops the oldest events. */
  readonly mode: "file" | "live";
  /** `eve.rotate-bytes`; 0 for never. */
  readonly rotateBytes?: number;
  /** `eve.rotate-keep`: rotated files that are kept, `eve.json.1` being the youngest. */
  readonly rotateKeep?: number;
  /** Longest time that events wait to be written, milliseconds. */
  readonly flushMs?: number;
  /** Called once when writing begins to fail in live capture, which goes on and tries again every second. */
  readonly onFailure?: (error: OddwireError) => void;
}

/**
 * Writes events to `DIRECTORY/eve.json`, in large pieces, in the order in which they come.
 *
 *     write ──▶ pending (≥ 256 KB or flushMs old) ──▶ one drain at a time ──▶ pieces that end with a line ──▶ file
 */
export class EveFileSink implements Sink {
  readonly name = "eve";
  /** Where the events go. */
  readonly path: string;
  readonly #directory: string;
  readonly #options: Required<Omit<EveFileOptions, "onFailure">>;
  readonly #onFailure: ((error: OddwireError) => void) | undefined;
  #file: FileHandle | undefined;
  /** Bytes in the file that end with a whole line. */
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #drain: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reopen = false;
  #dropped = 0;
  /** File runs end with the first failure; live capture has one until writing works again. */
  #failure: OddwireError | undefined;
  #retryAt = 0;

  constructor(directory: string, options: EveFileOptions) {
    this.#directory = directory;
    this.path = join(directory, "eve.json");
    this.#onFailure = options.onFailure;
    this.#options = {
      mode: options.mode,
      rotateBytes: options.rotateBytes ?? defaultConfig["eve.rotate-bytes"],
      rotateKeep: options.rotateKeep ?? defaultConfig["eve.rotate-keep"],
      flushMs: options.flushMs ?? FLUSH_MS,
    };
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Opens the file. Throws `ODW_OUT_UNWRITABLE` when that is impossible. */
  async start(): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await this.#open(this.#options.mode === "file" ? "w" : "a");
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  async write(lines: Uint8Array): Promise<void> {
    const live = this.#options.mode === "live";
    if (!live && this.#failure !== undefined) throw this.#failure;
    if (lines.length === 0) return;
    // The lines are lent until this call is over: a file run waits until large batches are written, everything else is
    // copied. (`slice` of a Buffer would be no copy.)
    const lent = !live && lines.length >= WRITE_BYTES;
    this.#pending.push(lent ? lines : new Uint8Array(lines));
    this.#pendingBytes += lines.length;
    if (lent) return this.flush();
    if (this.#pendingBytes >= WRITE_BYTES || (!live && this.#size === 0)) void this.#draining();
    else this.#timer ??= setTimeout(() => void this.#draining(), this.#options.flushMs);
    if (live) this.#dropOldest();
    else if (this.#pendingBytes >= FILE_QUEUE_BYTES_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    do await this.#draining();
    while (this.#pending.length > 0 && this.#failure === undefined);
    if (this.#options.mode === "file" && this.#failure !== undefined) throw this.#failure;
  }

  /** Opens the file anew by its name before the next event: whoever rotates logs has moved it away. */
  reopen(): void {
    this.#reopen = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.flush();
    } finally {
      clearTimeout(this.#timer);
      if (this.#pending.length > 0) this.#dropped += this.#take().reduce((sum, lines) => sum + countByte(lines, NEWLINE), 0);
      await this.#file?.close();
      this.#file = undefined;
    }
  }

  #dropOldest(): void {
    while (this.#pendingBytes > LIVE_QUEUE_BYTES_MAX) {
      const lines = this.#pending.shift() as Uint8Array;
      this.#pendingBytes -= lines.length;
      this.#dropped += countByte(lines, NEWLINE);
    }
  }

  #draining(): Promise<void> {
    this.#drain ??= this.#drainAll().finally(() => {
      this.#drain = undefined;
    });
    return this.#drain;
  }

  /** Writes what is pending. Never rejects: failures are kept and told. */
  async #drainAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending.length > 0) {
      const batches = this.#take();
      const lines = batches.length === 1 ? (batches[0] as Uint8Array) : Buffer.concat(batches);
      const written = await this.#writeLines(lines);
      if (written === lines.length) continue;
      if (this.#options.mode === "file") return;
      this.#dropped += countByte(lines.subarray(written), NEWLINE);
    }
  }

  #take(): Uint8Array[] {
    const batches = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    return batches;
  }

  /** Writes whole lines, rotating between them; returns how many bytes are in a file for good. */
  async #writeLines(lines: Uint8Array): Promise<number> {
    let at = 0;
    try {
      const file = await this.#ready();
      if (file === undefined) return 0;
      while (at < lines.length) {
        const end = this.#pieceEnd(lines, at);
        if (end === at) await this.#rotate();
        else await this.#append(lines.subarray(at, end));
        at = end;
      }
      this.#failure = undefined;
    } catch (error) {
      await this.#fail(error);
    }
    return at;
  }

  /** The file, opened again when it was asked for or lost; `undefined` when it is too early to try again. */
  async #ready(): Promise<FileHandle | undefined> {
    if (this.#failure !== undefined && performance.now() < this.#retryAt) return undefined;
    if (this.#file === undefined || this.#reopen) {
      this.#reopen = false;
      await this.#open("a");
    }
    return this.#file;
  }

  async #open(flags: "a" | "w"): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#file = await open(this.path, flags);
    this.#size = (await this.#file.stat()).size;
  }

  /** Where the piece from `at` ends that still fits into the file; `at` itself when the file must be rotated first. */
  #pieceEnd(lines: Uint8Array, at: number): number {
    const { rotateBytes } = this.#options;
    const room = rotateBytes - this.#size;
    if (rotateBytes === 0 || lines.length - at <= room) return lines.length;
    const end = room <= 0 ? at : lines.lastIndexOf(NEWLINE, at + room - 1) + 1;
    if (end > at) return end;
    if (this.#size > 0) return at;
    // One line is longer than a file may be: it gets a file of its own.
    const newline = lines.indexOf(NEWLINE, at);
    return newline < 0 ? lines.length : newline + 1;
  }

  async #append(piece: Uint8Array): Promise<void> {
    const file = this.#file as FileHandle;
    for (let at = 0; at < piece.length; ) at += (await file.write(piece, at, piece.length - at)).bytesWritten;
    this.#size += piece.length;
  }

  /** eve.json becomes eve.json.1, that eve.json.2, and so on; the last one goes. */
  async #rotate(): Promise<void> {
    const keep = this.#options.rotateKeep;
    await this.#file?.close();
    this.#file = undefined;
    if (keep === 0) await rm(this.path, { force: true });
    for (let age = keep; age > 0; age--) {
      const from = age === 1 ? this.path : `${this.path}.${age - 1}`;
      await rename(from, `${this.path}.${age}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
    }
    await this.#open("a");
  }

  /** Cuts the half of a line that may have been written, and says once what is wrong. */
  async #fail(error: unknown): Promise<void> {
    const first = this.#failure === undefined;
    this.#failure = this.#unwritable(error);
    this.#retryAt = performance.now() + RETRY_MS;
    const file = this.#file;
    this.#file = undefined;
    await file?.truncate(this.#size).catch(() => undefined);
    await file?.close().catch(() => undefined);
    if (first && this.#options.mode === "live") this.#onFailure?.(this.#failure);
  }

  #unwritable(error: unknown): OddwireError {
    const { code, message } = error as NodeJS.ErrnoException;
    const cause = (code === undefined ? undefined : CAUSES[code]) ?? message;
    return new OddwireError("ODW_OUT_UNWRITABLE", { path: this.path, cause }, { cause: error });
  }
}

const CAUSES: { readonly [code: string]: string } = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is no directory",
};
