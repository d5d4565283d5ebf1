import { type ByteView, latin1 } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const tnsKind: Kind = defineKind({
  name: "tns",
  summary: "The beginning of a connection to an Oracle database (Transparent Network Substrate).",
  fields: {
    tns: object("Connection and answer.", {
      type: text("`connect`, or `redirect` for where the server sends the client."),
      version: optional(integer("Version of the protocol that the client asks for.")),
      connect_data: optional(text("Connect string, at most 2 KiB.")),
      service_name: optional(text("Service.")),
      sid: optional(text("Instance.")),
      host: optional(text("Client's host.")),
      user: optional(text("Client's user at its system.")),
      program: optional(text("Client's program.")),
      answer: optional(text("`accept`, `refuse`, `redirect`, `resend`; absent without answer.")),
      error: optional(integer("Number of the refusal: 12514.")),
    }),
  },
  columns: [
    { name: "service_name", path: "tns.service_name", type: "text", doc: "Service.", index: true },
    { name: "host", path: "tns.host", type: "text", doc: "Client's host." },
    { name: "user", path: "tns.user", type: "text", doc: "Client's user." },
    { name: "program", path: "tns.program", type: "text", doc: "Client's program." },
    { name: "answer", path: "tns.answer", type: "text", doc: "Answer.", index: true },
  ],
});

/** Length, checksum, type, a zero, checksum of the header. */
const HEADER_BYTES = 8;
const headBytesMax = 2304;
const connectBytesMax = 2048;
const Type = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11 } as const;
const ANSWERS: { readonly [type: number]: string } = { 2: "accept", 4: "refuse", 5: "redirect", 11: "resend" };
const CONNECT_MIN = 34;
const MEMBERS: readonly (readonly [string, RegExp])[] = [
  ["service_name", /\(SERVICE_NAME=([^()]{1,128})\)/i],
  ["sid", /\(SID=([^()]{1,128})\)/i],
  ["program", /\(PROGRAM=([^()]{1,256})\)/i],
  ["user", /\(USER=([^()]{1,128})\)/i],
  ["host", /\(CID=.*?\(HOST=([^()]{1,128})\)/i],
];

/** Reads the connection's beginning: a `tns` event for the connect string and its answer; the session itself is not read. */
class TnsParser extends FramedParser {
  readonly #context: ParserContext;
  #told: Transaction | undefined = undefined;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    const told = this.#told;
    this.#told = undefined;
    if (told !== undefined) this.#context.emit("tns", 0, this.#transactions++, told);
  }

  protected lengthOf(_side: Side, { view, end }: ByteView, at: number): number {
    if (end - at < HEADER_BYTES) return 0;
    const length = view.getUint16(at);
    return length < HEADER_BYTES ? FAILED : length;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const type = view.bytes[at + 4] as number;
    if (side === 0) {
      if (type === Type.connect && length >= CONNECT_MIN) this.#connect(view, at, end);
      // A connect string that did not fit comes in a packet of its own.
      else if (type === Type.data && this.#told?.["connect_data"] === undefined && this.#told !== undefined)
        readString(this.#told, looseText(view.bytes, Math.min(end, at + HEADER_BYTES + 2), end));
      return 0;
    }
    const answer = ANSWERS[type];
    if (answer === undefined || this.#told === undefined) return FINISHED;
    this.#told["answer"] = answer;
    if (type === Type.resend) return 0;
    if (type === Type.refuse) {
      const error = /\(ERR=(\d{1,6})\)/.exec(latin1(view.bytes, at, end))?.[1];
      if (error !== undefined) this.#told["error"] = Number(error);
    }
    this.end();
    return FINISHED;
  }

  #connect(view: ByteView, at: number, end: number): void {
    // A server may want it once more.
    this.#told ??= { type: "connect", version: view.view.getUint16(at + HEADER_BYTES) };
    const length = view.view.getUint16(at + 24);
    const from = at + view.view.getUint16(at + 26);
    if (length > 0 && from < end) readString(this.#told, looseText(view.bytes, from, Math.min(end, from + length, from + connectBytesMax)));
  }
}

function readString(told: Transaction, described: string): void {
  if (!described.includes("(")) return;
  told["connect_data"] = described;
  for (const [name, pattern] of MEMBERS) {
    const value = pattern.exec(described)?.[1];
    if (value !== undefined) told[name] = value;
  }
}

/** A connect packet: no checksums, a version of this protocol, and a string that lies where it is said to. */
function probe(side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (side !== 0) return Probe.no;
  for (const [place, value] of [
    [2, 0],
    [3, 0],
    [4, Type.connect],
    [6, 0],
    [7, 0],
  ] as const)
    if (at + place < end && bytes[at + place] !== value) return Probe.no;
  if (end - at < CONNECT_MIN) return Probe.more;
  const length = view.getUint16(at);
  const version = view.getUint16(at + 8);
  const offset = view.getUint16(at + 26);
  const sound = version >= 300 && version <= 340 && view.getUint16(at + 10) <= version && offset >= CONNECT_MIN && offset <= 256;
  return sound && length >= CONNECT_MIN ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "oracle-tns",
  summary: "Oracle databases (TNS): connect strings and their answers.",
  kinds: [tnsKind],
  protocols: [
    { name: "tns", depth: "header", transports: ["tcp"], ports: [1521, 1526], probe, create: (context) => new TnsParser(context) },
  ],
});
