import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readDocument, type Value } from "./bson.ts";

const headBytesMax = 8192;
export const HEADER_BYTES = 16;
/** Longest message, bytes: 48 MB (maxMessageSizeBytes). */
export const messageBytesMax = 48_000_000;
const pendingMax = 64;
const textBytesMax = 256;
export const Opcode = { reply: 1, query: 2004, compressed: 2012, msg: 2013 } as const;
const NAMES: { readonly [opcode: number]: string } = {
  1: "reply",
  2001: "update",
  2002: "insert",
  2004: "query",
  2005: "get_more",
  2006: "delete",
  2007: "kill_cursors",
  2013: "msg",
};
export const knownOpcode = (opcode: number): boolean => NAMES[opcode] !== undefined || opcode === Opcode.compressed;
const COMPRESSORS = ["noop", "snappy", "zlib", "zstd"];
const MORE_TO_COME = 2;

/** Length of the message at `at`; 0 when the bytes do not say yet, -1 when there is none. */
export function messageLength({ view, end }: ByteView, at: number): number {
  if (end - at < 4) return 0;
  const length = view.getUint32(at, true);
  if (length < HEADER_BYTES || length > messageBytesMax) return -1;
  if (end - at < HEADER_BYTES) return 0;
  return knownOpcode(view.getUint32(at + 12, true)) ? length : -1;
}

interface Exchange {
  readonly txId: number;
  readonly fields: Transaction;
}

/** Reads one MongoDB connection: a `mongodb` event for each command with its reply, which names the request's number. */
export class MongodbParser extends FramedParser {
  readonly #context: ParserContext;
  readonly #pending = new Map<number, Exchange>();
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    for (const exchange of this.#pending.values()) this.#tell(exchange);
    this.#pending.clear();
  }

  protected override resumes(_side: Side, view: ByteView, at: number): Probe {
    const length = messageLength(view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(side: Side, view: ByteView, at: number): number {
    const length = messageLength(view, at);
    if (length >= 0) return length;
    this.#context.anomaly(side, side === 0 ? "malformed_request" : "malformed_response");
    return FAILED;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const fields = new Reader(view, at + 4, end);
    const id = fields.u32(true);
    const answers = fields.u32(true);
    let opcode = fields.u32(true);
    let compressor: string | undefined;
    if (opcode === Opcode.compressed) {
      opcode = fields.u32(true);
      fields.u32();
      const number = fields.u8();
      compressor = number === 0 ? undefined : (COMPRESSORS[number] ?? `${number}`);
    }
    const told: Transaction = { opcode: NAMES[opcode] ?? `${opcode}` };
    if (side === 0) this.#request(told, id, opcode, compressor, view, fields, length);
    else this.#reply(told, answers, opcode, compressor, view, fields, length);
    return 0;
  }

  #request(
    told: Transaction,
    id: number,
    opcode: number,
    compressor: string | undefined,
    view: ByteView,
    fields: Reader,
    length: number,
  ): void {
    told["request_id"] = id;
    told["request_bytes"] = length;
    let answered = opcode === Opcode.query || opcode === 2005;
    if (compressor !== undefined) {
      told["compressor"] = compressor;
      answered = opcode === Opcode.msg || opcode === Opcode.query;
    } else if (opcode === Opcode.msg) {
      answered = (fields.u32(true) & MORE_TO_COME) === 0;
      if (passToBody(fields)) readCommand(told, readDocument(view, fields.at, fields.end));
    } else if (opcode !== 2007) {
      fields.u32();
      const name = fields.zeroText(textBytesMax);
      const dot = name.indexOf(".");
      if (dot > 0) told["database"] = name.slice(0, dot);
      if (opcode === Opcode.query) fields.skip(8);
      if (opcode === Opcode.query && name.endsWith(".$cmd")) readCommand(told, readDocument(view, fields.at, fields.end));
      else if (dot > 0) told["collection"] = name.slice(dot + 1);
    }
    const exchange = { txId: this.#transactions++, fields: told };
    if (!answered) this.#tell(exchange);
    else {
      const [oldest] = this.#pending.keys();
      if (this.#pending.size >= pendingMax && oldest !== undefined) this.#done(oldest);
      this.#pending.set(id, exchange);
    }
  }

  #reply(
    told: Transaction,
    answers: number,
    opcode: number,
    compressor: string | undefined,
    view: ByteView,
    fields: Reader,
    length: number,
  ): void {
    const exchange = this.#pending.get(answers);
    const into = exchange?.fields ?? told;
    into["reply_bytes"] = length;
    if (compressor !== undefined) into["compressor"] = compressor;
    else if (opcode === Opcode.msg) {
      fields.u32();
      if (passToBody(fields)) readResult(into, readDocument(view, fields.at, fields.end));
    } else if (opcode === Opcode.reply) {
      const failed = (fields.u32(true) & 2) !== 0;
      fields.skip(12);
      into["n"] = fields.u32(true);
      if (fields.left > 4) readResult(into, readDocument(view, fields.at, fields.end));
      if (failed) into["success"] = false;
    }
    if (exchange !== undefined) this.#done(answers);
    else this.#tell({ txId: this.#transactions++, fields: into });
  }

  #done(id: number): void {
    const exchange = this.#pending.get(id);
    this.#pending.delete(id);
    if (exchange !== undefined) this.#tell(exchange);
  }

  #tell({ txId, fields }: Exchange): void {
    this.#context.emit("mongodb", 0, txId, fields);
  }
}

/** Moves to the section that holds the command itself; sequences of documents may come before it. */
function passToBody(fields: Reader): boolean {
  while (fields.left > 5) {
    const kind = fields.u8();
    if (kind === 0) return true;
    if (kind !== 1) return false;
    const length = fields.u32(true);
    if (length < 4) return false;
    fields.skip(length - 4);
  }
  return false;
}

/** The first element is the command; its text the collection. */
function readCommand(told: Transaction, values: Map<string, Value>): void {
  const first = values.entries().next().value;
  if (first === undefined) return;
  const [command, value] = first;
  told["command"] = command.slice(0, textBytesMax);
  const database = values.get("$db");
  if (typeof database === "string") told["database"] = database;
  const collection = command === "getMore" ? values.get("collection") : value;
  if (typeof collection === "string" && !/^(?:saslStart|saslContinue|authenticate)$/.test(command)) told["collection"] = collection;
  if (command !== "saslStart") return;
  const mechanism = values.get("mechanism");
  if (typeof mechanism === "string") told["mechanism"] = mechanism;
  const user = /(?:^|,)n=([^,]{1,128})/.exec(String(values.get("payload") ?? ""))?.[1];
  if (user !== undefined && String(mechanism).startsWith("SCRAM")) told["user"] = user;
}

function readResult(told: Transaction, values: Map<string, Value>): void {
  const ok = values.get("ok");
  if (typeof ok === "number") told["success"] = ok === 1;
  const n = values.get("n");
  if (typeof n === "number" && Number.isInteger(n)) told["n"] = n;
  const code = values.get("code");
  if (typeof code === "number" && Number.isInteger(code)) told["error_code"] = code;
  const name = values.get("codeName");
  if (typeof name === "string") told["error_name"] = name;
  const text = values.get("errmsg") ?? values.get("$err");
  if (typeof text === "string") told["error"] = text;
}
