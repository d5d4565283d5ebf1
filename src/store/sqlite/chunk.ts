import { isAscii } from "node:buffer";

/** Lines as bytes, which are quick to walk, and as text, of which pieces are quick to take. */
export class Chunk {
  readonly bytes: Uint8Array;
  readonly #buffer: Buffer;
  /** The same as text; only when each character is one byte. */
  readonly #text: string | undefined;

  constructor(buffer: Buffer) {
    this.bytes = buffer;
    this.#buffer = buffer;
    this.#text = isAscii(buffer) ? buffer.toString("latin1") : undefined;
  }

  /** Text of the bytes `[at, to)`. */
  slice(at: number, to: number): string {
    return this.#text === undefined ? this.#buffer.toString("utf8", at, to) : this.#text.slice(at, to);
  }

  /** Index of the next newline, or the end. */
  lineEnd(at: number): number {
    const newline = this.#text === undefined ? this.#buffer.indexOf(10, at) : this.#text.indexOf("\n", at);
    return newline < 0 ? this.bytes.length : newline;
  }
}
