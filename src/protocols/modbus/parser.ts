import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { FAILED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { type Message, readMessage } from "./message.ts";
import { HEADER_BYTES, LENGTH_MAX, LENGTH_MIN } from "./probe.ts";

/** Requests of one flow that wait for their response; beyond it the oldest is told without one. */
export const pendingMax = 64;

interface Exchange {
  readonly id: number;
  readonly request: Message;
}

/** Reads Modbus/TCP: an event for each request with its response. */
export class ModbusParser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  /** Oldest first. */
  #pending: Exchange[] = [];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < HEADER_BYTES + 1) return place.wait(window, at, 0);
      const length = view.getUint16(at + 4);
      if (view.getUint16(at + 2) !== 0) {
        this.#context.anomaly(side, "invalid_protocol_id");
        return FAILED;
      }
      if (length < LENGTH_MIN || length > LENGTH_MAX) {
        this.#context.anomaly(side, "invalid_length");
        return FAILED;
      }
      if (end - at < 6 + length) return place.wait(window, at, 6 + length);
      if (side === 0) this.#ask(bytes, view, at, at + 6 + length);
      else this.#answer(bytes, view, at, at + 6 + length);
      at += 6 + length;
    }
    return window.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {
    for (const exchange of this.#pending) this.#tell(exchange, undefined);
    this.#pending = [];
  }

  #ask(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (this.#pending.length >= pendingMax) this.#tell(this.#pending.shift(), undefined);
    const request = readMessage(bytes, view, at, end, false);
    this.#judge(0, request);
    this.#pending.push({ id: ++this.#transactions, request });
  }

  #answer(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const transaction = view.getUint16(at);
    const index = this.#pending.findIndex(({ request }) => request.transaction === transaction);
    if (index < 0) {
      this.#context.anomaly(1, "unsolicited_response");
      this.#tell(undefined, readMessage(bytes, view, at, end, true));
      return;
    }
    const [exchange] = this.#pending.splice(index, 1) as [Exchange];
    const response = readMessage(bytes, view, at, end, true, exchange.request);
    this.#judge(1, response);
    if ((response.code & 127) !== exchange.request.code) response.fields["error_flags"] = "FUNC_CODE";
    if (response.fields["error_flags"] === "DATA_VALUE") this.#context.anomaly(1, "value_mismatch");
    this.#tell(exchange, response);
  }

  /** What is wrong with a message by itself. */
  #judge(side: Side, { code, fields }: Message): void {
    if ((code & 127) === 0) this.#context.anomaly(side, "invalid_function_code");
    if (side === 0 && fields["error_flags"] === "DATA_VALUE") this.#context.anomaly(side, "invalid_value");
    const exception = fields["exception"] as { code: string } | undefined;
    if (exception?.code === "Unknown") this.#context.anomaly(side, "invalid_exception_code");
  }

  #tell(exchange: Exchange | undefined, response: Message | undefined): void {
    const id = exchange?.id ?? ++this.#transactions;
    const fields: { [name: string]: unknown } = { id };
    if (exchange !== undefined) fields["request"] = exchange.request.fields;
    if (response !== undefined) fields["response"] = response.fields;
    this.#context.emit("modbus", response === undefined ? 0 : 1, id - 1, fields);
  }
}
