import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, FINISHED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readChangeUser, readGreeting, readLogin } from "./login.ts";
import { Capability, Command, commandName, HEADER_BYTES, lengthEncoded, passQueryAttributes, SPLIT } from "./packets.ts";

/** First bytes of a packet that are read; rows and long data are passed over. */
const headBytesMax = 8192;
const textBytesMax = 1024;
/** Commands that may wait for their results; clients may send ahead. */
const pendingMax = 64;

/** Where the answer to the command at hand stands. */
type Stage =
  | "greeting"
  /** Whether the user is taken. */
  | "login"
  /** The first packet of a result. */
  | "first"
  | "columns"
  /** The first packet behind the columns: their end, or a row. */
  | "afterColumns"
  | "rows"
  /** Descriptions behind a prepared statement: nothing is told of them. */
  | "definitions"
  /** Descriptions of fields, up to the end mark. */
  | "list";

const OK = 0x00;
const LOCAL_FILE = 0xfb;
const END = 0xfe;
const ERROR = 0xff;
/** Length of the old end mark; the new one is an OK of at least seven bytes. */
const END_BYTES = 5;
const MORE_RESULTS = 0x0008;

interface Exchange {
  readonly txId: number;
  readonly command: number;
  readonly fields: Transaction;
}
/** Stands for the login among the commands. */
const LOGIN = -1;

/**
 * Reads one MySQL or MariaDB connection: a `mysql` event for the login and for each command, told with its result.
 * What follows a client's request for TLS is handed over; compressed connections are told up to the login.
 */
export class MysqlParser extends FramedParser {
  readonly #context: ParserContext;
  readonly #pending: Exchange[] = [];
  #transactions = 0;
  #stage: Stage = "greeting";
  #greeting: Transaction | undefined = undefined;
  #serverCapabilities = 0;
  #clientCapabilities = 0;
  /** Column and parameter descriptions still to come. */
  #descriptions = 0;
  /** True when the packet before was full: the next goes on with it. */
  readonly #split: [boolean, boolean] = [false, false];

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    if (this.#greeting !== undefined) this.#tell({ txId: this.#transactions++, command: LOGIN, fields: this.#greeting });
    this.#greeting = undefined;
    for (const exchange of this.#pending) this.#tell(exchange);
    this.#pending.length = 0;
  }

  protected override onLost(): void {
    this.end();
    this.#stage = "first";
  }

  protected override resumes(side: Side, { bytes, at, end }: ByteView): Probe {
    if (end - at < HEADER_BYTES + 1) return Probe.more;
    // Only a command's beginning can be told from other bytes.
    return side === 0 && bytes[at + 2] === 0 && bytes[at + 3] === 0 && commandName(bytes[at + 4] as number) !== undefined
      ? Probe.yes
      : Probe.no;
  }

  protected lengthOf(_side: Side, { bytes, end }: ByteView, at: number): number {
    if (end - at < HEADER_BYTES) return 0;
    return HEADER_BYTES + ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16));
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const size = length - HEADER_BYTES;
    const goesOn = this.#split[side];
    this.#split[side] = size === SPLIT;
    if (goesOn) return 0;
    const fields = new Reader(view, at + HEADER_BYTES, end);
    const sequence = view.bytes[at + 3] as number;
    return side === 0 ? this.#client(fields, sequence, size) : this.#server(fields, size);
  }

  #client(fields: Reader, sequence: number, size: number): number {
    // Only commands have the number 0; a login, its proof and a file's bytes answer the server.
    if (sequence === 0 && size > 0) return this.#command(fields, size);
    const opens = this.#greeting !== undefined || (this.#transactions === 0 && this.#pending.length === 0);
    return sequence === 1 && opens ? this.#login(fields, size) : 0;
  }

  #login(fields: Reader, size: number): number {
    if (size < 5) return FAILED;
    const login = { ...this.#greeting, ...readLogin(fields) };
    this.#greeting = undefined;
    this.#clientCapabilities = login["client_capabilities"] as number;
    const exchange = this.#ask(LOGIN, login);
    if (login["tls"] === true) {
      this.#done(exchange);
      this.#context.handOver("tls");
      this.leave();
      return 0;
    }
    this.#stage = "login";
    return 0;
  }

  #command(fields: Reader, size: number): number {
    const command = fields.u8();
    const name = commandName(command);
    if (name === undefined) {
      this.#context.anomaly(0, "unknown_command", `command ${command}`);
      return FAILED;
    }
    const told: Transaction = { cmd: name };
    if (command === Command.query && (this.#both() & Capability.queryAttributes) !== 0) passQueryAttributes(fields);
    if (command <= Command.dropDb || command === Command.prepare) this.#argument(told, command, fields, size);
    else if (command === Command.changeUser) Object.assign(told, readChangeUser(fields));
    else if (command >= Command.execute && command <= Command.fetch && size >= 5) told["statement_id"] = fields.u32(true);
    const exchange = this.#ask(command, told);
    if (command === Command.quit || command === Command.close || command === Command.sendLongData) this.#done(exchange);
    if (command === Command.binlogDump || command === Command.binlogDumpGtid) return FINISHED;
    if (this.#pending[0] === exchange) this.#begin();
    return 0;
  }

  #argument(told: Transaction, command: number, fields: Reader, size: number): void {
    if (fields.left === 0) return;
    told["arg"] = command === Command.fieldList ? fields.zeroText(textBytesMax) : fields.rest(headBytesMax);
    if (size > headBytesMax - HEADER_BYTES) told["arg_truncated"] = true;
  }

  #both(): number {
    return this.#serverCapabilities & this.#clientCapabilities;
  }

  /** The first command's answer is the next to come. */
  #begin(): void {
    const command = this.#pending[0]?.command;
    this.#stage = command === Command.changeUser ? "login" : command === Command.fieldList ? "list" : "first";
    if (command === Command.fetch) this.#stage = "rows";
  }

  #server(fields: Reader, size: number): number {
    const mark = size > 0 ? fields.u8() : -1;
    if (this.#stage === "greeting" && this.#pending.length === 0) return this.#greet(fields, mark);
    const exchange = this.#pending[0];
    // Descriptions come without a command when the capture lacks it, or sent it ahead.
    if (this.#stage === "definitions") return this.#description();
    if (exchange === undefined) return 0;
    if (mark === ERROR) this.#error(exchange, fields);
    else if (this.#stage === "login") return this.#loginAnswer(exchange, mark, fields);
    else if (this.#stage === "first") this.#first(exchange, mark, fields, size);
    else if (this.#stage === "columns") {
      if (--this.#descriptions <= 0) this.#stage = "afterColumns";
    } else this.#row(exchange, mark, fields, size);
    return 0;
  }

  #greet(fields: Reader, mark: number): number {
    if (mark === ERROR) {
      this.#error(this.#ask(LOGIN, {}), fields);
      return FINISHED;
    }
    if (mark !== 9 && mark !== 10) return this.#transactions > 0 ? 0 : FAILED;
    fields.at--;
    this.#greeting = readGreeting(fields);
    this.#serverCapabilities = (this.#greeting["capabilities"] as number | undefined) ?? 0;
    return 0;
  }

  #loginAnswer(exchange: Exchange, mark: number, fields: Reader): number {
    // Another way to prove itself, or one more message of the same, ends nothing.
    if (mark === END && fields.left > 0) exchange.fields["auth_plugin"] = fields.zeroText(textBytesMax);
    if (mark !== OK) return 0;
    this.#success(exchange, fields);
    this.#done(exchange);
    const compressed = this.#both() & (Capability.compress | Capability.zstd);
    return exchange.command === LOGIN && compressed !== 0 ? FINISHED : 0;
  }

  #first(exchange: Exchange, mark: number, fields: Reader, size: number): void {
    const { command, fields: told } = exchange;
    if (command === Command.statistics || size === 0) this.#finish(exchange);
    else if (mark === OK && command === Command.prepare) this.#prepared(exchange, fields);
    else if (mark === OK) {
      if (this.#success(exchange, fields) === 0) this.#done(exchange);
    } else if (mark === END && size <= END_BYTES) this.#finish(exchange);
    else if (mark === LOCAL_FILE) told["file"] = fields.rest(textBytesMax);
    else {
      fields.at--;
      this.#descriptions = lengthEncoded(fields);
      if (told["columns"] === undefined) told["columns"] = this.#descriptions;
      else told["results"] = ((told["results"] as number | undefined) ?? 1) + 1;
      told["rows"] ??= 0;
      this.#stage = "columns";
    }
  }

  #prepared(exchange: Exchange, fields: Reader): void {
    const { fields: told } = exchange;
    told["statement_id"] = fields.u32(true);
    const columns = fields.u16(true);
    const parameters = fields.u16(true);
    told["columns"] = columns;
    told["success"] = true;
    // Each list has an end mark, unless both sides do without.
    const marked = this.#clientCapabilities !== 0 && (this.#both() & Capability.deprecateEof) === 0;
    this.#descriptions = columns + parameters + (marked ? Number(columns > 0) + Number(parameters > 0) : 0);
    this.#done(exchange);
    if (this.#descriptions > 0) this.#stage = "definitions";
  }

  /** Descriptions behind a prepared statement. */
  #description(): number {
    if (--this.#descriptions <= 0) this.#begin();
    return 0;
  }

  #row(exchange: Exchange, mark: number, fields: Reader, size: number): void {
    const { fields: told } = exchange;
    if (mark === END && size < SPLIT) {
      if (this.#stage === "afterColumns" && size === END_BYTES) {
        this.#stage = "rows";
        return;
      }
      const status = size === END_BYTES ? this.#endMark(told, fields) : this.#success(exchange, fields, false);
      told["success"] = true;
      if ((status & MORE_RESULTS) !== 0) this.#stage = "first";
      else this.#done(exchange);
      return;
    }
    if (this.#stage === "list") told["columns"] = ((told["columns"] as number | undefined) ?? 0) + 1;
    else {
      this.#stage = "rows";
      told["rows"] = ((told["rows"] as number | undefined) ?? 0) + 1;
    }
  }

  #endMark(told: Transaction, fields: Reader): number {
    const warnings = fields.u16(true);
    if (warnings > 0) told["warnings"] = warnings;
    return fields.u16(true);
  }

  /** An OK packet. Returns the status bits that promise another result. */
  #success({ fields: told }: Exchange, fields: Reader, counts = true): number {
    const affected = lengthEncoded(fields);
    const inserted = lengthEncoded(fields);
    if (counts) told["affected_rows"] = ((told["affected_rows"] as number | undefined) ?? 0) + affected;
    if (inserted > 0) told["last_insert_id"] = inserted;
    const status = fields.u16(true);
    const warnings = fields.u16(true);
    if (warnings > 0) told["warnings"] = warnings;
    told["success"] = true;
    return status & MORE_RESULTS;
  }

  #finish(exchange: Exchange): void {
    exchange.fields["success"] = true;
    this.#done(exchange);
  }

  #error(exchange: Exchange, fields: Reader): void {
    const { fields: told } = exchange;
    told["success"] = false;
    told["error_code"] = fields.u16(true);
    const at = fields.at;
    if (fields.u8() === 0x23) told["sql_state"] = fields.text(5, 5);
    else fields.at = at;
    told["response"] = fields.rest(textBytesMax);
    this.#done(exchange);
  }

  #ask(command: number, fields: Transaction): Exchange {
    const exchange = { txId: this.#transactions++, command, fields };
    if (this.#pending.length >= pendingMax) this.#done(this.#pending[0] as Exchange);
    this.#pending.push(exchange);
    return exchange;
  }

  #done(exchange: Exchange): void {
    const index = this.#pending.indexOf(exchange);
    if (index >= 0) this.#pending.splice(index, 1);
    this.#tell(exchange);
    if (index === 0) this.#begin();
  }

  #tell({ txId, fields }: Exchange): void {
    const compressed = this.#both() & (Capability.compress | Capability.zstd);
    if (fields["cmd"] === "login" && compressed !== 0) fields["compression"] = (compressed & Capability.zstd) !== 0 ? "zstd" : "zlib";
    this.#context.emit("mysql", 0, txId, fields);
  }
}
