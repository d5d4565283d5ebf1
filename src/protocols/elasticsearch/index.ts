import { type ByteView, latin1 } from "#base/bytes.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const elasticsearchKind: Kind = defineKind({
  name: "elasticsearch",
  summary: "A message between the nodes of an Elasticsearch cluster.",
  fields: {
    elasticsearch: object("The message's header.", {
      request_id: integer("Number that request and response share."),
      type: text("`request` or `response`."),
      version: text("Version of the sender: `7.6.2`."),
      action: optional(text("What a request asks for: `cluster:monitor/nodes/info`.")),
      handshake: optional(boolean("The nodes agree on a version.")),
      error: optional(boolean("The response is an error.")),
      compressed: optional(boolean("What follows the header is compressed.")),
      bytes: integer("Length of the message.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "action", path: "elasticsearch.action", type: "text", doc: "What was asked for.", index: true },
    { name: "version", path: "elasticsearch.version", type: "text", doc: "Version of the sender." },
  ],
});

const HEADER_BYTES = 19;
const LENGTH = 2;
const REQUEST_ID = 6;
const STATUS = 14;
const VERSION = 15;
const headBytesMax = 1024;
const messageBytesMax = 0x4000_0000;
const Status = { response: 1, error: 2, compressed: 4, handshake: 8 } as const;
const ACTION = /(?:internal|indices|cluster):[a-z0-9_/*[\]]{3,100}/;

/** Length of the message at `at`; 0 when the bytes do not say yet, -1 when there is none. A length of -1 is a sign of life. */
function messageLength({ bytes, view, end }: ByteView, at: number): number {
  if (end > at && bytes[at] !== 0x45) return -1;
  if (end > at + 1 && bytes[at + 1] !== 0x53) return -1;
  if (end - at < REQUEST_ID) return 0;
  const length = view.getInt32(at + LENGTH);
  if (length === -1) return REQUEST_ID;
  return length < HEADER_BYTES - REQUEST_ID || length > messageBytesMax ? -1 : REQUEST_ID + length;
}

/** 7060299 is 7.6.2: the last two digits count builds. */
const versionText = (id: number): string => `${Math.floor(id / 1_000_000)}.${Math.floor(id / 10_000) % 100}.${Math.floor(id / 100) % 100}`;

/** Reads the headers of one connection between nodes: an `elasticsearch` event for each message. */
class ElasticsearchParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected override resumes(_side: Side, view: ByteView, at: number): Probe {
    const length = messageLength(view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(_side: Side, view: ByteView, at: number): number {
    const length = messageLength(view, at);
    return length < 0 ? FAILED : length;
  }

  protected message(side: Side, { bytes, view }: ByteView, at: number, end: number, length: number): number {
    if (length < HEADER_BYTES) return 0;
    const status = bytes[at + STATUS] as number;
    const isResponse = (status & Status.response) !== 0;
    const told: Transaction = {
      request_id: view.getUint32(at + REQUEST_ID) * 0x1_0000_0000 + view.getUint32(at + REQUEST_ID + 4),
      type: isResponse ? "response" : "request",
      version: versionText(view.getUint32(at + VERSION)),
      bytes: length,
    };
    const action = isResponse ? undefined : ACTION.exec(latin1(bytes, at + HEADER_BYTES, end))?.[0];
    if (action !== undefined) told["action"] = action;
    if ((status & Status.handshake) !== 0) told["handshake"] = true;
    if ((status & Status.error) !== 0) told["error"] = true;
    if ((status & Status.compressed) !== 0) told["compressed"] = true;
    this.#context.emit("elasticsearch", side, this.#transactions++, told);
    return 0;
  }
}

/** `ES`, a length, a status of four bits and a version of this century. */
function probe(_side: Side, view: ByteView): Probe {
  const { bytes, at, end } = view;
  const length = messageLength(view, at);
  if (length <= 0) return length < 0 ? Probe.no : Probe.more;
  // A sign of life proves little.
  if (length < HEADER_BYTES) return Probe.maybe;
  if (end - at < HEADER_BYTES) return Probe.more;
  const version = view.view.getUint32(at + VERSION);
  return (bytes[at + STATUS] as number) <= 15 && version >= 100_000 && version < 100_000_000 ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "elasticsearch",
  summary: "Elasticsearch between nodes: headers of requests and responses.",
  kinds: [elasticsearchKind],
  protocols: [
    {
      name: "elasticsearch",
      depth: "header",
      transports: ["tcp"],
      ports: [9300],
      probe,
      create: (context) => new ElasticsearchParser(context),
    },
  ],
});
