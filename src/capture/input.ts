import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { OddwireError } from "#contract/errors.ts";

/** A stream of bytes that is read into memory of the reader's choice. */
export interface ByteInput {
  /** Size of the file as it lies on the disk, when it is known. */
  readonly totalBytes: number | undefined;
  /** Bytes of that size that were read so far. */
  readonly readBytes: number;
  /** Why the input ended early, in words. */
  readonly trouble: string | undefined;
  /** True when the input can be opened a second time. */
  readonly again: boolean;
  /** Reads at most `length` bytes to `into[at..]`; 0 at the end, and only there. */
  read(into: Uint8Array, at: number, length: number): Promise<number>;
  close(): Promise<void>;
}

/** Reads until `length` bytes are there or the input ends, so that what follows does not depend on the pieces. */
export async function readFully(input: ByteInput, into: Uint8Array, at: number, length: number): Promise<number> {
  let have = 0;
  while (have < length) {
    const got = await input.read(into, at + have, length - have);
    if (got === 0) break;
    have += got;
  }
  return have;
}

/** Opens a path, or the standard input for `-`. */
export async function openInput(path: string, standardInput: () => AsyncIterable<Uint8Array>): Promise<ByteInput> {
  if (path === "-") return new StreamInput(standardInput());
  try {
    const handle = await open(path, "r");
    const found = await handle.stat();
    if (found.isFile()) return new FileInput(handle, found.size);
    if (!found.isDirectory()) return new StreamInput(handle.createReadStream());
    await handle.close();
  } catch (cause) {
    throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: causeText(cause) }, { cause });
  }
  throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: "it is a directory" });
}

const causes: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EIO: "the disk reports an error",
  EMFILE: "too many open files",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is no directory",
};

/** What an operating system's error means, in words. */
export function causeText(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return causes[code] ?? (code || String(error));
}

/** A regular file. */
class FileInput implements ByteInput {
  readonly totalBytes: number;
  readonly again = true;
  readBytes = 0;
  trouble: string | undefined;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.totalBytes = size;
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    try {
      // On this thread: a hand-over to the thread pool costs more than the copy.
      const got = readSync(this.#handle.fd, into, at, length, null);
      this.readBytes += got;
      return got;
    } catch (error) {
      this.trouble = causeText(error);
      return 0;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Pieces of any size, as the standard input or a named pipe brings them. */
class StreamInput implements ByteInput {
  readonly totalBytes = undefined;
  readonly again = false;
  readBytes = 0;
  trouble: string | undefined;
  readonly #stream: AsyncIterable<Uint8Array>;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #closed = Promise.withResolvers<IteratorReturnResult<undefined>>();
  #piece: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#stream = stream;
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    try {
      while (this.#piece.length === 0) {
        const next = await Promise.race([this.#pieces.next(), this.#closed.promise]);
        if (next.done === true) return 0;
        this.#piece = next.value;
      }
    } catch (error) {
      this.trouble = causeText(error);
      return 0;
    }
    const part = this.#piece.subarray(0, length);
    into.set(part, at);
    this.#piece = this.#piece.subarray(part.length);
    this.readBytes += part.length;
    return part.length;
  }

  /** Ends a read that waits, too. Does not wait itself: a pipe without a writer may never answer. */
  async close(): Promise<void> {
    this.#closed.resolve({ done: true, value: undefined });
    if (this.#stream instanceof Readable) this.#stream.destroy();
    else void this.#pieces.return?.();
  }
}

/** Bytes that were read already, then the rest of the input they came from. */
export class PrefixedInput implements ByteInput {
  readonly #input: ByteInput;
  #prefix: Uint8Array;

  constructor(prefix: Uint8Array, input: ByteInput) {
    this.#prefix = prefix;
    this.#input = input;
  }

  get totalBytes(): number | undefined {
    return this.#input.totalBytes;
  }
  get readBytes(): number {
    return this.#input.readBytes;
  }
  get trouble(): string | undefined {
    return this.#input.trouble;
  }
  get again(): boolean {
    return this.#input.again;
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    if (this.#prefix.length === 0) return this.#input.read(into, at, length);
    const part = this.#prefix.subarray(0, length);
    into.set(part, at);
    this.#prefix = this.#prefix.subarray(part.length);
    return part.length;
  }

  close(): Promise<void> {
    return this.#input.close();
  }
}
