import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const zookeeperKind: Kind = defineKind({
  name: "zookeeper",
  summary: "A request to a ZooKeeper server.",
  fields: {
    zookeeper: object("The request's header.", {
      operation: text("`connect`, `create`, `getData` …"),
      path: optional(text("Node that it is about.")),
      xid: optional(integer("Number of the request.")),
      timeout: optional(integer("Time-out that a connection asks for.", { unit: "ms" })),
      bytes: integer("Length of the request.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "operation", path: "zookeeper.operation", type: "text", doc: "What was asked for.", index: true },
    { name: "path", path: "zookeeper.path", type: "text", doc: "Node." },
  ],
});

const headBytesMax = 512;
const messageBytesMax = 0x1000_0000;
const pathBytesMax = 256;
const CONNECT_MIN = 44;
const CONNECT_MAX = 64;
const OPERATIONS: { readonly [type: number]: string } = {
  1: "create",
  2: "delete",
  3: "exists",
  4: "getData",
  5: "setData",
  6: "getACL",
  7: "setACL",
  8: "getChildren",
  9: "sync",
  11: "ping",
  12: "getChildren2",
  13: "check",
  14: "multi",
  15: "create2",
  16: "reconfig",
  18: "removeWatches",
  19: "createContainer",
  21: "createTTL",
  22: "multiRead",
  100: "auth",
  101: "setWatches",
  102: "sasl",
  105: "setWatches2",
  [-11]: "close",
};
const PING = 11;
/** Operations whose arguments do not begin with a path. */
const PATHLESS = new Set([14, 22, 100, 101, 102, 105, -11]);

/** Reads what clients ask for: a `zookeeper` event for each request but pings. Answers are passed over. */
class ZookeeperParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;
  #connected = false;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected lengthOf(_side: Side, { view, end }: ByteView, at: number): number {
    if (end - at < 4) return 0;
    const length = view.getUint32(at);
    return length < 8 || length > messageBytesMax ? FAILED : length + 4;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    if (side === 1) return 0;
    const fields = new Reader(view, at + 4, end);
    if (!this.#connected) {
      this.#connected = true;
      fields.skip(12);
      this.#tell({ operation: "connect", timeout: fields.u32(), bytes: length });
      return 0;
    }
    const xid = fields.i32();
    const type = fields.i32();
    const operation = OPERATIONS[type];
    if (operation === undefined) return FAILED;
    if (type === PING) return 0;
    const told: Transaction = { operation, xid, bytes: length };
    if (!PATHLESS.has(type)) {
      const path = fields.text(fields.u32(), pathBytesMax);
      if (path !== "") told["path"] = path;
    }
    this.#tell(told);
    return 0;
  }

  #tell(told: Transaction): void {
    this.#context.emit("zookeeper", 0, this.#transactions++, told);
  }
}

/** A request to connect: version 0, a time-out of less than an hour, and a password of 16 bytes. */
function probe(side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (side !== 0) return Probe.no;
  for (const place of [0, 1, 2, 4, 5, 6, 7]) if (at + place < end && bytes[at + place] !== 0) return Probe.no;
  if (end - at < 36) return Probe.more;
  const length = view.getUint32(at);
  const timeout = view.getUint32(at + 16);
  const password = view.getUint32(at + 28);
  return length >= CONNECT_MIN && length <= CONNECT_MAX && timeout > 0 && timeout < 3_600_000 && password === 16 ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "zookeeper",
  summary: "ZooKeeper: what clients ask for.",
  kinds: [zookeeperKind],
  protocols: [
    { name: "zookeeper", depth: "header", transports: ["tcp"], ports: [2181], probe, create: (context) => new ZookeeperParser(context) },
  ],
});
