import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import { assert } from "#base/assert.ts";
import { OddwireError } from "#contract/errors.ts";
import type { BlockPool, Damage, FrameBlock, FrameFilter, Source, SourceCounters } from "#contract/source.ts";
import { applyFilter } from "./apply-filter.ts";
import { createFrameBlock } from "./block.ts";
import type { CaptureFile } from "./capture-file.ts";
import { type ByteInput, openInput } from "./input.ts";
import { Ledger } from "./ledger.ts";
import { openCaptureFile } from "./open-file.ts";

export interface CaptureOptions {
  /** Where the blocks come from. Blocks of at least 327,680 bytes hold every frame up to 256 KiB whole. */
  readonly pool: BlockPool;
  /** Frames that do not pass are counted and get no number. The source disposes of it. */
  readonly filter?: FrameFilter;
  /** What `-` reads; the process's standard input by default. */
  readonly standardInput?: AsyncIterable<Uint8Array>;
}

/**
 * One source over several capture files, read one after the other in the order of their first packet's time, with
 * continuous packet numbers and one clock. The standard input and named pipes keep their place in the list.
 */
export async function openCaptures(paths: readonly string[], options: CaptureOptions): Promise<Source> {
  const source = new CaptureSource(paths, options);
  await source.start();
  return source;
}

/** A file that was looked into, in its turn. */
interface Entry {
  readonly path: string;
  /** Time of the first frame; `undefined` when it cannot be known beforehand. */
  readonly firstTime: number | undefined;
  /** Bytes on the disk. */
  readonly size: number | undefined;
  /** Set when the file is open already. */
  readonly opened: OpenFile | undefined;
}

interface OpenFile {
  readonly input: ByteInput;
  readonly file: CaptureFile;
}

/** Room to look at a file's first frame; the same for each file. */
const LOOK_LAYOUT = { bytesMax: 524_288, framesMax: 1, shared: false };

class CaptureSource implements Source {
  readonly name: string;
  readonly kind = "file";
  readonly #paths: readonly string[];
  readonly #options: CaptureOptions;
  readonly #ledger = new Ledger();
  readonly #standardInput: () => AsyncIterable<Uint8Array>;
  #entries: readonly Entry[] | undefined;
  #turn = 0;
  #current: OpenFile | undefined;
  #doneBytes = 0;
  #stopped = false;
  /** Largest time of the frames handed out, µs. */
  #clock = 0;

  constructor(paths: readonly string[], options: CaptureOptions) {
    assert(paths.length > 0, "a capture has a file");
    this.#paths = paths;
    this.#options = options;
    this.#standardInput = () => options.standardInput ?? process.stdin;
    this.name = paths.length === 1 ? fileName(paths[0] as string) : `${paths.length} files`;
  }

  get interfaces(): readonly string[] {
    return this.#ledger.interfaces;
  }
  get counters(): SourceCounters {
    return this.#ledger.counters;
  }
  get damage(): readonly Damage[] {
    return this.#ledger.damage;
  }

  get totalBytes(): number | undefined {
    let total = 0;
    for (const entry of this.#entries ?? []) {
      if (entry.size === undefined) return undefined;
      total += entry.size;
    }
    return this.#entries === undefined ? undefined : total;
  }

  get readBytes(): number {
    return this.#doneBytes + (this.#current?.input.readBytes ?? 0);
  }

  async start(): Promise<void> {
    if (this.#entries !== undefined) return;
    const entries: Entry[] = [];
    const look = this.#paths.length > 1 ? createFrameBlock(LOOK_LAYOUT) : undefined;
    let failure: OddwireError | undefined;
    for (const path of this.#paths) {
      try {
        entries.push(await this.#look(path, look));
      } catch (error) {
        // One bad file among many is reported and passed over; a path that does not exist is a mistake to hear of.
        if (!(error instanceof OddwireError) || error.code === "ODW_FILE_MISSING" || this.#paths.length === 1) {
          for (const entry of entries) await entry.opened?.file.close();
          throw error;
        }
        failure ??= error;
        this.#ledger.report(0, `${withoutMend(error)}; it was passed over`);
      }
    }
    if (entries.length === 0 && failure !== undefined) throw failure;
    this.#entries = inOrder(entries);
  }

  /** Looks at a file's head and, when there are several to order, at its first frame. */
  async #look(path: string, block: FrameBlock | undefined): Promise<Entry> {
    const input = await openInput(path, this.#standardInput);
    const size = input.totalBytes;
    // What cannot be opened twice, or need not be, is read later from where it stands now.
    if (!input.again || block === undefined)
      return { path, firstTime: undefined, size, opened: { input, file: await openCaptureFile(path, input, this.#ledger) } };
    const file = await openCaptureFile(path, input, new Ledger());
    try {
      const found = await file.fill(block);
      return { path, firstTime: found ? block.time[0] : Number.POSITIVE_INFINITY, size, opened: undefined };
    } finally {
      await file.close();
    }
  }

  async next(): Promise<FrameBlock | undefined> {
    await this.start();
    // Signals and timers get their turn, also when everything else answers at once.
    await setImmediate();
    const block = await this.#options.pool.take();
    while (!this.#stopped) {
      this.#current ??= await this.#openNext();
      if (this.#current === undefined) break;
      if (await this.#current.file.fill(block)) {
        if (this.#admit(block)) return block;
      } else await this.#closeCurrent();
    }
    this.#options.pool.release(block);
    return undefined;
  }

  /** Filters, numbers and counts the frames; false when none is left. */
  #admit(block: FrameBlock): boolean {
    const { counters } = this.#ledger;
    if (this.#options.filter !== undefined) counters.filtered += applyFilter(block, this.#options.filter);
    let bytes = 0;
    for (let i = 0; i < block.count; i++) {
      bytes += block.captured[i] as number;
      this.#clock = Math.max(this.#clock, block.time[i] as number);
    }
    block.firstNumber = counters.frames + 1;
    block.clock = this.#clock;
    counters.frames += block.count;
    counters.bytes += bytes;
    return block.count > 0;
  }

  async #openNext(): Promise<OpenFile | undefined> {
    for (;;) {
      const entry = this.#entries?.[this.#turn++];
      if (entry === undefined) return undefined;
      if (this.#paths.length > 1) this.#ledger.prefix = `${fileName(entry.path)}: `;
      if (entry.opened !== undefined) return entry.opened;
      try {
        const input = await openInput(entry.path, this.#standardInput);
        return { input, file: await openCaptureFile(entry.path, input, this.#ledger) };
      } catch (error) {
        if (!(error instanceof OddwireError)) throw error;
        this.#ledger.report(0, withoutMend(error));
      }
    }
  }

  async #closeCurrent(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    this.#doneBytes += current?.input.readBytes ?? 0;
    await current?.file.close();
  }

  release(block: FrameBlock): void {
    this.#options.pool.release(block);
  }

  stop(): void {
    this.#stopped = true;
    // A pipe may keep `next` waiting; a regular file never does, and is closed in its turn.
    if (this.#current?.input.again === false) void this.#current.file.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#closeCurrent();
    for (const entry of this.#entries?.slice(this.#turn) ?? []) await entry.opened?.file.close();
    this.#turn = this.#entries?.length ?? 0;
    this.#options.filter?.[Symbol.dispose]();
  }
}

/** Sorted by first frame; what could not be looked into keeps its place. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const sorted = entries
    .filter((entry) => entry.firstTime !== undefined)
    .toSorted((a, b) => (a.firstTime as number) - (b.firstTime as number));
  let next = 0;
  return entries.map((entry) => (entry.firstTime === undefined ? entry : (sorted[next++] as Entry)));
}

const fileName = (path: string): string => (path === "-" ? "standard input" : basename(path));
const withoutMend = (error: OddwireError): string => error.message.slice(0, -error.mend.length - 3);
