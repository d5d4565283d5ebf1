import type { FileSink, Transaction } from "#contract/parser.ts";
import type { Pipe } from "./pipe.ts";

/** A share that the client is connected to. */
export interface Tree {
  readonly name: string;
  readonly pipe: boolean;
}

/** A request and its answer: one transaction. */
export interface Exchange {
  readonly txId: number;
  readonly command: string;
  /** Session and tree are those of the answer when there is one. */
  session: number;
  tree: number;
  readonly fields: Transaction;
}

/** A file or pipe that is open. */
export interface OpenFile {
  readonly id: string;
  readonly name: string;
  readonly tree: Tree | undefined;
  /** Size at opening, bytes; `undefined` when the answer is not in the capture. */
  readonly size: number | undefined;
  readonly pipe: Pipe | undefined;
  read: Transfer | undefined;
  written: Transfer | undefined;
}

/** Bytes of a file that travel one way, in the order of their places. What comes twice is told once. */
export class Transfer {
  readonly exchange: Exchange;
  readonly #sink: FileSink;
  /** Place of the next byte in the file. */
  #next: number;
  /** Bytes of the piece at hand that were told before. */
  #skip = 0;

  constructor(exchange: Exchange, sink: FileSink, start: number) {
    this.exchange = exchange;
    this.#sink = sink;
    this.#next = start;
  }

  /** A piece begins at this place of the file. */
  piece(offset: number): void {
    this.#skip = Math.max(0, this.#next - offset);
    if (offset > this.#next) {
      this.#sink.gap(offset - this.#next);
      this.#next = offset;
    }
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    const start = Math.min(to, from + this.#skip);
    this.#skip -= start - from;
    if (start < to) this.#sink.data(bytes, start, to);
    this.#next += to - start;
  }

  gap(bytes: number): void {
    const missing = Math.max(0, bytes - this.#skip);
    this.#skip -= bytes - missing;
    if (missing > 0) this.#sink.gap(missing);
    this.#next += missing;
  }

  /** `size` is that of the file when it is known that all of it should have come. */
  close(closed: boolean, size: number | undefined): void {
    this.#sink.close(closed && (size === undefined || this.#next >= size));
  }
}

/** A request that waits for its answer. */
export interface Pending {
  readonly exchange: Exchange | undefined;
  readonly command: number;
  /** File that it is about; of a compound, the file that an earlier part opens. */
  file: string;
  /** The part of the same compound that opens the file. */
  readonly opener: Pending | undefined;
  /** Name that it opens or connects to. */
  readonly name: string;
  /** Place in the file. */
  readonly offset: number;
}
