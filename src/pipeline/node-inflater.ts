/* oxlint-disable no-underscore-dangle, unicorn/prefer-add-event-listener, typescript/no-unnecessary-type-assertion -- these are the names of Node's own handle, which sets the state behind the compiler's back. */
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";
import type { Coding, InflatedTaker, Inflater, Inflation } from "#contract/platform.ts";

/** Decoded bytes of one piece, and pieces of memory that are kept for the next streams. */
const pieceBytes = 32_768;
const piecesKeptMax = 4;
/** Decoders of one coding that are kept for the next streams. */
const decodersKeptMax = 4;

/**
 * The synchronous part of Node's own decoders, which its documented API offers for whole buffers only. The version of
 * Node is fixed, so that a test tells when it changes.
 */
interface Decoder {
  readonly _handle: {
    writeSync(flush: number, source: Uint8Array, from: number, length: number, target: Uint8Array, to: number, room: number): void;
    reset(): void;
    onerror: (message: string, number: number, code: string) => void;
  };
  /** Room left in the target, bytes left of the source. */
  readonly _writeState: Uint32Array;
}

const openers: { readonly [coding in Coding]: () => unknown } = {
  gzip: () => createGunzip(),
  zlib: () => createInflate(),
  deflate: () => createInflateRaw(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** Decoders of one thread; ended ones are used again. */
export class NodeInflaters {
  readonly #idle = new Map<Coding, Decoder[]>();
  readonly #pieces: Uint8Array[] = [];

  open(coding: Coding): Inflater {
    return new NodeInflater(this, coding);
  }

  takeDecoder(coding: Coding): Decoder {
    return this.#idle.get(coding)?.pop() ?? (openers[coding]() as Decoder);
  }

  giveDecoder(coding: Coding, decoder: Decoder): void {
    // The others cannot be reset on every version.
    if (coding === "br" || coding === "zstd") return;
    const idle = this.#idle.get(coding) ?? [];
    this.#idle.set(coding, idle);
    if (idle.length >= decodersKeptMax) return;
    decoder._handle.reset();
    idle.push(decoder);
  }

  /** Memory for decoded bytes. A stream inside another one needs a piece of its own. */
  takePiece(): Uint8Array {
    return this.#pieces.pop() ?? new Uint8Array(pieceBytes);
  }

  givePiece(piece: Uint8Array): void {
    if (this.#pieces.length < piecesKeptMax) this.#pieces.push(piece);
  }
}

class NodeInflater implements Inflater {
  readonly #all: NodeInflaters;
  readonly #coding: Coding;
  #decoder: Decoder | undefined = undefined;
  #state: Inflation = "more";
  #closed = false;

  constructor(all: NodeInflaters, coding: Coding) {
    this.#all = all;
    this.#coding = coding;
  }

  push(bytes: Uint8Array, from: number, to: number, take: InflatedTaker): Inflation {
    if (this.#closed || this.#state !== "more" || from >= to) return this.#state;
    this.#decoder ??= this.#open();
    const piece = this.#all.takePiece();
    this.#state = this.#run(this.#decoder, piece, bytes, from, to, take);
    this.#all.givePiece(piece);
    return this.#state;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#decoder !== undefined) this.#all.giveDecoder(this.#coding, this.#decoder);
    this.#decoder = undefined;
  }

  #open(): Decoder {
    const decoder = this.#all.takeDecoder(this.#coding);
    decoder._handle.onerror = () => {
      this.#state = "damaged";
    };
    return decoder;
  }

  #run(decoder: Decoder, piece: Uint8Array, bytes: Uint8Array, from: number, to: number, take: InflatedTaker): Inflation {
    const flush = this.#coding === "br" || this.#coding === "zstd" ? 0 : constants.Z_SYNC_FLUSH;
    let at = from;
    for (;;) {
      decoder._handle.writeSync(flush, bytes, at, to - at, piece, 0, piece.length);
      const room = decoder._writeState[0] as number;
      const left = decoder._writeState[1] as number;
      const made = piece.length - room;
      // Set by the handle while it writes.
      if ((this.#state as Inflation) === "damaged") return "damaged";
      if (made > 0 && !take(piece, 0, made)) return "refused";
      const used = to - at - left;
      at += used;
      if (room > 0 && (left === 0 || used === 0)) return left === 0 ? "more" : "end";
      if (made === 0 && used === 0) return "more";
    }
  }
}
