import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Side } from "#contract/parser.ts";
import { Connection } from "./connection.ts";
import { RecordReader } from "./record-reader.ts";

/** Reads the handshake of one connection over a stream. */
export class TlsParser extends Connection implements Parser {
  readonly #readers: readonly [RecordReader, RecordReader];

  constructor(context: ParserContext) {
    super(context, "t");
    this.#readers = [new RecordReader(Side.toServer, this), new RecordReader(Side.toClient, this)];
  }

  data(side: Side, view: ByteView): number {
    const taken = this.done ? 0 : this.#readers[side].read(view);
    if (!this.done) return taken;
    return this.failed ? FAILED : FINISHED;
  }

  gap(side: Side, bytes: number): boolean {
    if (!this.done) this.#readers[side].gap(bytes);
    return !this.done;
  }

  end(): void {
    if (this.done) return;
    for (const reader of this.#readers) reader.end();
    this.conclude();
  }
}
