import type { FileFacts, FileSink, ParserContext, Side, Transaction } from "#contract/parser.ts";

/** A file on its way through a flow: counts its bytes and tells it in a `fileinfo` event when it ends. */
export class FileCounter implements FileSink {
  readonly #context: ParserContext;
  readonly #side: Side;
  readonly #txId: number;
  readonly #facts: FileFacts;
  #bytes = 0;
  #gaps = false;
  #closed = false;

  constructor(context: ParserContext, side: Side, txId: number, facts: FileFacts) {
    this.#context = context;
    this.#side = side;
    this.#txId = txId;
    this.#facts = facts;
  }

  data(_bytes: Uint8Array, from: number, to: number): void {
    if (!this.#closed) this.#bytes += to - from;
  }

  gap(bytes: number): void {
    if (this.#closed) return;
    this.#bytes += bytes;
    this.#gaps = true;
  }

  close(complete: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    const { name, start, beside } = this.#facts;
    const fields: Transaction = {};
    if (name !== undefined) fields["filename"] = name;
    fields["gaps"] = this.#gaps;
    fields["state"] = complete && !this.#gaps ? "CLOSED" : "TRUNCATED";
    fields["stored"] = false;
    fields["size"] = this.#bytes;
    if (start !== undefined) {
      fields["start"] = start;
      fields["end"] = start + Math.max(0, this.#bytes - 1);
    }
    fields["tx_id"] = this.#txId;
    this.#context.emit("fileinfo", this.#side, this.#txId, fields, beside?.());
  }
}
