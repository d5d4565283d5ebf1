import type { ByteView } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { looseText } from "#base/loose-text.ts";
import { type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { activePort, type DataPort, passivePort } from "./data-port.ts";

/** Longest line; what is beyond is not told (as Suricata's `max-line-length`). */
const lineBytesMax = 4096;
/** Commands that wait for their answer; of more, the oldest is told without one. */
const pendingMax = 64;
const replyLinesMax = 128;
const replyLineCharactersMax = 512;
const TLS_HANDSHAKE = 0x16;

/** Commands that a data connection serves; of these the first ones carry a file with a name. */
const FILES = new Set(["RETR", "STOR", "STOU", "APPE"]);
const LISTINGS = new Set(["LIST", "NLST", "MLSD"]);

/** A command and its answer; the greeting has no command. */
interface Exchange {
  readonly number: number;
  readonly command: string | undefined;
  readonly argument: string | undefined;
  readonly truncated: boolean;
  readonly codes: string[];
  readonly reply: string[];
  replied: boolean;
  replyTruncated: boolean;
  port: DataPort | undefined;
}

/** RFC 959 with RFC 2428 (EPRT, EPSV) and RFC 4217 (AUTH TLS). Each command is told with its last answer. */
export class FtpParser implements Parser {
  readonly #context: ParserContext;
  readonly #lines: readonly [LineCutter, LineCutter] = [new LineCutter(lineBytesMax), new LineCutter(lineBytesMax)];
  readonly #lost: [boolean, boolean] = [false, false];
  readonly #pending: Exchange[] = [];
  #count = 0;
  #user: string | undefined;
  #port: DataPort | undefined;
  /** Code of an answer of several lines whose last line has not come. */
  #open = "";
  /** Answer to nothing: the greeting, or a farewell. */
  #unasked: Exchange | undefined;
  #greeted = false;
  #handed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const lines = this.#lines[side];
    let at = view.at;
    while (at < view.end && !this.#handed) {
      if (side === Side.toServer && view.bytes[at] === TLS_HANDSHAKE && this.#pending.at(-1)?.command === "AUTH TLS") {
        // The server's consent is missing in the capture.
        this.#startTls();
        break;
      }
      if (!lines.next(view, at)) break;
      if (this.#lost[side]) this.#lost[side] = lines.goesOn;
      else if (!lines.continues) {
        const text = looseText(view.bytes, at, lines.end);
        if (side === Side.toServer) this.#command(text, lines.goesOn);
        else this.#reply(text, lines.goesOn);
      }
      at = lines.following;
    }
    return at - view.at;
  }

  gap(side: Side, _bytes: number): boolean {
    this.#lines[side].reset();
    this.#lost[side] = true;
    if (side === Side.toClient) {
      // Nobody knows which answers were lost.
      this.#tellAll();
      this.#greeted = true;
      this.#open = "";
    }
    return true;
  }

  end(): void {
    this.#tellAll();
  }

  #command(line: string, truncated: boolean): void {
    // Telnet's interrupt and mark go before ABOR (RFC 959 §4.1.3).
    const text = line.replace(/^(?:\\x[0-9a-f]{2}|[^A-Za-z])+/, "").trimEnd();
    if (text === "") return;
    if (truncated) this.#context.anomaly(Side.toServer, "request_command_too_long", `the command has more than ${lineBytesMax} bytes`);
    const space = text.indexOf(" ");
    let command = (space < 0 ? text : text.slice(0, space)).toUpperCase().slice(0, 32);
    let argument: string | undefined = space < 0 ? undefined : text.slice(space + 1);
    if (command === "AUTH" && /^(?:TLS|SSL|TLS-[CP])$/i.test(argument ?? "")) {
      command = "AUTH TLS";
      argument = undefined;
    } else if (command === "USER") this.#user = argument;
    else if (command === "PASS" || command === "ADAT") argument = undefined;
    const exchange = this.#exchange(command, argument, truncated);
    exchange.port = argument === undefined ? undefined : activePort(command, argument);
    if (exchange.port !== undefined) this.#port = exchange.port;
    if (this.#pending.length >= pendingMax) this.#tell(this.#pending.shift() as Exchange);
    this.#pending.push(exchange);
    this.#announce(command, argument);
  }

  #exchange(command: string | undefined, argument: string | undefined, truncated: boolean): Exchange {
    return {
      number: this.#count++,
      command,
      argument,
      truncated,
      codes: [],
      reply: [],
      replied: false,
      replyTruncated: false,
      port: undefined,
    };
  }

  /** A transfer begins: its connection is the one agreed on last. */
  #announce(command: string, argument: string | undefined): void {
    const port = this.#port;
    if (port === undefined || !(FILES.has(command) || LISTINGS.has(command))) return;
    this.#port = undefined;
    const name = FILES.has(command) ? (argument ?? "") : undefined;
    this.#context.expect({
      transport: "tcp",
      listener: port.mode === "active" ? "client" : "server",
      port: port.port,
      protocol: "ftp-data",
      note: name === undefined ? { command } : { command, filename: name },
    });
  }

  #reply(line: string, cut: boolean): void {
    const [, code = "", mark = "", rest = ""] = /^(?:([1-5]\d\d)([ -]|$))?(.*)$/s.exec(line) ?? [];
    if (line === "" && this.#open === "") return;
    if (cut) this.#context.anomaly(Side.toClient, "response_command_too_long", `the line has more than ${lineBytesMax} bytes`);
    const exchange = this.#answered(code);
    exchange.replied = true;
    if (code !== "") exchange.codes.push(code);
    if (cut || rest.length > replyLineCharactersMax) exchange.replyTruncated = true;
    if (exchange.reply.length >= replyLinesMax) {
      exchange.replyTruncated = true;
      if (exchange.codes.length > replyLinesMax) exchange.codes.length = replyLinesMax;
    } else if (rest !== "" || code === "") exchange.reply.push(rest.slice(0, replyLineCharactersMax));
    if (this.#open !== "") {
      if (code !== this.#open || mark === "-") return;
    } else if (mark === "-") {
      this.#open = code;
      return;
    }
    this.#open = "";
    this.#greeted = true;
    this.#complete(exchange, Number(code), rest);
  }

  /** The command that the next line of the server's answers. */
  #answered(code: string): Exchange {
    const greets = !this.#greeted && (code === "220" || code === "120");
    const first = greets || this.#unasked !== undefined ? undefined : this.#pending[0];
    if (first !== undefined) return first;
    this.#unasked ??= this.#exchange(undefined, undefined, false);
    return this.#unasked;
  }

  #complete(exchange: Exchange, code: number, text: string): void {
    const port = passivePort(code, text);
    if (port !== undefined) {
      exchange.port = port;
      this.#port = port;
    }
    // More follows (RFC 959 §4.2.1).
    if (code >= 100 && code < 200 && exchange !== this.#unasked) return;
    if (code === 234 && exchange.command === "AUTH TLS") {
      this.#startTls();
      return;
    }
    if (exchange === this.#unasked) this.#unasked = undefined;
    else this.#pending.shift();
    this.#tell(exchange);
  }

  #startTls(): void {
    this.#handed = true;
    // What is no TLS is found by content: captures that were decrypted go on with FTP.
    this.#context.handOver("tls");
  }

  #tellAll(): void {
    const unasked = this.#unasked;
    this.#unasked = undefined;
    if (unasked !== undefined) this.#tell(unasked);
    for (const exchange of this.#pending.splice(0)) this.#tell(exchange);
  }

  #tell(exchange: Exchange): void {
    const fields: Transaction = {};
    if (exchange.command !== undefined) fields["command"] = exchange.command;
    if (exchange.argument !== undefined) {
      fields["command_data"] = exchange.argument;
      fields["command_truncated"] = exchange.truncated;
    }
    if (exchange.codes.length > 0) fields["completion_code"] = exchange.codes;
    if (exchange.replied) fields["reply"] = exchange.reply;
    if (exchange.port !== undefined) {
      fields["dynamic_port"] = exchange.port.port;
      fields["mode"] = exchange.port.mode;
    }
    fields["reply_received"] = exchange.replied ? "yes" : "no";
    fields["reply_truncated"] = exchange.replyTruncated;
    if (this.#user !== undefined && exchange.command !== undefined) fields["user"] = this.#user.slice(0, replyLineCharactersMax);
    this.#context.emit("ftp", Side.toServer, exchange.number, fields);
  }
}
