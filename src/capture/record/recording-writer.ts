import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type ChunkHead, ChunkRing } from "./chunk-ring.ts";
import type { RecordingSetup } from "./frame-recorder.ts";
import { HEADER_BYTES, pcapHeader, recordingFiles, recordingName } from "./recording-file.ts";
import { RecordingPlan } from "./recording-plan.ts";

/** Time between looks for files that are too old, ms. */
const pruneMs = 10_000;
/** Time after which a disk that failed is tried again, ms. */
const retryMs = 1000;

export interface WriterOptions {
  readonly setup: RecordingSetup;
  /** Rings of the threads that capture. */
  readonly rings: readonly SharedArrayBuffer[];
  /** All files together, bytes; the oldest go first. */
  readonly bytesMax: number;
  /** Age at which a file goes, s; 0 for never. */
  readonly ageSecondsMax: number;
  /** Told once for each trouble. */
  readonly onTrouble: (text: string) => void;
}

/** The file of one series that is being filled. */
interface OpenFile {
  readonly start: number;
  readonly path: string;
  /** -1 when it could not be written any more. */
  descriptor: number;
  bytes: number;
}

/** Writes what the threads of a recording have put into their rings. Blocks its thread; has one of its own. */
export class RecordingWriter {
  readonly #options: WriterOptions;
  readonly #plan: RecordingPlan;
  readonly #rings: readonly ChunkRing[];
  readonly #files = new Map<number, OpenFile>();
  /** Turn of the next chunk, by series. */
  readonly #tickets = new Map<number, number>();
  #pruned = 0;
  #failedAt = 0;
  /** Troubles that were told since the last block was written. */
  readonly #told = new Set<string>();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#plan = new RecordingPlan(options.setup.plan, options.setup);
    this.#rings = options.rings.map((memory) => new ChunkRing(memory));
  }

  /** Writes until the plan is stopped and the rings are empty. */
  run(): void {
    this.#prune(0);
    for (let goesOn = true; goesOn; ) {
      const { news } = this.#plan;
      goesOn = !this.#plan.hasStopped;
      while (this.step() > 0);
      if (goesOn) this.#plan.wait(news, 50);
    }
    this.close();
  }

  /** Writes each chunk whose turn it is; returns how many. */
  step(): number {
    const now = Date.now();
    if (this.#failedAt > 0 && now - this.#failedAt >= retryMs) {
      this.#failedAt = 0;
      this.#plan.retry();
    }
    if (now - this.#pruned >= pruneMs) this.#prune(0);
    let written = 0;
    for (const ring of this.#rings)
      while (ring.peek()) {
        const { series, ticket } = ring.head;
        if (ticket !== (this.#tickets.get(series) ?? 0)) break;
        this.#tickets.set(series, (ticket + 1) | 0);
        this.#write(ring.head, ring.bytes.subarray(ring.at, ring.at + ring.head.bytes));
        ring.take();
        written++;
      }
    return written;
  }

  close(): void {
    for (const file of this.#files.values()) this.#end(file);
    this.#files.clear();
  }

  #write(head: ChunkHead, bytes: Uint8Array): void {
    let file = this.#files.get(head.series);
    try {
      if (file?.start !== head.start) {
        if (file !== undefined) this.#end(file);
        file = this.#open(head);
      }
      if (file.descriptor < 0) {
        this.#plan.lose(head.frames);
        return;
      }
      writeAll(file.descriptor, bytes);
      file.bytes += bytes.length;
      if (this.#told.size > 0) this.#told.clear();
    } catch (error) {
      this.#fail(head, error as NodeJS.ErrnoException);
    }
  }

  #open({ series, linkType, start }: ChunkHead): OpenFile {
    const { setup } = this.#options;
    const file: OpenFile = { start, path: join(setup.directory, recordingName(start, linkType)), descriptor: -1, bytes: 0 };
    this.#files.set(series, file);
    this.#prune(setup.fileBytesMax);
    file.descriptor = openSync(file.path, "wx", 0o640);
    writeAll(file.descriptor, pcapHeader(linkType, setup.snapBytes));
    file.bytes = HEADER_BYTES;
    return file;
  }

  /** Leaves the file with its whole blocks; later frames begin another one. */
  #fail({ series, frames }: ChunkHead, error: NodeJS.ErrnoException): void {
    const file = this.#files.get(series);
    this.#plan.lose(frames);
    this.#plan.fail(series);
    this.#failedAt = Date.now();
    if (file !== undefined) {
      cut(file);
      this.#end(file);
    }
    if (error.code === "ENOSPC") this.#removeOldest();
    this.#tell("packets are not recorded", error);
  }

  #tell(what: string, { code, message }: NodeJS.ErrnoException): void {
    const key = `${what} ${code}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#options.onTrouble(`${what}: ${message}; it is tried again`);
  }

  #end(file: OpenFile): void {
    if (file.descriptor < 0) return;
    closeSync(file.descriptor);
    file.descriptor = -1;
  }

  /** Deletes what is too old, and the oldest until there is room for so many bytes. */
  #prune(room: number): void {
    const { setup, bytesMax, ageSecondsMax } = this.#options;
    this.#pruned = Date.now();
    const oldest = ageSecondsMax === 0 ? 0 : this.#pruned - ageSecondsMax * 1000;
    try {
      const files = recordingFiles(setup.directory).filter(({ path }) => !this.#isOpen(path));
      const open = [...this.#files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      let total = files.reduce((sum, { bytes }) => sum + bytes, open + room);
      for (const { path, bytes, written } of files) {
        if (total <= bytesMax && written >= oldest) continue;
        rmSync(path, { force: true });
        total -= bytes;
      }
    } catch (error) {
      this.#tell("old packets cannot be deleted", error as NodeJS.ErrnoException);
    }
  }

  #removeOldest(): void {
    const file = recordingFiles(this.#options.setup.directory).find(({ path }) => !this.#isOpen(path));
    if (file !== undefined) rmSync(file.path, { force: true });
  }

  #isOpen(path: string): boolean {
    return [...this.#files.values()].some((file) => file.path === path && file.descriptor >= 0);
  }
}

/** Cuts a file to its whole blocks, where that can be done. */
function cut({ descriptor, bytes }: OpenFile): void {
  try {
    if (descriptor >= 0) ftruncateSync(descriptor, bytes);
  } catch {
    // The reader of the file says where it is cut.
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(descriptor, bytes, at, bytes.length - at);
}
