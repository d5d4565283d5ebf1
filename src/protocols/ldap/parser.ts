import type { ByteView } from "#base/bytes.ts";
import { elementBytes } from "#base/der.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";
import { type LdapMessage, plausible, readMessage } from "./message.ts";

/** Longest message that is waited for. */
const messageBytesMax = 1_000_000;
/** Requests whose answers are waited for; the oldest is told with those that have come. */
const waitingMax = 64;
/** Answers of one request that are told. */
const responsesMax = 32;
const START_TLS = "1.3.6.1.4.1.1466.20037";

interface Exchange {
  readonly txId: number;
  readonly request: Transaction | undefined;
  readonly operation: string;
  /** Name of an extension, mechanism of a bind. */
  readonly name: unknown;
  readonly responses: Transaction[];
  omitted: number;
}

/** LDAP over TCP, and its connectionless form over UDP: a request and all its answers are one event. */
export class LdapParser implements Parser {
  readonly #context: ParserContext;
  readonly #waiting = new Map<number, Exchange>();
  #transactions = 0;
  /** Sides that lost bytes and look for the next message: bit 0 client, bit 1 server. */
  #lost = 0;
  /** True from the first successful logon on that may wrap what follows. */
  #mayBeWrapped = false;
  /** Set when the bytes behind the message at hand are TLS. */
  #secure = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, input: ByteView): number {
    const { bytes, end } = input;
    let at = input.at;
    const bit = 1 << side;
    while (at < end) {
      if ((this.#lost & bit) !== 0) {
        while (end - at >= 16 && !plausible(bytes, at, end)) at++;
        if (end - at < 16) break;
        this.#lost &= ~bit;
      }
      // Wrapped: a length of at most 24 bits, in a capture that lacks the logon too.
      if (bytes[at] === 0) return FINISHED;
      if (bytes[at] !== 0x30) return this.#foreign(side);
      const length = elementBytes(bytes, at, end);
      if (length < 0 || length > messageBytesMax) return this.#foreign(side);
      if (length === 0 || length > end - at) break;
      const message = readMessage(bytes, at, at + length);
      at += length;
      if (message === undefined) this.#context.anomaly(side, "invalid_data");
      else this.#message(side, message);
      if (this.#secure) {
        this.#context.handOver("tls");
        break;
      }
    }
    return this.#context.transport === "udp" ? end - input.at : at - input.at;
  }

  #foreign(side: Side): number {
    // A security layer of SASL puts a length in front of what it wraps (RFC 4422 §3.7).
    if (this.#mayBeWrapped) return FINISHED;
    this.#context.anomaly(side, "invalid_data");
    return FAILED;
  }

  gap(side: Side): boolean {
    this.#lost |= 1 << side;
    return true;
  }

  end(): void {
    for (const exchange of this.#waiting.values()) this.#tell(exchange, 0);
    this.#waiting.clear();
  }

  #message(side: Side, message: LdapMessage): void {
    const { id, operation, isRequest, fields } = message;
    const told: Transaction = { operation, message_id: id };
    if (fields !== undefined) told[operation] = fields;
    if (isRequest) this.#request(side, message, told);
    else this.#answer(side, message, told);
  }

  #request(side: Side, { id, operation, fields }: LdapMessage, told: Transaction): void {
    const name = fields?.["name"] ?? "";
    const exchange: Exchange = { txId: this.#transactions++, request: told, operation, name, responses: [], omitted: 0 };
    if (operation === "unbind_request" || operation === "abandon_request") {
      this.#tell(exchange, side);
      return;
    }
    const before = this.#waiting.get(id) ?? (this.#waiting.size >= waitingMax ? this.#waiting.values().next().value : undefined);
    if (before !== undefined) {
      this.#waiting.delete(before.request?.["message_id"] as number);
      this.#tell(before, side);
    }
    this.#waiting.set(id, exchange);
  }

  #answer(side: Side, { id, operation, fields }: LdapMessage, told: Transaction): void {
    const exchange = this.#waiting.get(id);
    if (exchange === undefined) {
      // The request is not in the capture, or the server speaks unasked.
      const lonely = { txId: this.#transactions++, request: undefined, operation, name: "", responses: [told], omitted: 0 };
      this.#tell(lonely, side);
      return;
    }
    if (exchange.responses.length < responsesMax || operation === "search_result_done") exchange.responses.push(told);
    else exchange.omitted++;
    if (operation === "search_result_entry" || operation === "search_result_reference" || operation === "intermediate_response") return;
    this.#waiting.delete(id);
    this.#tell(exchange, side);
    if (fields?.["result_code"] !== "success") return;
    if (exchange.operation === "bind_request") this.#mayBeWrapped = true;
    if (exchange.operation === "extended_request" && exchange.name === START_TLS) this.#secure = true;
  }

  #tell({ txId, request, responses, omitted }: Exchange, side: Side): void {
    const fields: Transaction = {};
    if (request !== undefined) fields["request"] = request;
    if (responses.length > 0) fields["responses"] = responses;
    if (omitted > 0) fields["omitted"] = omitted;
    if (responses.length > 0) this.#context.rules?.number("ldap.responses.count", 1, txId, responses.length + omitted);
    this.#context.emit("ldap", side, txId, fields);
  }
}
