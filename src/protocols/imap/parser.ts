import type { ByteView } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";
import { FINISHED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { Login } from "#protocols/mime/login.ts";
import { MessageReader } from "#protocols/mime/message-reader.ts";
import { type Command, parseCommand } from "./command.ts";
import { type LineTaker, LiteralLines } from "./literal-lines.ts";

/** Commands that wait for their answer; of more, the oldest is told without one. */
const pendingMax = 64;
const headerCharactersMax = 512;
const TLS_HANDSHAKE = 0x16;

/** A command and what came of it. */
interface Exchange {
  readonly number: number;
  readonly command: Command;
  status: string | undefined;
  header: string;
  exists: number | undefined;
  /** A message that the client stored. */
  stored: MessageReader | undefined;
  size: number;
  starttls: boolean;
}

/** A message that the server sends. */
interface Fetched {
  readonly exchange: Exchange | undefined;
  readonly number: number;
  readonly sequence: number;
  readonly section: string;
  reader: MessageReader;
  size: number;
}

/** RFC 9051, and RFC 3501 before it. Each command is told with its answer, each message that came with an event of its own. */
export class ImapParser implements Parser {
  readonly #context: ParserContext;
  readonly #sides: readonly [LiteralLines, LiteralLines];
  readonly #pending: Exchange[] = [];
  #count = 0;
  #banner: string | undefined;
  #user: string | undefined;
  #auth: string | undefined;
  #mailbox: string | undefined;
  #login: Login | undefined;
  #fetched: Fetched | undefined;
  #appending: Exchange | undefined;
  #greeted = false;
  #toldBanner = false;
  #halted = false;
  #compressed = false;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#sides = [new LiteralLines(this.#clientTaker()), new LiteralLines(this.#serverTaker())];
  }

  data(side: Side, view: ByteView): number {
    const waiting = this.#pending.at(-1);
    if (side === Side.toServer && waiting?.command.name === "STARTTLS" && view.bytes[view.at] === TLS_HANDSHAKE) {
      this.#startTls(waiting);
      return 0;
    }
    const at = this.#sides[side].read(view, view.at);
    return this.#compressed ? FINISHED : at - view.at;
  }

  gap(side: Side, bytes: number): boolean {
    this.#sides[side].gap(bytes);
    return true;
  }

  end(): void {
    for (const side of this.#sides) side.end();
    for (const exchange of this.#pending.splice(0)) this.#tell(exchange);
  }

  #clientTaker(): LineTaker {
    const halted = (): boolean => this.#halted;
    return {
      get halted() {
        return halted();
      },
      line: (text) => this.#clientLine(text),
      literal: (text) => this.#append(text),
      message: (reader, bytes, complete) => {
        reader.finish(complete);
        reader.closeFiles(complete);
        if (this.#appending !== undefined) this.#appending.size += bytes;
        this.#appending = undefined;
      },
    };
  }

  #serverTaker(): LineTaker {
    const halted = (): boolean => this.#halted;
    return {
      get halted() {
        return halted();
      },
      line: (text) => this.#serverLine(text),
      literal: (text) => this.#fetch(text),
      message: (reader, bytes, complete) => this.#messageOver(reader, bytes, complete),
    };
  }

  #clientLine(text: string): void {
    const command = parseCommand(text);
    if (this.#login !== undefined && (command === undefined || !/^(?:LOGOUT|LOGIN|CAPABILITY|NOOP)$/.test(command.name))) {
      if (text !== "*") this.#login.response(text);
      return;
    }
    // DONE ends IDLE, and has no tag.
    if (command === undefined || this.#isAppending(command)) return;
    this.#begin(command);
  }

  /** The end of a command whose message is behind it. */
  #isAppending(command: Command): boolean {
    return command.name === "APPEND" && this.#pending.at(-1)?.command.tag === command.tag;
  }

  #begin(command: Command): Exchange {
    let args = command.args;
    if (command.name === "LOGIN") {
      this.#user = args[0] ?? "";
      this.#auth = "LOGIN";
      args = args.slice(0, 1);
    } else if (command.name === "AUTHENTICATE") {
      this.#login = new Login(args[0] ?? "");
      const initial = args[1];
      if (initial !== undefined && initial !== "=") this.#login.response(initial);
      args = args.slice(0, 1);
    }
    const exchange: Exchange = {
      number: this.#count++,
      command: { ...command, args },
      status: undefined,
      header: "",
      exists: undefined,
      stored: undefined,
      size: 0,
      starttls: false,
    };
    if (this.#pending.length >= pendingMax) this.#tell(this.#pending.shift() as Exchange);
    this.#pending.push(exchange);
    return exchange;
  }

  /** A literal of the client's: a message when it is APPEND's. */
  #append(text: string): MessageReader | undefined {
    const command = parseCommand(text);
    if (command?.name !== "APPEND") return undefined;
    if (this.#isAppending(command)) return undefined;
    const exchange = this.#begin(command);
    exchange.stored = this.#reader(Side.toServer, exchange.number, () => this.#event(exchange));
    this.#appending = exchange;
    return exchange.stored;
  }

  #reader(side: Side, number: number, event: () => Transaction): MessageReader {
    const beside = (): { imap: Transaction; email: Transaction } => ({ imap: event(), email: reader.email.event() });
    const reader: MessageReader = new MessageReader({
      file: (name) => this.#context.file(side, number, name === undefined ? { beside } : { name, beside }),
      anomaly: (name) => this.#context.anomaly(side, name),
    });
    return reader;
  }

  #serverLine(text: string): void {
    if (!this.#greeted) {
      this.#greeted = true;
      const greeting = /^\* (?:OK|PREAUTH|BYE) ?(.*)$/s.exec(text)?.[1];
      if (greeting !== undefined && this.#count === 0) {
        this.#banner = short(greeting);
        return;
      }
    }
    if (text.startsWith("* ")) {
      const [, exists] = /^\* (\d{1,10}) EXISTS/i.exec(text) ?? [];
      const selecting = this.#pending.findLast(({ command: { name } }) => name === "SELECT" || name === "EXAMINE");
      if (exists !== undefined && selecting !== undefined) selecting.exists = Number(exists);
      return;
    }
    const [, tag, status, header = ""] = /^(\S+) (OK|NO|BAD)(?: (.*))?$/is.exec(text) ?? [];
    if (tag === undefined || status === undefined || tag === "+") return;
    const index = this.#pending.findIndex(({ command }) => command.tag === tag);
    if (index < 0) return;
    const exchange = this.#pending[index] as Exchange;
    exchange.status = status.toUpperCase();
    exchange.header = short(header);
    this.#answered(exchange);
    this.#pending.splice(index, 1);
    this.#tell(exchange);
  }

  #answered(exchange: Exchange): void {
    const { name, args } = exchange.command;
    const success = exchange.status === "OK";
    if (name === "AUTHENTICATE" && this.#login !== undefined) {
      this.#user = this.#login.user ?? this.#user;
      this.#auth = this.#login.mechanism;
      this.#login = undefined;
    }
    if (exchange === this.#appending && !success) {
      // The server did not want the message.
      this.#sides[Side.toServer].cancel();
      this.#appending = undefined;
      exchange.stored = undefined;
    }
    if ((name === "SELECT" || name === "EXAMINE") && success) this.#mailbox = args[0];
    else if ((name === "CLOSE" || name === "UNSELECT") && success) this.#mailbox = undefined;
    else if (name === "STARTTLS" && success) this.#startTls(exchange);
    else if (name === "COMPRESS" && success) {
      this.#compressed = true;
      this.#halted = true;
    }
  }

  #startTls(exchange: Exchange): void {
    exchange.starttls = true;
    this.#halted = true;
    // What is no TLS is found by content: captures that were decrypted go on with mail.
    this.#context.handOver("tls");
  }

  /** A literal of the server's: a message, when it is FETCH's and not only a part of it. */
  #fetch(text: string): MessageReader | undefined {
    const [, sequence, section] = /^\* (\d{1,10}) FETCH \(.*?\b(BODY\[(?:HEADER[^\]]*)?\](?:<0>)?|RFC822(?:\.HEADER)?)$/is.exec(text) ?? [];
    if (sequence === undefined || section === undefined) return undefined;
    const exchange = this.#pending.find(({ command }) => command.name.endsWith("FETCH"));
    const number = exchange?.number ?? this.#count;
    const reader = this.#reader(Side.toClient, number, () => this.#fetchedEvent());
    this.#fetched = { exchange, number, sequence: Number(sequence), section: section.toUpperCase().slice(0, 64), reader, size: 0 };
    return reader;
  }

  #messageOver(reader: MessageReader, bytes: number, complete: boolean): void {
    const fetched = this.#fetched;
    if (fetched === undefined) return;
    fetched.size = bytes;
    const whole = complete && !fetched.section.endsWith("<0>");
    reader.finish(whole);
    reader.closeFiles(whole);
    this.#context.emit("imap", Side.toClient, fetched.number, this.#fetchedEvent(), { email: reader.email.event() });
    this.#fetched = undefined;
  }

  #fetchedEvent(): Transaction {
    const fetched = this.#fetched;
    const fields: Transaction = {};
    if (fetched?.exchange !== undefined) fields["request"] = requestOf(fetched.exchange.command);
    this.#session(fields);
    if (fetched === undefined) return fields;
    fields["sequence"] = fetched.sequence;
    fields["section"] = fetched.section;
    fields["size"] = fetched.size;
    return fields;
  }

  #session(fields: Transaction): void {
    if (this.#user !== undefined) fields["user"] = this.#user;
    if (this.#auth !== undefined) fields["auth"] = this.#auth;
    if (this.#mailbox !== undefined) fields["mailbox"] = this.#mailbox;
  }

  #tell(exchange: Exchange): void {
    const beside = exchange.stored === undefined ? undefined : { email: exchange.stored.email.event() };
    this.#context.emit("imap", Side.toServer, exchange.number, this.#event(exchange), beside);
    this.#toldBanner = true;
  }

  #event(exchange: Exchange): Transaction {
    const fields: Transaction = { request: requestOf(exchange.command) };
    if (exchange.status !== undefined) fields["response"] = { status: exchange.status, header: exchange.header };
    if (this.#banner !== undefined && !this.#toldBanner) fields["banner"] = this.#banner;
    this.#session(fields);
    if (exchange.exists !== undefined) fields["exists"] = exchange.exists;
    if (exchange.stored !== undefined) fields["size"] = exchange.size;
    if (exchange.starttls) fields["starttls"] = true;
    return fields;
  }
}

const requestOf = ({ tag, name, args }: Command): Transaction => ({ tag, command: name, args });
const short = (text: string): string => utf8Text(text.slice(0, headerCharactersMax));
