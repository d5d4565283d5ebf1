import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const cassandraKind: Kind = defineKind({
  name: "cassandra",
  summary: "A message of Cassandra's native protocol (CQL).",
  fields: {
    cassandra: object("The message.", {
      version: integer("Version of the protocol."),
      stream: integer("Number that request and response share."),
      opcode: text("`STARTUP`, `QUERY`, `RESULT`, `ERROR` …"),
      query: optional(text("Text of a query or of a statement that is prepared, at most 2 KiB.")),
      query_truncated: optional(boolean("True when the query is longer than what is told.")),
      cql_version: optional(text("Version of the language that the client asks for.")),
      compression: optional(text("Compression that the client asks for.")),
      driver: optional(text("Driver of the client.")),
      error_code: optional(integer("Number of the error.")),
      error: optional(text("Text of the error.")),
      bytes: integer("Length of the message.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "opcode", path: "cassandra.opcode", type: "text", doc: "Kind of message.", index: true },
    { name: "query", path: "cassandra.query", type: "text", doc: "Text of the query." },
    { name: "error_code", path: "cassandra.error_code", type: "integer", doc: "Number of the error." },
  ],
});

const HEADER_BYTES = 9;
const headBytesMax = 2048;
const messageBytesMax = 0x1000_0000;
const optionsMax = 16;
const textBytesMax = 256;
const OPCODES =
  "ERROR,STARTUP,READY,AUTHENTICATE,,OPTIONS,SUPPORTED,QUERY,RESULT,PREPARE,EXECUTE,REGISTER,EVENT,BATCH,AUTH_CHALLENGE,AUTH_RESPONSE,AUTH_SUCCESS".split(
    ",",
  );
const REQUESTS = new Set([1, 5, 7, 9, 10, 11, 13, 15]);
const STARTUP = 1;
const OPTIONS = 5;
const COMPRESSED = 1;

/** Length of the message at `at`; 0 when the bytes do not say yet, -1 when there is none of `side`. */
function messageLength(side: Side, { bytes, view, end }: ByteView, at: number): number {
  const version = bytes[at] as number;
  if (version >>> 7 !== side || (version & 0x7f) < 3 || (version & 0x7f) > 5) return -1;
  if (end - at > 1 && (bytes[at + 1] as number) > 0x1f) return -1;
  if (end - at < HEADER_BYTES) return 0;
  const opcode = bytes[at + 4] as number;
  if (OPCODES[opcode] === undefined || OPCODES[opcode] === "" || REQUESTS.has(opcode) !== (side === 0)) return -1;
  const length = view.getUint32(at + 5);
  return length > messageBytesMax ? -1 : HEADER_BYTES + length;
}

/** Reads one connection: a `cassandra` event for each message. From version 5 on, what follows the start is cut otherwise. */
class CassandraParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected override resumes(side: Side, view: ByteView, at: number): Probe {
    const length = messageLength(side, view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(side: Side, view: ByteView, at: number): number {
    const length = messageLength(side, view, at);
    return length < 0 ? FAILED : length;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const fields = new Reader(view, at, end);
    const version = fields.u8() & 0x7f;
    const flags = fields.u8();
    const stream = (fields.u16() << 16) >> 16;
    const opcode = fields.u8();
    fields.u32();
    const told: Transaction = { version, stream, opcode: OPCODES[opcode], bytes: length };
    if ((flags & COMPRESSED) === 0) readBody(told, opcode, fields);
    this.#context.emit("cassandra", side, this.#transactions++, told);
    return version >= 5 && (opcode === 2 || opcode === 3) ? FINISHED : 0;
  }
}

function readBody(told: Transaction, opcode: number, fields: Reader): void {
  if (opcode === 7 || opcode === 9) {
    const bytes = fields.u32();
    const shown = Math.min(bytes, fields.left);
    told["query"] = fields.text(shown, headBytesMax);
    if (shown < bytes) told["query_truncated"] = true;
  } else if (opcode === 0) {
    told["error_code"] = fields.u32();
    told["error"] = fields.text(fields.u16(), textBytesMax);
  } else if (opcode === STARTUP) {
    const count = Math.min(fields.u16(), optionsMax);
    for (let i = 0; i < count && !fields.short; i++) {
      const name = fields.text(fields.u16(), textBytesMax);
      const value = fields.text(fields.u16(), textBytesMax);
      if (name === "CQL_VERSION") told["cql_version"] = value;
      else if (name === "COMPRESSION") told["compression"] = value;
      else if (name === "DRIVER_NAME") told["driver"] = value;
    }
  }
}

/** The client begins with an empty question or with a list of options; elsewhere the port has to fit. */
function probe(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, view: data, at, end } = view;
  if (end === at) return Probe.more;
  const length = messageLength(side, view, at);
  if (length <= 0) return length < 0 ? Probe.no : Probe.more;
  const opcode = bytes[at + 4] as number;
  if (usualPort) return Probe.yes;
  if (opcode === OPTIONS) return length === HEADER_BYTES ? Probe.maybe : Probe.no;
  if (opcode !== STARTUP || length > headBytesMax) return Probe.no;
  if (end - at < HEADER_BYTES + 4) return Probe.more;
  const nameBytes = data.getUint16(at + HEADER_BYTES + 2);
  return data.getUint16(at + HEADER_BYTES) <= optionsMax && nameBytes > 3 && nameBytes < 64 ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "cassandra",
  summary: "Cassandra (CQL): starts, queries and errors.",
  kinds: [cassandraKind],
  protocols: [{ name: "cassandra", transports: ["tcp"], ports: [9042], probe, create: (context) => new CassandraParser(context) }],
});
