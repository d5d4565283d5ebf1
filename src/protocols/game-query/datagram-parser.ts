import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { type GameMessage, GameTeller } from "./message.ts";

/** Reads one datagram: the message, `undefined` when it says nothing worth telling, FAILED when it makes no sense. */
export type DatagramReader = (side: Side, input: ByteView) => GameMessage | undefined | typeof FAILED;

/** The parser of a protocol whose datagrams are each understood alone. */
export class DatagramParser implements Parser {
  readonly #read: DatagramReader;
  readonly #teller: GameTeller;

  constructor(context: ParserContext, read: DatagramReader) {
    this.#read = read;
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const message = this.#read(side, input);
    if (message === FAILED) return FAILED;
    if (message !== undefined) this.#teller.tell(side, message);
    return input.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}
