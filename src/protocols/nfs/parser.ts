import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import { Files, type Handle, readHandle } from "./files.ts";
import { procedureName, programName, type Shape, shapeOf, statusName } from "./procedures.ts";
import { CALL_BYTES_MIN, MOUNT, NFS, PORTMAP, plausibleCall, type RpcCall, readCall, readReply, type XdrCursor } from "./rpc-message.ts";

/** Record mark (RFC 5531 §11): last fragment, 31 bits of length. */
const MARK_BYTES = 4;
const LAST_FRAGMENT = 0x8000_0000;
/** Records up to this length are waited for; of longer ones this beginning is read. */
const wholeBytesMax = 131_072;
const headBytesMax = 4096;
const recordBytesMax = 0x0400_0000;
/** Calls whose replies are waited for; the oldest is told without one. */
const callsMax = 256;
const nameBytesMax = 1024;

interface Exchange {
  readonly txId: number;
  readonly call: RpcCall;
  readonly fields: Transaction;
  /** Name of NFS' procedure; empty when it is another program. */
  readonly procedure: string;
  readonly shape: Shape;
  readonly handle: Handle | undefined;
  readonly name: string;
  readonly offset: number;
}

/** Remote procedure calls over TCP and UDP: calls of NFS become `nfs` events, all others `rpc` events. */
export class RpcParser implements Parser {
  readonly #context: ParserContext;
  readonly #files: Files;
  readonly #calls = new Map<number, Exchange>();
  #transactions = 0;
  /** Bytes of a long record, and of further fragments, that are passed over. */
  readonly #passing: [number, number] = [0, 0];
  /** True while fragments of a record follow whose beginning was read. */
  readonly #continued: [boolean, boolean] = [false, false];

  constructor(context: ParserContext) {
    this.#context = context;
    this.#files = new Files(context);
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, end } = input;
    let at = input.at;
    if (this.#context.transport === "udp") {
      this.#message(side, bytes, view, at, end);
      return end - at;
    }
    for (;;) {
      const passed = Math.min(this.#passing[side], end - at);
      this.#passing[side] -= passed;
      at += passed;
      if (end - at < MARK_BYTES) return at - input.at;
      const mark = view.getUint32(at);
      const length = mark & 0x7fff_ffff;
      if (length > recordBytesMax) return FAILED;
      const here = length > wholeBytesMax || this.#continued[side] ? Math.min(length, headBytesMax) : length;
      if (end - at < MARK_BYTES + here) return at - input.at;
      if (!this.#continued[side]) this.#message(side, bytes, view, at + MARK_BYTES, at + MARK_BYTES + here);
      this.#continued[side] = (mark & LAST_FRAGMENT) === 0;
      this.#passing[side] = length - here;
      at += MARK_BYTES + here;
    }
  }

  /** Goes on when the missing bytes lie inside a record that is passed over. */
  gap(side: Side, bytes: number): boolean {
    if (bytes > this.#passing[side]) return false;
    this.#passing[side] -= bytes;
    return true;
  }

  end(): void {
    for (const exchange of this.#calls.values()) this.#tell(exchange, Side.toServer, undefined, undefined);
    this.#calls.clear();
    this.#files.end();
  }

  #message(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (end - at >= CALL_BYTES_MIN && plausibleCall(view, at)) this.#call(readCall(bytes, view, at, end));
    else {
      const reply = readReply(bytes, view, at, end);
      const exchange = reply === undefined ? undefined : this.#calls.get(reply.xid);
      if (reply === undefined || exchange === undefined) return;
      this.#calls.delete(reply.xid);
      this.#tell(exchange, side, reply.status, reply.results);
    }
  }

  #call(call: RpcCall): void {
    // A call that is repeated because no reply came is the same call.
    if (this.#calls.has(call.xid)) return;
    if (this.#calls.size >= callsMax) {
      const oldest = this.#calls.values().next().value as Exchange;
      this.#calls.delete(oldest.call.xid);
      this.#tell(oldest, Side.toServer, undefined, undefined);
    }
    const txId = this.#transactions++;
    const exchange = call.program === NFS && call.version >= 2 && call.version <= 4 ? this.#nfsCall(txId, call) : otherCall(txId, call);
    this.#calls.set(call.xid, exchange);
  }

  #nfsCall(txId: number, call: RpcCall): Exchange {
    const { version, arguments: cursor } = call;
    const procedure = procedureName(version, call.procedure);
    const shape = version === 4 ? "other" : shapeOf(procedure);
    const fields: Transaction = { version, procedure };
    const handle = shape === "other" ? undefined : readHandle(cursor, version);
    let [name, offset] = ["", 0];
    if (shape === "name") name = cursor.text(nameBytesMax);
    else if (shape === "rename") {
      const from = cursor.text(nameBytesMax);
      readHandle(cursor, version);
      fields["rename"] = { from, to: cursor.text(nameBytesMax) };
      name = from;
    } else if (shape === "link") {
      readHandle(cursor, version);
      name = cursor.text(nameBytesMax);
    } else name = this.#files.name(handle);
    if (!cursor.sound) name = "";
    const exchange: Exchange = { txId, call, fields, procedure, shape, handle, name, offset };
    if (shape === "read") offset = version === 2 ? cursor.number() : cursor.wide();
    else if (shape === "write") this.#write(exchange, cursor, version);
    return { ...exchange, offset };
  }

  #write(exchange: Exchange, cursor: XdrCursor, version: number): void {
    if (version === 2) cursor.skip(4);
    const offset = version === 2 ? cursor.number() : cursor.wide();
    cursor.skip(version === 2 ? 4 : 8);
    const length = cursor.number();
    const { handle, txId } = exchange;
    if (!cursor.sound || handle === undefined || length > recordBytesMax) return;
    const { bytes, at: from, end } = cursor;
    this.#files.data(Side.toServer, handle, txId, offset, { bytes, from, end, length }, () => besides(exchange, undefined));
  }

  #tell(exchange: Exchange, side: Side, status: string | undefined, results: XdrCursor | undefined): void {
    const { txId, call, procedure, fields, shape, handle, name } = exchange;
    if (procedure === "") {
      if (results !== undefined && call.program === PORTMAP && fields["getport"] !== undefined)
        fields["getport"] = { ...(fields["getport"] as Transaction), port: results.number() };
      this.#context.emit("rpc", side, txId, { ...rpcFields(exchange, status), ...fields });
      return;
    }
    fields["filename"] = name;
    if (handle !== undefined) fields["hhash"] = handle.hash;
    fields["id"] = txId + 1;
    fields["file_tx"] = shape === "read" || shape === "write";
    fields["type"] = status === undefined ? "request" : "response";
    if (results !== undefined) this.#results(exchange, side, results);
    const { rules } = this.#context;
    if (rules !== undefined) {
      rules.number("nfs.version", Side.toServer, txId, call.version);
      giveText(rules, "nfs_procedure", Side.toServer, txId, `${call.version} ${procedure}`);
      rules.judge(Side.toServer, txId);
    }
    // Suricata does not tell these two: clients ask for attributes, and whether the server is there, all the time.
    if (procedure !== "GETATTR" && procedure !== "NULL")
      this.#context.emit("nfs", side, txId, fields, { rpc: rpcFields(exchange, status) });
  }

  #results(exchange: Exchange, side: Side, results: XdrCursor): void {
    const { call, procedure, fields, shape, handle, name } = exchange;
    const { version } = call;
    const code = results.number();
    if (!results.sound) return;
    fields["status"] = statusName(code);
    if (code !== 0 || version === 4) return;
    if (procedure === "LOOKUP" || procedure === "CREATE") {
      // Version 3 says whether there is a handle in the reply to a creation.
      if (version === 3 && procedure === "CREATE" && results.number() === 0) return;
      const found = readHandle(results, version);
      if (found !== undefined && name !== "") this.#files.remember(found, name);
    } else if (shape === "read" && handle !== undefined) this.#read(exchange, handle, side, results);
    else if (procedure === "COMMIT" && handle !== undefined) this.#files.finish(Side.toServer, handle);
  }

  #read(exchange: Exchange, handle: Handle, side: Side, results: XdrCursor): void {
    const { call, txId, offset } = exchange;
    let size = Number.POSITIVE_INFINITY;
    let isEnd = false;
    if (call.version === 2) {
      results.skip(20);
      size = results.number();
      results.skip(44);
    } else {
      if (results.number() !== 0) results.skip(84);
      results.number();
      isEnd = results.number() !== 0;
    }
    const length = results.number();
    if (!results.sound || length > recordBytesMax) return;
    const { bytes, at: from, end } = results;
    this.#files.data(side, handle, txId, offset, { bytes, from, end, length }, () => besides(exchange, "ACCEPTED"));
    if (isEnd || offset + length >= size) this.#files.finish(side, handle);
  }
}

/** A call of another program than NFS: what portmapper and mount are asked for is told. */
function otherCall(txId: number, call: RpcCall): Exchange {
  const fields: Transaction = {};
  const { program, procedure, version, arguments: cursor } = call;
  if (program === PORTMAP && version === 2 && procedure === 3) {
    const [asked, wanted, transport] = [cursor.number(), cursor.number(), cursor.number()];
    if (cursor.sound)
      fields["getport"] = {
        program: asked,
        version: wanted,
        proto: transport === 6 ? "TCP" : transport === 17 ? "UDP" : String(transport),
      };
  } else if (program === MOUNT && (procedure === 1 || procedure === 3)) {
    const path = cursor.text(nameBytesMax);
    if (cursor.sound) fields["path"] = path;
  }
  return { txId, call, fields, procedure: "", shape: "other", handle: undefined, name: "", offset: 0 };
}

const besides = (exchange: Exchange, status: string | undefined): { [member: string]: Transaction } => ({
  nfs: exchange.fields,
  rpc: rpcFields(exchange, status),
});

function rpcFields({ call, procedure }: Exchange, status: string | undefined): Transaction {
  const fields: Transaction = { xid: call.xid };
  if (procedure === "") {
    fields["program"] = call.program;
    const name = programName(call.program);
    if (name !== undefined) fields["program_name"] = name;
    fields["version"] = call.version;
    fields["procedure"] = call.procedure;
  }
  if (status !== undefined) fields["status"] = status;
  return { ...fields, ...call.caller };
}
