import type { ByteView } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { looseText } from "#base/loose-text.ts";
import { type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { type Message, parseMessage } from "./message.ts";

/** Tags and message of IRCv3 have 8,191 and 512 bytes at most; more of a line is passed over. */
const lineBytesMax = 4096;
const textCharactersMax = 512;
const capabilitiesMax = 32;
const TLS_HANDSHAKE = 0x16;

/** Commands that are not told: they keep the connection alive. */
const SILENT = new Set(["PING", "PONG"]);

/** RFC 1459, RFC 2812. Each message is told as a transaction of its own. */
export class IrcParser implements Parser {
  readonly #context: ParserContext;
  readonly #lines: readonly [LineCutter, LineCutter] = [new LineCutter(lineBytesMax), new LineCutter(lineBytesMax)];
  readonly #lost: [boolean, boolean] = [false, false];
  #count = 0;
  #nick: string | undefined;
  #user: string | undefined;
  #realname: string | undefined;
  #startsTls = false;
  #handed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const lines = this.#lines[side];
    let at = view.at;
    while (at < view.end && !this.#handed) {
      if (side === Side.toServer && this.#startsTls && view.bytes[at] === TLS_HANDSHAKE) {
        // The server's consent is missing in the capture.
        this.#startTls();
        break;
      }
      if (!lines.next(view, at)) break;
      if (this.#lost[side]) this.#lost[side] = lines.goesOn;
      else if (!lines.continues) {
        const message = parseMessage(looseText(view.bytes, at, lines.end));
        if (message !== undefined) this.#message(side, message);
      }
      at = lines.following;
    }
    return at - view.at;
  }

  gap(side: Side, _bytes: number): boolean {
    this.#lines[side].reset();
    this.#lost[side] = true;
    return true;
  }

  end(): void {
    // Every message has been told.
  }

  #message(side: Side, message: Message): void {
    if (SILENT.has(message.command)) return;
    if (side === Side.toClient) this.#fromServer(message);
    else this.#fromClient(message);
  }

  #fromClient({ command, params }: Message): void {
    const fields: Transaction = {};
    const [first = "", second] = params;
    switch (command) {
      case "PASS":
      case "AUTHENTICATE":
        fields["secret"] = true;
        break;
      case "NICK":
        this.#nick = short(first);
        break;
      case "USER":
        this.#user = short(first);
        this.#realname = short(params.at(-1) ?? "");
        break;
      case "OPER":
        fields["target"] = short(first);
        fields["secret"] = true;
        break;
      case "JOIN":
        fields["target"] = short(first);
        // The key of a channel.
        if (second !== undefined) fields["secret"] = true;
        break;
      case "STARTTLS":
        this.#startsTls = true;
        break;
      case "CAP":
        capabilities(fields, params);
        break;
      default:
        this.#addressed(fields, params);
    }
    this.#tell(Side.toServer, command, fields);
  }

  #fromServer({ source, command, params }: Message): void {
    const numeric = /^\d/.test(command);
    // Of the replies only the welcome, topics, errors and STARTTLS tell something.
    if (numeric && !/^(?:001|332|4\d\d|5\d\d|67\d|69\d|90\d)$/.test(command)) return;
    const fields: Transaction = {};
    if (source !== undefined) fields["source"] = short(source);
    if (numeric) {
      if (command === "001") this.#nick = short(params[0] ?? "");
      // A reply's first parameter is the client itself.
      const target = params.length > 2 ? params[1] : params.length > 1 ? params[0] : undefined;
      if (target !== undefined) fields["target"] = short(target);
      fields["value"] = short(params.at(-1) ?? "");
    } else if (command === "CAP") capabilities(fields, params.slice(1));
    else if (command === "NICK") {
      fields["value"] = short(params[0] ?? "");
      if (this.#nick !== undefined && source?.split("!")[0] === this.#nick) this.#nick = short(params[0] ?? "");
    } else this.#addressed(fields, params);
    this.#tell(Side.toClient, command, fields);
    if (command === "670") this.#startTls();
  }

  /** Who it is for, and the text. */
  #addressed(fields: Transaction, params: readonly string[]): void {
    if (params.length === 0) return;
    const text = params.length > 1 ? (params.at(-1) as string) : undefined;
    if (text === undefined) {
      fields[/^[#&+!]/.test(params[0] as string) ? "target" : "value"] = short(params[0] as string);
      return;
    }
    fields["target"] = short(params[0] as string);
    // Services are told passwords in messages.
    const secret = /^(?::?(?:identify|login|register|ghost|auth)\b)/i.test(text);
    fields["value"] = secret ? text.split(" ")[0] : short(text);
    if (secret) fields["secret"] = true;
    const dcc = /\bDCC SEND "?([^"\s]+|[^"]+)"? \d+ \d+(?: (\d+))?/i.exec(text);
    if (dcc === null) return;
    fields["dcc_file_name"] = short(dcc[1] as string);
    if (dcc[2] !== undefined) fields["dcc_file_size"] = Number(dcc[2]);
  }

  #startTls(): void {
    this.#handed = true;
    // What is no TLS is found by content: captures that were decrypted go on with IRC.
    this.#context.handOver("tls");
  }

  #tell(side: Side, command: string, fields: Transaction): void {
    const event: Transaction = {};
    if (this.#nick !== undefined) event["nick"] = this.#nick;
    if (this.#user !== undefined) event["user"] = this.#user;
    if (command === "USER" && this.#realname !== undefined) event["realname"] = this.#realname;
    event["command"] = command;
    this.#context.emit("irc", side, this.#count++, Object.assign(event, fields));
  }
}

const short = (text: string): string => text.slice(0, textCharactersMax);

/** `CAP LS :multi-prefix sasl=PLAIN` (IRCv3). */
function capabilities(fields: Transaction, params: readonly string[]): void {
  const [verb = "", ...rest] = params;
  fields["value"] = short(verb.toUpperCase());
  const names = (rest.at(-1) ?? "").split(" ").filter((name) => name !== "" && name !== "*" && !/^30\d$/.test(name));
  if (names.length > 0) fields["capabilities"] = names.slice(0, capabilitiesMax).map(short);
}
