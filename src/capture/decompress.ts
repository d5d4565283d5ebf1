import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Compression } from "./content.ts";
import type { ByteInput } from "./input.ts";

/** Compressed bytes handed over at once: bounds what a bomb can make of them before it is read. */
const PIECE_BYTES = 65_536;
const OUTPUT_BYTES = 262_144;

/** What stands in a gzip file (of one or more members) or a zstd file (of one or more frames). */
export function decompress(compression: Compression, input: ByteInput): ByteInput {
  const options = { chunkSize: OUTPUT_BYTES };
  return new DecompressedInput(compression, compression === "gzip" ? createGunzip(options) : createZstdDecompress(options), input);
}

/**
 * Pulls decompressed bytes out of a stream of node:zlib. The next compressed piece is written only when all output of
 * the last one was taken: so the memory is bounded whatever the ratio, and when the compressed bytes turn out to be
 * damaged or cut, everything before was read. (Piping or iterating the stream would lose what it holds at the error.)
 */
class DecompressedInput implements ByteInput {
  readonly again: boolean;
  readonly #compression: Compression;
  readonly #stream: Transform;
  readonly #input: ByteInput;
  readonly #piece = new Uint8Array(PIECE_BYTES);
  #output: Uint8Array = new Uint8Array(0);
  #writing = false;
  #inputEnded = false;
  #ended = false;
  #trouble: string | undefined;
  /** The stream did something since it was last waited for. */
  #happened = false;
  #wake: () => void = () => {};

  constructor(compression: Compression, stream: Transform, input: ByteInput) {
    this.#compression = compression;
    this.#stream = stream;
    this.#input = input;
    this.again = input.again;
    stream.on("readable", () => this.#notify());
    stream.on("end", () => {
      this.#ended = true;
      this.#notify();
    });
    stream.on("error", (error) => {
      this.#ended = true;
      this.#trouble = this.#inputEnded
        ? `the ${this.#compression} data ends early`
        : `the ${this.#compression} data is damaged (${error.message})`;
      this.#notify();
    });
  }

  get totalBytes(): number | undefined {
    return this.#input.totalBytes;
  }
  get readBytes(): number {
    return this.#input.readBytes;
  }
  get trouble(): string | undefined {
    return this.#input.trouble ?? this.#trouble;
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#output.length === 0) {
      const piece = this.#stream.read() as Uint8Array | null;
      if (piece !== null) this.#output = piece;
      else if (this.#ended) return 0;
      else await this.#advance();
    }
    const part = this.#output.subarray(0, length);
    into.set(part, at);
    this.#output = this.#output.subarray(part.length);
    return part.length;
  }

  /** Hands over the next compressed piece if the last one is used up, and waits for the stream to do something. */
  async #advance(): Promise<void> {
    if (!this.#writing && !this.#inputEnded) await this.#write();
    if (!this.#happened) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#happened = false;
  }

  async #write(): Promise<void> {
    const got = await this.#input.read(this.#piece, 0, PIECE_BYTES);
    if (got === 0) {
      this.#inputEnded = true;
      this.#stream.end();
      return;
    }
    this.#writing = true;
    this.#stream.write(this.#piece.subarray(0, got), () => {
      this.#writing = false;
      this.#notify();
    });
  }

  #notify(): void {
    this.#happened = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#stream.destroy();
    await this.#input.close();
  }
}
