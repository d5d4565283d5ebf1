import { ipv4Text, ipv6Text } from "#base/address.ts";
import { type ByteView, latin1, toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { Bencode, type Dictionary, isBytes, isDictionary, type Value } from "./bencode.ts";

/** Nodes and peers of one message that are told. */
export const peersMax = 64;
const ID_BYTES = 20;

/** Beginnings of messages that may be broken further on: a query's or answer's id, an error. */
const BEGINNINGS = ["d1:ad2:id20:", "d1:rd2:id20:", "d1:eli"];

/** A dictionary with a type and a transaction. */
export function probe({ bytes, at, end }: ByteView): Probe {
  const second = bytes[at + 1] as number;
  if (end - at < 12 || bytes[at] !== 0x64 || second < 0x31 || second > 0x32) return Probe.no;
  const message = new Bencode(bytes, at, end).value();
  if (isDictionary(message)) return typeOf(message, bytes) !== "" && isBytes(message.get("t")) ? Probe.yes : Probe.no;
  const start = latin1(bytes, at, at + 12);
  return BEGINNINGS.some((beginning) => start.startsWith(beginning)) ? Probe.maybe : Probe.no;
}

/** Reads the distributed table's messages: an event for each. */
export class DhtParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, at, end } = window;
    // Transfers (uTP, BEP 29) share the ports; they are not told.
    if (at < end && bytes[at] !== 0x64) return end - at;
    const message = new Bencode(bytes, at, end).value();
    const fields = isDictionary(message) ? tell(message, window) : undefined;
    if (fields === undefined) {
      this.#context.anomaly(side, "malformed_packet");
      return FAILED;
    }
    const txId = this.#transactions++;
    if (fields["transaction_id"] === "" && !isBytes((message as Dictionary).get("t")))
      this.#context.anomaly(side, "malformed_packet", "the query has no transaction id", txId);
    this.#context.emit("bittorrent_dht", side, txId, fields);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

/** `q`, `r`, `e`, or nothing. */
function typeOf(message: Dictionary, bytes: Uint8Array): string {
  const type = message.get("y");
  if (!isBytes(type) || type.end !== type.at + 1) return "";
  const letter = latin1(bytes, type.at, type.end);
  return letter === "q" || letter === "r" || letter === "e" ? letter : "";
}

function tell(message: Dictionary, window: ByteView): Transaction | undefined {
  const { bytes } = window;
  const transaction = message.get("t");
  const type = typeOf(message, bytes);
  if (type === "") return undefined;
  // As Suricata does, a message without its transaction is told all the same.
  const fields: Transaction = { transaction_id: isBytes(transaction) ? toHex(bytes, transaction.at, transaction.end) : "" };
  copy(fields, "client_version", message.get("v"), bytes);
  if (type === "q") {
    const name = message.get("q");
    const asked = message.get("a");
    if (!isBytes(name) || !isDictionary(asked)) return undefined;
    fields["request_type"] = looseText(bytes, name.at, Math.min(name.end, name.at + 64));
    fields["request"] = request(asked, bytes);
  } else if (type === "r") {
    const answer = message.get("r");
    if (!isDictionary(answer)) return undefined;
    fields["response"] = response(answer, window);
  } else fields["error"] = failure(message.get("e"), bytes);
  return fields;
}

/** A byte string as hexadecimal, a number as it is. */
function copy(fields: Transaction, name: string, value: Value | undefined, bytes: Uint8Array): void {
  if (isBytes(value)) fields[name] = toHex(bytes, value.at, value.end);
}

function request(asked: Dictionary, bytes: Uint8Array): Transaction {
  const told: Transaction = {};
  for (const name of ["id", "target", "info_hash", "token"]) copy(told, name, asked.get(name), bytes);
  for (const name of ["implied_port", "port"]) if (typeof asked.get(name) === "number") told[name] = asked.get(name);
  return told;
}

function response(answer: Dictionary, window: ByteView): Transaction {
  const told: Transaction = {};
  copy(told, "id", answer.get("id"), window.bytes);
  nodes(told, "nodes", answer.get("nodes"), window, 4);
  nodes(told, "nodes6", answer.get("nodes6"), window, 16);
  const values = answer.get("values");
  if (Array.isArray(values)) {
    const peers = (values as readonly Value[]).slice(0, peersMax).map((value) => peer(value, window));
    told["values"] = peers.filter((value) => value !== undefined);
  }
  copy(told, "token", answer.get("token"), window.bytes);
  return told;
}

/** Compact node info (BEP 5, BEP 32): id, address, port, one after the other. */
function nodes(told: Transaction, name: string, value: Value | undefined, window: ByteView, addressBytes: number): void {
  const size = ID_BYTES + addressBytes + 2;
  if (!isBytes(value) || value.end === value.at || (value.end - value.at) % size !== 0) return;
  const list: Transaction[] = [];
  for (let at = value.at; at < value.end && list.length < peersMax; at += size)
    list.push({ id: toHex(window.bytes, at, at + ID_BYTES), ...addressOf(window.view, at + ID_BYTES, addressBytes) });
  told[name] = list;
}

const peer = (value: Value, { view }: ByteView): Transaction | undefined => {
  const length = isBytes(value) ? value.end - value.at : 0;
  return isBytes(value) && (length === 6 || length === 18) ? addressOf(view, value.at, length - 2) : undefined;
};

function addressOf(view: DataView, at: number, bytes: number): Transaction {
  const word = (i: number): number => view.getUint32(at + i);
  const ip = bytes === 4 ? ipv4Text(word(0)) : ipv6Text(word(0), word(4), word(8), word(12));
  return { ip, port: view.getUint16(at + bytes) };
}

function failure(value: Value | undefined, bytes: Uint8Array): Transaction {
  const told: Transaction = {};
  if (!Array.isArray(value)) return told;
  const [number, text] = value as readonly Value[];
  if (typeof number === "number") told["num"] = number;
  if (isBytes(text)) told["msg"] = looseText(bytes, text.at, Math.min(text.end, text.at + 256));
  return told;
}
