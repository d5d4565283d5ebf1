import type { ByteView } from "#base/bytes.ts";
import type { FileSink, Parser, ParserContext, Side, Transaction } from "#contract/parser.ts";

/** A data connection: all its bytes are one file, or a listing. */
export class FtpDataParser implements Parser {
  readonly #context: ParserContext;
  readonly #command: string;
  readonly #name: string | undefined;
  #file: FileSink | undefined;
  #size = 0;
  #side: Side = 0;
  #started = false;

  constructor(context: ParserContext) {
    const { command, filename } = context.expected ?? {};
    this.#context = context;
    this.#command = typeof command === "string" ? command : "";
    this.#name = typeof filename === "string" ? filename : undefined;
  }

  data(side: Side, view: ByteView): number {
    if (!this.#started) this.#start(side);
    // The other side says nothing; if it does, it is not the file.
    if (side === this.#side) {
      this.#size += view.length;
      this.#file?.data(view.bytes, view.at, view.end);
    }
    return view.length;
  }

  gap(side: Side, bytes: number): boolean {
    if (!this.#started) this.#start(side);
    if (side === this.#side) {
      this.#size += bytes;
      this.#file?.gap(bytes);
    }
    return true;
  }

  end(): void {
    if (!this.#started) return;
    this.#file?.close(true);
    this.#context.emit("ftp_data", this.#side, 0, this.#event());
  }

  #start(side: Side): void {
    this.#started = true;
    this.#side = side;
    if (this.#name !== undefined)
      this.#file = this.#context.file(side, 0, { name: this.#name, beside: () => ({ ftp_data: this.#event() }) });
  }

  #event(): Transaction {
    const fields: Transaction = {};
    if (this.#name !== undefined) fields["filename"] = this.#name;
    fields["command"] = this.#command;
    fields["size"] = this.#size;
    return fields;
  }
}
