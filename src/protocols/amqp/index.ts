import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";
import { frameLength, methodName, PROTOCOL_BYTES, readArguments, startsProtocol } from "./frames.ts";

const amqpKind: Kind = defineKind({
  name: "amqp",
  message: ["method"],
  summary: "A method of AMQP 0-9-1, or the beginning of an AMQP 1.0 connection.",
  fields: {
    amqp: object("The method.", {
      version: optional(text("Version that the client asks for: `0-9-1`, `1.0`.")),
      layer: optional(text("AMQP 1.0: `amqp`, `tls` or `sasl`.")),
      method: optional(text("`connection.start`, `basic.publish` …")),
      channel: optional(integer("Channel.")),
      product: optional(text("Software of the peer.")),
      product_version: optional(text("Its version.")),
      mechanism: optional(text("How the client proves itself: `PLAIN`.")),
      user: optional(text("User of a PLAIN login; the password is not told.")),
      vhost: optional(text("Virtual host.")),
      exchange: optional(text("Exchange.")),
      queue: optional(text("Queue.")),
      routing_key: optional(text("Routing key.")),
      code: optional(integer("Why a connection or channel is closed.")),
      reason: optional(text("The same in words.")),
    }),
  },
  columns: [
    { name: "method", path: "amqp.method", type: "text", doc: "Method.", index: true },
    { name: "user", path: "amqp.user", type: "text", doc: "User that logs in." },
    { name: "exchange", path: "amqp.exchange", type: "text", doc: "Exchange." },
    { name: "queue", path: "amqp.queue", type: "text", doc: "Queue." },
    { name: "routing_key", path: "amqp.routing_key", type: "text", doc: "Routing key." },
  ],
});

const headBytesMax = 4096;
const METHOD = 1;
const LAYERS: { readonly [id: number]: string } = { 0: "amqp", 2: "tls", 3: "sasl" };

/** Reads one connection: an `amqp` event for each method of 0-9-1; of 1.0 only which layers it opens. */
class AmqpParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected override resumes(_side: Side, view: ByteView, at: number): Probe {
    const length = frameLength(view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(side: Side, view: ByteView, at: number): number {
    if (view.bytes[at] === 0x41) return view.end - at < PROTOCOL_BYTES ? 0 : startsProtocol(view, at) ? PROTOCOL_BYTES : FAILED;
    const length = frameLength(view, at);
    if (length >= 0) return length;
    this.#context.anomaly(side, "malformed_frame");
    return FAILED;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, _length: number): number {
    const { bytes } = view;
    if (bytes[at] === 0x41) return this.#protocol(side, bytes, at);
    if (bytes[at] !== METHOD) return 0;
    const fields = new Reader(view, at + 1, end);
    const channel = fields.u16();
    fields.u32();
    const method = methodName(fields.u16(), fields.u16());
    if (method === undefined || fields.short) return 0;
    const told: Transaction = { method, channel };
    readArguments(told, method, fields);
    this.#context.emit("amqp", side, this.#transactions++, told);
    return 0;
  }

  #protocol(side: Side, bytes: Uint8Array, at: number): number {
    const isOne = bytes[at + 5] === 1 && bytes[at + 6] === 0;
    const version = isOne ? "1.0" : `0-${bytes[at + 6]}-${bytes[at + 7]}`;
    const layer = isOne ? LAYERS[bytes[at + 4] as number] : undefined;
    this.#context.emit("amqp", side, this.#transactions++, layer === undefined ? { version } : { version, layer });
    return isOne ? FINISHED : 0;
  }
}

function probe(_side: Side, view: ByteView): Probe {
  const { bytes, view: data, at, end } = view;
  if (end === at) return Probe.more;
  if (bytes[at] === 0x41) {
    for (let i = 0; i < 4 && at + i < end; i++) if (bytes[at + i] !== "AMQP".charCodeAt(i)) return Probe.no;
    return end - at < PROTOCOL_BYTES ? Probe.more : startsProtocol(view, at) ? Probe.yes : Probe.no;
  }
  // A connection met in the middle: a frame with a known method, and its end mark when it is there.
  if (bytes[at] !== METHOD) return Probe.no;
  const length = frameLength(view, at);
  if (length <= 0) return length < 0 ? Probe.no : Probe.more;
  if (length < 12 || length > headBytesMax) return Probe.no;
  if (end - at < 11) return Probe.more;
  if (methodName(data.getUint16(at + 7), data.getUint16(at + 9)) === undefined) return Probe.no;
  return end - at < length ? Probe.more : Probe.yes;
}

export default definePlugin({
  name: "amqp",
  summary: "AMQP 0-9-1: logins, exchanges, queues; AMQP 1.0 by its name.",
  kinds: [amqpKind],
  protocols: [{ name: "amqp", depth: "header", transports: ["tcp"], ports: [5672], probe, create: (context) => new AmqpParser(context) }],
});
