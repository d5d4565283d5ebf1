import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, type Side, type Transaction } from "./parser.ts";

/**
 * Reads datagrams of which each one is a message: an event for each, numbered in their order. What cannot be read is
 * told as `malformed_data`.
 */
export class MessageParser implements Parser {
  readonly #context: ParserContext;
  readonly #kind: string;
  readonly #read: (window: ByteView) => Transaction | undefined;
  #transactions = 0;

  /** `read` gives a message's fields, `undefined` when it is none. */
  constructor(context: ParserContext, kind: string, read: (window: ByteView) => Transaction | undefined) {
    this.#context = context;
    this.#kind = kind;
    this.#read = read;
  }

  data(side: Side, window: ByteView): number {
    const fields = this.#read(window);
    if (fields === undefined) {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    this.#context.emit(this.#kind, side, this.#transactions++, fields);
    return window.length;
  }

  /** Datagrams have no order to lose. */
  gap(): boolean {
    return true;
  }

  end(): void {}
}
