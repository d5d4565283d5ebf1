import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { AUTHENTICATION, ERROR_FIELDS, PARAMETER_NAMES, STEPS, Startup, startupBytesMax, typedLength } from "./messages.ts";

/** First bytes of a message that are read: the rest of a row, a query or a copied chunk is passed over. */
const headBytesMax = 8192;
/** Requests that may wait for their answers; clients send ahead. */
const pendingMax = 64;
const parametersMax = 64;
const noticesMax = 8;
const stepsMax = 32;
const textBytesMax = 1024;

/** A request and what has come of its answer. */
interface Exchange {
  readonly txId: number;
  readonly request: Transaction;
  response: Transaction | undefined;
  /** True from an extended query's first message to its sync: no answer ends it before. */
  open: boolean;
}

function add(into: Transaction, name: string, count: number): void {
  into[name] = ((into[name] as number | undefined) ?? 0) + count;
}

/**
 * Reads one PostgreSQL connection (protocol 3): a `pgsql` event for each request with its answer, told when the answer
 * ends. The answers of clients that send ahead go to the requests in their order. What follows an accepted request for
 * TLS is handed over.
 */
export class PostgresqlParser extends FramedParser {
  readonly #context: ParserContext;
  readonly #pending: Exchange[] = [];
  #transactions = 0;
  /** The request for encryption that waits for one byte. */
  #asked: "ssl" | "gssenc" | undefined = undefined;
  /** What the server asked for: tells how to read the client's next `p`. */
  #wanted = "";
  #started = false;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    for (const exchange of this.#pending) this.#tell(exchange);
    this.#pending.length = 0;
  }

  protected override onLost(): void {
    this.end();
  }

  protected override resumes(side: Side, view: ByteView, at: number): Probe {
    const length = typedLength(side, view, at);
    return length < 0 ? Probe.no : length === 0 ? Probe.more : Probe.yes;
  }

  protected lengthOf(side: Side, view: ByteView, at: number): number {
    const first = view.bytes[at] as number;
    if (side === 0) {
      // The server's yes is missing from the capture, but TLS goes on.
      if (this.#asked === "ssl" && first === 0x16) {
        this.#context.handOver("tls");
        return 0;
      }
      if (first === 0 && !this.#started) return this.#startLength(view, at);
    } else if (this.#asked !== undefined && (first === 0x53 || first === 0x4e || first === 0x47)) return 1;
    const length = typedLength(side, view, at);
    if (length >= 0) return length;
    this.#context.anomaly(side, side === 0 ? "malformed_request" : "malformed_response", "no message of this type or length");
    return FAILED;
  }

  #startLength({ view, end }: ByteView, at: number): number {
    if (end - at < 8) return 0;
    const length = view.getUint32(at);
    if (length >= 8 && length <= startupBytesMax) return length;
    this.#context.anomaly(0, "invalid_length", `a start of ${length} bytes`);
    return FAILED;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    if (side === 1) return this.#answer(view, at, end, length);
    if (view.bytes[at] === 0) return this.#start(new Reader(view, at + 4, end));
    this.#started = true;
    return this.#request(String.fromCharCode(view.bytes[at] as number), new Reader(view, at + 5, end), length - 5);
  }

  #start(fields: Reader): number {
    const code = fields.u32();
    if (code === Startup.ssl || code === Startup.gssenc) {
      this.#asked = code === Startup.ssl ? "ssl" : "gssenc";
      this.#ask({ message: code === Startup.ssl ? "SSL Request" : "GSSENC Request" });
      return 0;
    }
    this.#started = true;
    if (code === Startup.cancel) {
      this.#tell(this.#ask({ message: "cancel_request", process_id: fields.u32(), secret_key: fields.u32() }, false));
      return FINISHED;
    }
    if (code >>> 16 !== Startup.version3) return FAILED;
    const parameters: Transaction = {};
    const others: Transaction[] = [];
    while (fields.left > 1 && others.length < parametersMax) {
      const name = fields.zeroText(textBytesMax);
      const value = fields.zeroText(textBytesMax);
      if (name === "" || fields.short) break;
      if (name === "user") parameters["user"] = value;
      else others.push({ [name]: value });
    }
    if (others.length > 0) parameters["optional_parameters"] = others;
    this.#ask({ protocol_version: `${code >>> 16}.${code & 0xffff}`, startup_parameters: parameters });
    return 0;
  }

  #request(type: string, fields: Reader, bytes: number): number {
    if (type === "Q") {
      const cut = bytes > fields.left;
      const text = cut ? fields.rest(headBytesMax) : fields.zeroText(headBytesMax);
      this.#ask(cut ? { simple_query: text, query_truncated: true } : { simple_query: text });
    } else if (type === "p") this.#password(fields);
    else if (type === "X") this.#tell(this.#ask({ message: "termination_message" }, false));
    else if (type === "F") this.#ask({ message: "function_call" });
    else if (type === "d" || type === "c" || type === "f") this.#copyIn(type, fields, bytes);
    else this.#step(type, fields, bytes);
    return 0;
  }

  /** Passwords and digests are not told; SASL's messages hold none. */
  #password(fields: Reader): void {
    if (this.#wanted === "authentication_sasl") {
      const mechanism = fields.zeroText(textBytesMax).replace("SCRAM-SHA-256", "scram_SHA256").replace("-PLUS", "_plus");
      fields.u32();
      this.#ask({ sasl_authentication_mechanism: mechanism, sasl_param: fields.rest(textBytesMax) });
    } else if (this.#wanted === "authentication_sasl_continue") this.#ask({ sasl_response: fields.rest(textBytesMax) });
    else if (/gss|sspi|kerb/.test(this.#wanted)) this.#ask({ message: "gss_response" });
    else this.#ask({ password_redacted: true });
  }

  /** A message of an extended query: all up to the sync are one request. */
  #step(type: string, fields: Reader, bytes: number): void {
    const last = this.#pending.at(-1);
    const exchange = last?.open === true ? last : this.#ask({ message: "extended_query", steps: [] });
    const { request } = exchange;
    exchange.open = type !== "S";
    const steps = request["steps"] as string[];
    if (steps.length < stepsMax) steps.push(STEPS[type] as string);
    if (type === "P") {
      const name = fields.zeroText(textBytesMax);
      if (name !== "") request["statement"] ??= name;
      if (request["query"] !== undefined) return;
      const cut = bytes > headBytesMax - 5;
      request["query"] = cut ? fields.rest(headBytesMax) : fields.zeroText(headBytesMax);
      if (cut) request["query_truncated"] = true;
    } else if (type === "B") {
      fields.zeroText(textBytesMax);
      const name = fields.zeroText(textBytesMax);
      if (name !== "") request["statement"] ??= name;
    }
  }

  #copyIn(type: string, fields: Reader, bytes: number): void {
    const exchange = this.#pending[0] ?? this.#ask({ message: "copy_in" });
    exchange.request["copy_data_in"] ??= { msg_count: 0, data_size: 0 };
    const copy = exchange.request["copy_data_in"] as Transaction;
    if (type === "d") {
      add(copy, "msg_count", 1);
      add(copy, "data_size", bytes);
    } else if (type === "f") copy["failed"] = fields.zeroText(textBytesMax);
  }

  #answer(view: ByteView, at: number, end: number, length: number): number {
    const type = String.fromCharCode(view.bytes[at] as number);
    if (length === 1) return this.#encryption(type);
    this.#asked = undefined;
    const fields = new Reader(view, at + 5, end);
    if (type === "A") this.#notification(fields);
    else if (type === "Z") this.#ready();
    else this.#collect(type, fields, length - 5);
    return 0;
  }

  /** The one byte that answers a request for encryption. */
  #encryption(type: string): number {
    const asked = this.#asked;
    this.#asked = undefined;
    const accepted = type !== "N";
    this.#response()[asked === "ssl" ? "ssl_accepted" : "gssenc_accepted"] = accepted;
    this.#done();
    if (!accepted) return 0;
    if (asked === "gssenc") return FINISHED;
    this.#context.handOver("tls");
    this.leave();
    return 0;
  }

  #collect(type: string, fields: Reader, bytes: number): void {
    const response = this.#response();
    if (type === "R") this.#authentication(response, fields);
    else if (type === "S") {
      response["parameter_status"] ??= [];
      const statuses = response["parameter_status"] as Transaction[];
      const name = fields.zeroText(textBytesMax);
      if (statuses.length < parametersMax) statuses.push({ [PARAMETER_NAMES[name] ?? name]: fields.zeroText(textBytesMax) });
    } else if (type === "K") {
      response["process_id"] = fields.u32();
      response["secret_key"] = fields.u32();
    } else if (type === "E") this.#error(response, fields);
    else if (type === "N") this.#notice(response, fields);
    else this.#result(type, response, fields, bytes);
  }

  #result(type: string, response: Transaction, fields: Reader, bytes: number): void {
    if (type === "T") {
      response["field_count"] = fields.u16();
      response["data_rows"] ??= 0;
      response["data_size"] ??= 0;
    } else if (type === "D") {
      add(response, "data_rows", 1);
      // Two bytes count the columns, four bytes tell the length of each.
      add(response, "data_size", Math.max(0, bytes - 2 - 4 * fields.u16()));
    } else if (type === "C") {
      if (response["command_completed"] !== undefined) response["commands"] = ((response["commands"] as number | undefined) ?? 1) + 1;
      response["command_completed"] = fields.zeroText(textBytesMax);
    } else if (type === "G" || type === "H" || type === "W") {
      fields.u8();
      response["copy_column_count"] = fields.u16();
    } else if (type === "d") {
      response["copy_data_out"] ??= { row_count: 0, data_size: 0 };
      const copy = response["copy_data_out"] as Transaction;
      add(copy, "row_count", 1);
      add(copy, "data_size", bytes);
    }
  }

  #authentication(response: Transaction, fields: Reader): void {
    const code = fields.u32();
    if (code === 5) response["authentication_md5_password"] = fields.text(4, 4);
    else if (code === 12) response["authentication_sasl_final"] = fields.rest(textBytesMax);
    else response["message"] = AUTHENTICATION[code] ?? `authentication_${code}`;
    this.#wanted = code === 5 || code === 12 ? "" : (response["message"] as string);
    // What the client has to answer ends this exchange; the session's parameters follow the other two.
    if (code !== 0 && code !== 12) this.#done();
  }

  #error(response: Transaction, fields: Reader): void {
    for (const [name, value] of this.#errorFields(fields)) response[name] = value;
    // No readiness follows while the session is not open.
    if (/FATAL|PANIC/.test(String(response["severity_non_localizable"] ?? response["severity_localizable"]))) this.#done();
  }

  #notice(response: Transaction, fields: Reader): void {
    response["notices"] ??= [];
    const notices = response["notices"] as string[];
    for (const [name, value] of this.#errorFields(fields)) if (name === "message" && notices.length < noticesMax) notices.push(value);
  }

  #errorFields(fields: Reader): [string, string][] {
    const found: [string, string][] = [];
    while (fields.left > 1) {
      const name = ERROR_FIELDS[String.fromCharCode(fields.u8())];
      const value = fields.zeroText(textBytesMax);
      if (name !== undefined && !fields.short) found.push([name, value]);
    }
    return found;
  }

  #notification(fields: Reader): void {
    fields.u32();
    const response = { message: "notification", channel: fields.zeroText(textBytesMax) };
    const txId = this.#transactions++;
    this.#context.emit("pgsql", 0, txId, { tx_id: txId + 1, response });
  }

  /** The server is ready for the next request. */
  #ready(): void {
    const first = this.#pending[0];
    if (first !== undefined) this.#done();
  }

  #ask(request: Transaction, waits = true): Exchange {
    const exchange: Exchange = { txId: this.#transactions++, request, response: undefined, open: false };
    if (!waits) return exchange;
    if (this.#pending.length >= pendingMax) {
      this.#context.anomaly(0, "too_many_transactions", `${pendingMax} requests wait for their answers`);
      this.#done();
    }
    this.#pending.push(exchange);
    return exchange;
  }

  /** Answer of the request that is the next to be answered; of none when the capture lacks it. */
  #response(): Transaction {
    const exchange = this.#pending[0] ?? this.#ask({});
    exchange.response ??= {};
    return exchange.response;
  }

  /** The first request is answered. */
  #done(): void {
    const exchange = this.#pending.shift();
    if (exchange !== undefined) this.#tell(exchange);
  }

  #tell({ txId, request, response }: Exchange): void {
    const fields: Transaction = { tx_id: txId + 1 };
    if (Object.keys(request).length > 0) fields["request"] = request;
    if (response !== undefined) fields["response"] = response;
    this.#context.emit("pgsql", 0, txId, fields);
  }
}
