import { looseText } from "#base/loose-text.ts";
import type { FileSink } from "#contract/parser.ts";
import { dispositionName } from "./file-name.ts";

/** Bytes of the headers of one part; longer ones are not understood, and the part is skipped. */
export const partHeadBytesMax = 8192;
/** Longest boundary (RFC 2046 §5.1.1 allows 70). */
const boundaryBytesMax = 256;
/** Files of one body. */
export const partFilesMax = 256;

/** Boundary of a multipart type, with the dashes before it; `undefined` for other types. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^\s*multipart\//i.test(contentType)) return undefined;
  const match = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  return boundary === undefined || boundary.length > boundaryBytesMax ? undefined : `--${boundary}`;
}

const At = { preamble: 0, boundaryEnd: 1, head: 2, body: 3, over: 4 } as const;
type At = (typeof At)[keyof typeof At];

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** Cuts a multipart body into its parts (RFC 2046 §5.1) and gives the bytes of those with a file name to sinks. */
export class Multipart {
  readonly #open: (name: string | undefined) => FileSink;
  /** Line feed, dashes, boundary. A carriage return before it belongs to it. */
  readonly #delimiter: Uint8Array;
  /** What may be the beginning of a delimiter, or an incomplete head. */
  #held: Uint8Array = new Uint8Array(0);
  #at: At = At.preamble;
  #sink: FileSink | undefined = undefined;
  #files = 0;

  constructor(boundary: string, open: (name: string | undefined) => FileSink) {
    this.#open = open;
    this.#delimiter = Uint8Array.from(`\n${boundary}`, (letter) => letter.charCodeAt(0));
    // The first boundary has no line before it.
    this.#held = Uint8Array.of(LF);
  }

  data(piece: Uint8Array, pieceFrom: number, pieceTo: number): void {
    if (this.#at === At.over) return;
    const bytes = new Uint8Array(this.#held.length + pieceTo - pieceFrom);
    bytes.set(this.#held);
    bytes.set(piece.subarray(pieceFrom, pieceTo), this.#held.length);
    let at = 0;
    for (;;) {
      const before: At = this.#at;
      const next: number = this.#step(bytes, at);
      if (next === at && this.#at === before) break;
      at = next;
    }
    this.#held = bytes.slice(at);
  }

  /** The body is over, or bytes of it are lost. */
  close(): void {
    this.#sink?.close(false);
    this.#sink = undefined;
    this.#at = At.over;
  }

  #step(bytes: Uint8Array, at: number): number {
    if (this.#at === At.preamble || this.#at === At.body) return this.#toDelimiter(bytes, at);
    if (this.#at === At.boundaryEnd) return this.#boundaryEnd(bytes, at);
    return this.#at === At.head ? this.#head(bytes, at) : bytes.length;
  }

  #toDelimiter(bytes: Uint8Array, at: number): number {
    const found = indexOf(bytes, this.#delimiter, at);
    // Only its beginning may be there: that much is kept back.
    let stop = found >= 0 ? found : heldFrom(bytes, this.#delimiter, at);
    if (stop > at && bytes[stop - 1] === CR) stop--;
    if (stop > at) this.#sink?.data(bytes, at, stop);
    if (found < 0) return stop;
    this.#sink?.close(true);
    this.#sink = undefined;
    this.#at = At.boundaryEnd;
    return found + this.#delimiter.length;
  }

  /** Behind the boundary: two dashes end the body, a line end begins a part. */
  #boundaryEnd(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < 2) return at;
    if (bytes[at] === DASH && bytes[at + 1] === DASH) {
      this.#at = At.over;
      return bytes.length;
    }
    const end = bytes.indexOf(LF, at);
    if (end < 0) return bytes.length - at > boundaryBytesMax ? this.#skip(bytes.length) : at;
    this.#at = At.head;
    return end + 1;
  }

  #head(bytes: Uint8Array, at: number): number {
    const end = partHeadEnd(bytes, at);
    if (end < 0) return bytes.length - at > partHeadBytesMax ? this.#skip(bytes.length) : at;
    this.#at = At.body;
    const text = looseText(bytes, at, end).replace(/\r?\n[ \t]+/g, " ");
    const disposition = /^content-disposition[ \t]*:([^\r\n]*)/im.exec(text)?.[1];
    const name = dispositionName(disposition);
    if (name !== undefined && this.#files++ < partFilesMax) this.#sink = this.#open(name === "" ? undefined : name);
    return end;
  }

  #skip(to: number): number {
    this.#at = At.body;
    return to;
  }
}

/** One past the empty line of a part's head, -1 when it has not come; the head may be empty. */
function partHeadEnd(bytes: Uint8Array, at: number): number {
  let line = at;
  for (;;) {
    if (bytes[line] === LF) return line + 1;
    if (bytes[line] === CR && bytes[line + 1] === LF) return line + 2;
    const feed = bytes.indexOf(LF, line);
    if (feed < 0) return -1;
    line = feed + 1;
  }
}

/** Where `wanted` stands from `at` on, -1 when nowhere. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array, at: number): number {
  const first = wanted[0] as number;
  for (let i = bytes.indexOf(first, at); i >= 0 && i + wanted.length <= bytes.length; i = bytes.indexOf(first, i + 1)) {
    let k = 1;
    while (k < wanted.length && bytes[i + k] === wanted[k]) k++;
    if (k === wanted.length) return i;
  }
  return -1;
}

/** Where the end of the bytes may be the beginning of `wanted`; their length when it cannot. */
function heldFrom(bytes: Uint8Array, wanted: Uint8Array, at: number): number {
  for (let i = Math.max(at, bytes.length - wanted.length + 1); i < bytes.length; i++) {
    let k = 0;
    while (i + k < bytes.length && bytes[i + k] === wanted[k]) k++;
    if (i + k === bytes.length) return i;
  }
  return bytes.length;
}
