import { closeSync, openSync, writeSync } from "node:fs";
import { OddwireError } from "#contract/errors.ts";
import { causeText } from "./input.ts";
import { FRAME_BYTES_MAX } from "./walker.ts";

const BUFFER_BYTES = 262_144;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

export interface PcapWriterOptions {
  /** LINKTYPE_ number of all frames; Ethernet by default. */
  readonly linkType?: number;
  /** Snapshot length that the header tells. Longer frames are cut to it. */
  readonly snapBytes?: number;
}

/**
 * Writes a pcap file with microseconds, little-endian. Frames are collected and written 256 KiB at a time; `close`
 * writes the rest. Synchronous: the writer is meant for a recording thread or a tool, not for the shard loop.
 */
export class PcapWriter {
  readonly path: string;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  readonly #snapBytes: number;
  #file: number;
  #used = 0;
  #written = 0;

  /** Creates the file or empties it. Throws ODW_OUT_UNWRITABLE. */
  constructor(path: string, options: PcapWriterOptions = {}) {
    this.path = path;
    this.#snapBytes = Math.min(options.snapBytes ?? FRAME_BYTES_MAX, FRAME_BYTES_MAX);
    try {
      this.#file = openSync(path, "w");
    } catch (cause) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: causeText(cause) }, { cause });
    }
    this.#view.setUint32(0, 0xa1b2c3d4, true);
    this.#view.setUint16(4, 2, true);
    this.#view.setUint16(6, 4, true);
    this.#view.setUint32(16, this.#snapBytes, true);
    this.#view.setUint32(20, options.linkType ?? 1, true);
    this.#used = HEADER_BYTES;
  }

  /** Size of the file once everything is written, bytes. */
  get bytes(): number {
    return this.#written + this.#used;
  }

  /** Adds the frame `bytes[from..to)` of `time` µs; `wire` is its length on the wire. The bytes are copied. */
  write(time: number, bytes: Uint8Array, from = 0, to = bytes.length, wire = to - from): void {
    const captured = Math.min(to - from, this.#snapBytes);
    if (this.#used + RECORD_BYTES > BUFFER_BYTES) this.flush();
    const seconds = Math.floor(time / 1_000_000);
    this.#view.setUint32(this.#used, seconds, true);
    this.#view.setUint32(this.#used + 4, time - seconds * 1_000_000, true);
    this.#view.setUint32(this.#used + 8, captured, true);
    this.#view.setUint32(this.#used + 12, Math.max(wire, captured), true);
    this.#used += RECORD_BYTES;
    let at = from;
    while (at < from + captured) {
      if (this.#used === BUFFER_BYTES) this.flush();
      const part = Math.min(from + captured - at, BUFFER_BYTES - this.#used);
      this.#buffer.set(bytes.subarray(at, at + part), this.#used);
      this.#used += part;
      at += part;
    }
  }

  /** Writes what was collected. Throws ODW_OUT_UNWRITABLE. */
  flush(): void {
    let at = 0;
    try {
      while (at < this.#used) at += writeSync(this.#file, this.#buffer, at, this.#used - at);
    } catch (cause) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path: this.path, cause: causeText(cause) }, { cause });
    }
    this.#written += this.#used;
    this.#used = 0;
  }

  /** Writes the rest and closes the file; a second call does nothing. */
  close(): void {
    if (this.#file < 0) return;
    const file = this.#file;
    try {
      this.flush();
    } finally {
      this.#file = -1;
      closeSync(file);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
