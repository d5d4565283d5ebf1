import type { ByteView } from "#base/bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import { FAILED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import { type KerberosMessage, MessageType, readMessage } from "./message.ts";
import { encryptionName, errorName, messageName, weakEncryption } from "./names.ts";

/** Length of the word in front of each message over TCP (RFC 4120 §7.2.2). */
const PREFIX_BYTES = 4;
/** Longest message that is waited for; a ticket with many groups has some 64 KB. */
const messageBytesMax = 262_144;

/** Kerberos over TCP or UDP: one event a message. */
export class KerberosParser implements Parser {
  readonly #context: ParserContext;
  /** Type of the last request. */
  #asked: number | undefined = undefined;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, at, end } = input;
    if (this.#context.transport === "udp") {
      this.#message(side, bytes, at, end);
      return end - at;
    }
    let i = at;
    while (end - i >= PREFIX_BYTES) {
      const length = view.getUint32(i);
      if (length > messageBytesMax) return FAILED;
      const next = i + PREFIX_BYTES + length;
      if (next > end) break;
      this.#message(side, bytes, i + PREFIX_BYTES, next);
      i = next;
    }
    return i - at;
  }

  /** Messages say nothing of where the next begins. */
  gap(): boolean {
    return false;
  }

  end(): void {}

  #message(side: Side, bytes: Uint8Array, from: number, to: number): void {
    const message = readMessage(bytes, from, to);
    if (message === undefined) {
      this.#context.anomaly(side, "malformed_data");
      return;
    }
    const { type } = message;
    if (type === MessageType.asReq || type === MessageType.tgsReq) this.#asked = type;
    else if (type !== MessageType.asRep && type !== MessageType.tgsRep && type !== MessageType.error) return;
    const fields = eventFields(message, this.#asked);
    if (fields["weak_encryption"] === true) this.#context.anomaly(side, "weak_encryption");
    const txId = this.#transactions++;
    const { rules } = this.#context;
    if (rules !== undefined && side === Side.toClient) giveValues(rules, side, txId, message);
    this.#context.emit("krb5", side, txId, fields);
  }
}

function giveValues(rules: RuleTap, side: Side, txId: number, { cname = [], sname = [], ticketEncryption: number }: KerberosMessage): void {
  for (const part of cname) giveText(rules, "krb5.cname", side, txId, part);
  for (const part of sname) giveText(rules, "krb5.sname", side, txId, part);
  if (number === undefined) return;
  const texts = [encryptionName(number), String(number), ...(weakEncryption(number) ? ["weak"] : [])];
  for (const text of texts) giveText(rules, "krb5.ticket_encryption", side, txId, text);
}

function eventFields(message: KerberosMessage, asked: number | undefined): Transaction {
  const { type, encryption, ticketEncryption } = message;
  const fields: Transaction = { msg_type: messageName(type) };
  if (type === MessageType.error) {
    fields["failed_request"] = asked === undefined ? "UNKNOWN" : messageName(asked);
    if (message.errorCode !== undefined) fields["error_code"] = errorName(message.errorCode);
  }
  fields["cname"] = message.cname?.join("/") ?? "<empty>";
  fields["realm"] = message.realm ?? "<empty>";
  fields["sname"] = message.sname?.join("/") ?? "<empty>";
  fields["encryption"] = encryption === undefined ? "<none>" : encryptionName(encryption);
  fields["weak_encryption"] = encryption !== undefined && weakEncryption(encryption);
  if (ticketEncryption !== undefined) {
    fields["ticket_encryption"] = encryptionName(ticketEncryption);
    fields["ticket_weak_encryption"] = weakEncryption(ticketEncryption);
  }
  return fields;
}
