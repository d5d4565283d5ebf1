import { type ByteView, latin1 } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { looseText } from "#base/loose-text.ts";
import { type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { Login } from "#protocols/mime/login.ts";
import { lineBytesMax, MessageReader } from "#protocols/mime/message-reader.ts";

/** Commands that wait for their answer; of more, the oldest is told without one. */
const pendingMax = 64;
const argumentsMax = 8;
const dataLinesMax = 64;
/** Characters of a command, an answer or a line of data. */
const lineCharactersMax = 512;

const DOT = 0x2e;
const TLS_HANDSHAKE = 0x16;

/** A command and what came of it. */
interface Exchange {
  readonly number: number;
  readonly command: string;
  readonly args: readonly string[];
  success: boolean | undefined;
  header: string;
  readonly data: string[];
  truncated: boolean;
  message: MessageReader | undefined;
  size: number;
  starttls: boolean;
}

/** RFC 1939, with CAPA and STLS (RFC 2449, RFC 2595) and AUTH (RFC 5034). Each command is told with its answer. */
export class Pop3Parser implements Parser {
  readonly #context: ParserContext;
  readonly #lines: readonly [LineCutter, LineCutter] = [new LineCutter(lineBytesMax), new LineCutter(lineBytesMax)];
  readonly #pending: Exchange[] = [];
  #count = 0;
  #greeted = false;
  #banner: string | undefined;
  #user: string | undefined;
  #auth: string | undefined;
  #login: Login | undefined;
  /** The answer whose further lines are read. */
  #open: Exchange | undefined;
  /** True while the rest of a line is passed over whose beginning is missing. */
  readonly #lost: [boolean, boolean] = [false, false];
  #handed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const lines = this.#lines[side];
    let at = view.at;
    while (at < view.end && !this.#handed) {
      const waiting = this.#pending.at(-1);
      if (side === Side.toServer && waiting?.command === "STLS" && view.bytes[at] === TLS_HANDSHAKE) {
        this.#startTls(waiting);
        break;
      }
      if (!lines.next(view, at)) break;
      if (this.#lost[side]) this.#lost[side] = lines.goesOn;
      else if (side === Side.toClient) this.#serverLine(view.bytes, at, lines);
      else if (!lines.continues) this.#clientLine(latin1(view.bytes, at, Math.min(lines.end, at + lineCharactersMax)));
      at = lines.following;
    }
    return at - view.at;
  }

  gap(side: Side, missing: number): boolean {
    const lines = this.#lines[side];
    const bytes = missing + lines.waiting;
    lines.reset();
    const open = this.#open;
    if (side === Side.toClient && open?.message !== undefined) {
      open.message.gap(bytes);
      open.size += bytes;
      return true;
    }
    this.#lost[side] = true;
    // Nobody knows which answers were lost.
    if (side === Side.toClient) this.#tellAll();
    return true;
  }

  end(): void {
    this.#tellAll();
  }

  #clientLine(line: string): void {
    if (this.#login !== undefined && !/^(?:QUIT|CAPA|USER|STLS)\b/i.test(line)) {
      if (line !== "*") this.#login.response(line);
      return;
    }
    const words = line.trim().split(/\s+/);
    const command = (words[0] as string).toUpperCase().slice(0, 16);
    if (command === "") return;
    const args = words.slice(1, 1 + argumentsMax);
    if (command === "USER") {
      this.#user = looseWord(args.join(" "));
      this.#auth = "USER";
    } else if (command === "APOP") {
      this.#user = looseWord(args[0] ?? "");
      this.#auth = "APOP";
      args.length = Math.min(1, args.length);
    } else if (command === "AUTH" && args.length > 0) {
      this.#login = new Login(args[0] as string);
      if (args[1] !== undefined && args[1] !== "=") this.#login.response(args[1]);
      args.length = 1;
    } else if (command === "PASS") args.length = 0;
    if (this.#pending.length >= pendingMax) this.#tell(this.#pending.shift() as Exchange);
    this.#pending.push(this.#exchange(command, args.map(looseWord)));
  }

  #exchange(command: string, args: readonly string[]): Exchange {
    return {
      number: this.#count++,
      command,
      args,
      success: undefined,
      header: "",
      data: [],
      truncated: false,
      message: undefined,
      size: 0,
      starttls: false,
    };
  }

  #serverLine(bytes: Uint8Array, at: number, lines: LineCutter): void {
    const open = this.#open;
    if (open !== undefined) {
      if (open.message !== undefined || !isAnswer(bytes, at, lines.end)) {
        this.#dataLine(open, bytes, at, lines);
        return;
      }
      // The end of the list is missing.
      this.#open = undefined;
      this.#tell(open);
    }
    if (lines.continues) return;
    const line = looseText(bytes, at, Math.min(lines.end, at + lineCharactersMax));
    // A challenge of AUTH.
    if (line.startsWith("+ ") || line === "+") return;
    const [, ok, header = ""] = /^(\+OK|-ERR)(?:[ \t](.*))?$/s.exec(line) ?? [];
    if (ok === undefined) return;
    if (!this.#greeted) {
      this.#greeted = true;
      if (this.#pending.length === 0) {
        this.#banner = header;
        return;
      }
    }
    const exchange = this.#pending.shift();
    if (exchange === undefined) return;
    this.#answer(exchange, ok === "+OK", header);
  }

  #answer(exchange: Exchange, success: boolean, header: string): void {
    exchange.success = success;
    exchange.header = header;
    if (exchange.command === "AUTH" && this.#login !== undefined) {
      this.#user = this.#login.user ?? this.#user;
      this.#auth = this.#login.mechanism;
      this.#login = undefined;
    }
    if (success && exchange.command === "STLS") {
      this.#pending.unshift(exchange);
      this.#startTls(exchange);
      return;
    }
    if (!success || !hasLines(exchange)) {
      this.#tell(exchange);
      return;
    }
    this.#open = exchange;
    if (exchange.command === "RETR" || exchange.command === "TOP") exchange.message = this.#message(exchange);
  }

  #message(exchange: Exchange): MessageReader {
    const beside = () => ({ pop3: this.#event(exchange), ...this.#beside(exchange) });
    return new MessageReader({
      file: (name) => this.#context.file(Side.toClient, exchange.number, name === undefined ? { beside } : { name, beside }),
      anomaly: (event) => this.#context.anomaly(Side.toClient, event),
    });
  }

  #dataLine(open: Exchange, bytes: Uint8Array, at: number, lines: LineCutter): void {
    let from = at;
    if (!lines.continues && bytes[from] === DOT) {
      if (lines.end === from + 1 && !lines.goesOn) {
        this.#open = undefined;
        open.message?.finish(true);
        open.message?.closeFiles(open.command === "RETR");
        this.#tell(open);
        return;
      }
      from++;
    }
    if (open.message !== undefined) {
      open.size += lines.following - from;
      open.message.line(bytes, from, lines.end, lines.following, lines.continues);
    } else if (lines.continues) return;
    else if (open.data.length < dataLinesMax) open.data.push(looseText(bytes, from, Math.min(lines.end, from + lineCharactersMax)));
    else open.truncated = true;
  }

  #startTls(exchange: Exchange): void {
    exchange.starttls = true;
    this.#handed = true;
    // What is no TLS is found by content: captures that were decrypted go on with mail.
    this.#context.handOver("tls");
  }

  #tellAll(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) {
      open.message?.finish(false);
      this.#tell(open);
    }
    for (const exchange of this.#pending.splice(0)) this.#tell(exchange);
  }

  #tell(exchange: Exchange): void {
    this.#context.emit("pop3", Side.toServer, exchange.number, this.#event(exchange), this.#beside(exchange));
  }

  #beside(exchange: Exchange): { readonly [member: string]: Transaction } | undefined {
    return exchange.message === undefined ? undefined : { email: exchange.message.email.event() };
  }

  #event(exchange: Exchange): Transaction {
    const fields: Transaction = { request: { command: exchange.command, args: exchange.args } };
    if (exchange.success !== undefined) {
      const response: Transaction = {
        success: exchange.success,
        status: exchange.success ? "OK" : "ERR",
        header: exchange.header,
      };
      if (exchange.data.length > 0) response["data"] = exchange.data;
      fields["response"] = response;
    }
    if (exchange.number === 0 && this.#banner !== undefined) fields["banner"] = this.#banner;
    if (this.#user !== undefined) fields["user"] = this.#user;
    if (this.#auth !== undefined) fields["auth"] = this.#auth;
    if (exchange.message !== undefined) fields["size"] = exchange.size;
    if (exchange.starttls) fields["starttls"] = true;
    if (exchange.truncated) fields["truncated"] = true;
    return fields;
  }
}

/** True for the beginning of an answer, which no line of a list has. */
const isAnswer = (bytes: Uint8Array, from: number, to: number): boolean =>
  /^(?:\+OK|-ERR)/.test(latin1(bytes, from, Math.min(to, from + 4)));

/** Answers of more than one line (RFC 1939 §3). */
function hasLines({ command, args }: Exchange): boolean {
  if (command === "LIST" || command === "UIDL" || command === "AUTH") return args.length === 0;
  return command === "RETR" || command === "TOP" || command === "CAPA";
}

/** A word of the client's, as UTF-8 when it is. */
const looseWord = (word: string): string =>
  looseText(
    Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
    0,
    word.length,
  );
