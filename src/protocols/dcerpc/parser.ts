import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Side } from "#contract/parser.ts";
import { giveCall } from "./call-values.ts";
import { type Call, Conversation, callFacts, callFields } from "./conversation.ts";
import { HEADER_BYTES, plausible } from "./pdu.ts";

/** DCE/RPC over TCP. */
export class DcerpcParser implements Parser {
  readonly #context: ParserContext;
  readonly #conversation: Conversation;
  /** Sides that lost bytes and look for the next header: bit 0 client, bit 1 server. */
  #lost = 0;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#conversation = new Conversation(
      {
        rules: context.rules,
        begin: () => this.#transactions++,
        asked: (call) => this.#asked(call),
        tell: (call, answered) => this.#tell(call, answered),
      },
      false,
    );
  }

  data(side: Side, input: ByteView): number {
    const { view, end } = input;
    let at = input.at;
    const bit = 1 << side;
    if ((this.#lost & bit) !== 0) {
      while (end - at >= HEADER_BYTES && !plausible(view, at)) at++;
      if (end - at < HEADER_BYTES) return at - input.at;
      this.#lost &= ~bit;
    }
    const read = this.#conversation.read(view, at, end);
    return read < 0 ? FAILED : at - input.at + read;
  }

  gap(side: Side): boolean {
    this.#lost |= 1 << side;
    return true;
  }

  end(): void {
    this.#conversation.end();
  }

  #asked(call: Call): void {
    const { rules } = this.#context;
    if (rules === undefined) return;
    giveCall(rules, callFacts(call, call.txId), [Side.toServer]);
    rules.judge(Side.toServer, call.txId, () => ({ dcerpc: callFields(call, false) }));
  }

  #tell(call: Call, answered: boolean): void {
    const side = answered ? Side.toClient : Side.toServer;
    giveCall(this.#context.rules, callFacts(call, call.txId), call.isAsked ? [Side.toClient] : undefined);
    this.#context.emit("dcerpc", side, call.txId, callFields(call, false));
  }
}
