import type { ByteView } from "#base/bytes.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type InnerStream, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readBatch, readCall, readLogin, readPrelogin } from "./requests.ts";
import { readDone, readTokens } from "./results.ts";

/** First bytes of a packet that are read. */
const headBytesMax = 8192;
export const HEADER_BYTES = 8;
const pendingMax = 16;
const RESULT = 4;
const PRELOGIN = 18;
const LAST = 1;
const APPLICATION_DATA = 23;
const TYPES: { readonly [type: number]: string } = {
  1: "sql_batch",
  2: "login",
  3: "rpc",
  6: "attention",
  7: "bulk_load",
  8: "fedauth",
  14: "transaction",
  16: "login",
  17: "sspi",
  18: "prelogin",
};

/** Type, status, length, connection, number and a zero ([MS-TDS] 2.2.3.1); 0 when too short, -1 when there is no packet. */
export function packetLength({ bytes, view, end }: ByteView, at: number): number {
  if (end <= at) return 0;
  const type = bytes[at] as number;
  if (type !== RESULT && TYPES[type] === undefined) return -1;
  if (end - at < 2) return 0;
  if ((bytes[at + 1] as number) > 0x1f) return -1;
  if (end - at < 4) return 0;
  const length = view.getUint16(at + 2);
  if (length < HEADER_BYTES) return -1;
  return end - at < HEADER_BYTES ? 0 : (bytes[at + 7] as number) === 0 ? length : -1;
}

interface Exchange {
  readonly txId: number;
  readonly fields: Transaction;
}

/**
 * Reads one connection of the Tabular Data Stream: a `tds` event for each request with its result. TLS travels inside
 * prelogin packets while its keys are agreed on, then bare: it is a stream inside.
 */
export class TdsParser extends FramedParser {
  readonly #context: ParserContext;
  readonly #pending: Exchange[] = [];
  #transactions = 0;
  #tls: InnerStream | undefined = undefined;
  /** True between the packets of one message. */
  readonly #within: [boolean, boolean] = [false, false];
  #preloginDone = false;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    this.#tls?.end();
    for (const exchange of this.#pending) this.#tell(exchange);
    this.#pending.length = 0;
  }

  protected override onLost(): void {
    for (const exchange of this.#pending) this.#tell(exchange);
    this.#pending.length = 0;
    this.#within.fill(false);
  }

  protected override resumes(_side: Side, view: ByteView, at: number): Probe {
    const length = packetLength(view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(side: Side, view: ByteView, at: number): number {
    const { bytes, end } = view;
    const first = bytes[at] as number;
    if (this.#tls !== undefined && first >= 20 && first <= APPLICATION_DATA)
      return end - at < 5 ? 0 : first === APPLICATION_DATA ? FINISHED : 5 + view.view.getUint16(at + 3);
    const length = packetLength(view, at);
    if (length >= 0) return length;
    this.#context.anomaly(side, side === 0 ? "malformed_request" : "malformed_response");
    return FAILED;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const { bytes } = view;
    const type = bytes[at] as number;
    if (this.#tls !== undefined && type >= 20) return this.#inside(side, bytes, at, end);
    const body = at + HEADER_BYTES;
    // Behind the options, prelogin packets carry records of TLS.
    if (type === PRELOGIN && body + 2 <= end && (bytes[body] as number) >= 20 && bytes[body + 1] === 3) {
      if (this.#tls === undefined) {
        this.#tls = this.#context.inner("tls");
        if (this.#tls === undefined) return FINISHED;
      }
      return this.#inside(side, bytes, body, end);
    }
    const begins = !this.#within[side];
    const last = ((bytes[at + 1] as number) & LAST) !== 0;
    this.#within[side] = !last;
    if (side === 0) {
      if (begins) this.#request(type, view, body, end, last && end - at === length);
    } else this.#result(view, body, end, begins, last, end - at === length);
    return 0;
  }

  #inside(side: Side, bytes: Uint8Array, at: number, end: number): number {
    this.#tls?.data(side, bytes, at, end);
    return 0;
  }

  #request(type: number, view: ByteView, at: number, end: number, whole: boolean): void {
    const fields: Transaction = { type: TYPES[type] };
    if (type === PRELOGIN) {
      const { version, ...others } = readPrelogin(view, at, end) ?? {};
      Object.assign(fields, others);
      if (version !== undefined) fields["client_version"] = version;
    } else if (type === 16) Object.assign(fields, readLogin(view, at, end));
    else if (type === 1) Object.assign(fields, readBatch(view, at, end, whole));
    else if (type === 3) Object.assign(fields, readCall(view, at, end));
    const exchange = { txId: this.#transactions++, fields };
    if (this.#pending.length >= pendingMax) this.#tell(this.#pending.shift() as Exchange);
    this.#pending.push(exchange);
  }

  #result(view: ByteView, at: number, end: number, begins: boolean, last: boolean, whole: boolean): void {
    const exchange = this.#pending[0];
    if (exchange === undefined) return;
    const { fields } = exchange;
    if (fields["type"] === "prelogin" && !this.#preloginDone) {
      this.#preloginDone = true;
      const options = readPrelogin(view, at, end);
      if (options?.["version"] !== undefined) fields["server_version"] = options["version"];
      if (options?.["encryption"] !== undefined) fields["server_encryption"] = options["encryption"];
    } else {
      if (begins) {
        fields["success"] = true;
        readTokens(fields, view, at, end);
      }
      if (last && whole) readDone(fields, view, at, end);
    }
    if (!last) return;
    this.#pending.shift();
    this.#tell(exchange);
  }

  #tell({ txId, fields }: Exchange): void {
    this.#context.emit("tds", 0, txId, fields);
  }
}
