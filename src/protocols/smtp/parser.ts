import { type ByteView, latin1 } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { looseText } from "#base/loose-text.ts";
import { type Parser, type ParserContext, Side } from "#contract/parser.ts";
import { ChunkReader } from "#protocols/mime/chunk-reader.ts";
import { Login } from "#protocols/mime/login.ts";
import { lineBytesMax } from "#protocols/mime/message-reader.ts";
import { looseName, ReplyReader } from "./reply-reader.ts";
import { Mail, type Session } from "./transaction.ts";

/** Commands that wait for their answer; of more, the oldest is given up. */
const pendingMax = 128;
/** Characters of a command or answer that are read. */
const commandCharactersMax = 1024;

const DOT = 0x2e;
const TLS_HANDSHAKE = 0x16;

/** A command that waits for its answer. */
interface Pending {
  readonly verb: string;
  readonly mail: Mail;
}

/** What the client's next bytes are. */
type Mode = "commands" | "data" | "chunk" | "login" | "lost";

/**
 * RFC 5321 with pipelining (RFC 2920), CHUNKING (RFC 3030), AUTH (RFC 4954) and STARTTLS (RFC 3207). A mail is told
 * when its last command has been answered, or when the connection ends.
 */
export class SmtpParser implements Parser {
  readonly #context: ParserContext;
  readonly #lines: readonly [LineCutter, LineCutter] = [new LineCutter(lineBytesMax), new LineCutter(lineBytesMax)];
  readonly #session: Session = { helo: undefined, auth: undefined, user: undefined, accepted: undefined };
  readonly #pending: Pending[] = [];
  readonly #replies = new ReplyReader();
  readonly #chunks = new ChunkReader();
  #mode: Mode = "commands";
  #mail: Mail | undefined;
  #mails = 0;
  /** Mail whose last file is told with the next command. */
  #sent: Mail | undefined;
  #login: Login | undefined;
  #banner: string | undefined;
  #greeted = false;
  #serverLost = false;
  #handed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const begin = view.at;
    const at = side === Side.toServer ? this.#client(view) : this.#server(view);
    return at - begin;
  }

  gap(side: Side, missing: number): boolean {
    // What waited for the end of its line is gone too.
    const waiting = this.#mode === "chunk" ? this.#chunks.waiting : this.#lines[side].waiting;
    const bytes = missing + waiting;
    this.#lines[side].reset();
    if (side === Side.toClient) {
      // Nobody knows which answers were lost: those that wait are told without.
      this.#answerAll();
      this.#replies.reset();
      this.#serverLost = true;
      this.#greeted = true;
      return true;
    }
    const message = this.#mail?.message;
    if (this.#mode === "data" && message !== undefined) {
      message.gap(bytes);
      if (this.#mail !== undefined) this.#mail.size += bytes;
    } else if (this.#mode === "chunk" && message !== undefined) {
      const inside = this.#chunks.skip(bytes, message);
      if (this.#mail !== undefined) this.#mail.size += inside;
      if (inside < bytes) this.#mode = "lost";
      else if (this.#chunks.left === 0) this.#endChunk();
    } else this.#mode = "lost";
    return true;
  }

  end(): void {
    if (this.#mail?.message !== undefined && !this.#mail.over) this.#mail.message.finish(false);
    this.#closeSent();
    this.#answerAll();
    if (this.#mail !== undefined) this.#tell(this.#mail);
  }

  #client(view: ByteView): number {
    const lines = this.#lines[Side.toServer];
    let at = view.at;
    while (at < view.end && !this.#handed) {
      if (this.#mode === "chunk") {
        const next = this.#chunk(view, at);
        if (next === at) break;
        at = next;
        continue;
      }
      const waiting = this.#pending.at(-1);
      if (waiting?.verb === "STARTTLS" && view.bytes[at] === TLS_HANDSHAKE) {
        // The server's consent is missing in the capture.
        this.#startTls(waiting.mail);
        break;
      }
      if (!lines.next(view, at)) break;
      if (this.#mode === "data") this.#dataLine(view.bytes, at, lines);
      else if (this.#mode === "lost") {
        // The rest of a line whose beginning is missing.
        if (!lines.goesOn) this.#mode = "commands";
      } else if (!lines.continues) {
        this.#context.rules?.frame("frame:smtp.command_line", Side.toServer, view.bytes, at, lines.following, lines.following - at);
        this.#command(latin1(view.bytes, at, Math.min(lines.end, at + commandCharactersMax)));
      }
      at = lines.following;
    }
    return at;
  }

  #dataLine(bytes: Uint8Array, at: number, lines: LineCutter): void {
    const mail = this.#mail as Mail;
    if (mail.size === 0 && this.#greeted && this.#pending.at(-1)?.verb === "DATA")
      this.#context.anomaly(Side.toServer, "INVALID_PIPELINED_SEQUENCE");
    let from = at;
    if (!lines.continues && bytes[from] === DOT) {
      if (lines.end === from + 1 && !lines.goesOn) {
        this.#endMessage(mail);
        return;
      }
      // Dots at the beginning of a line were doubled (RFC 5321 §4.5.2).
      from++;
    }
    mail.size += lines.following - from;
    mail.message?.line(bytes, from, lines.end, lines.following, lines.continues);
  }

  #endMessage(mail: Mail): void {
    this.#mode = "commands";
    mail.message?.finish(true);
    mail.message = this.#rest(mail);
    mail.over = true;
    this.#wait(".", mail);
  }

  /** The message is over; its last file stays open until the next command. */
  #rest(mail: Mail): Mail["message"] {
    this.#closeSent();
    this.#sent = mail;
    return mail.message;
  }

  #closeSent(): void {
    this.#sent?.message?.closeFiles(true);
    this.#sent = undefined;
  }

  #chunk(view: ByteView, at: number): number {
    const mail = this.#mail as Mail;
    const next = this.#chunks.read(view, at, mail.message);
    mail.size += next - at;
    if (this.#chunks.left === 0) this.#endChunk();
    return next;
  }

  #endChunk(): void {
    const mail = this.#mail as Mail;
    this.#mode = "commands";
    if (!this.#chunks.last) {
      this.#wait("BDAT", mail);
      return;
    }
    this.#chunks.finish(mail.message);
    this.#endMessage(mail);
  }

  /** The mail that a command belongs to. */
  #current(): Mail {
    if (this.#mail === undefined || this.#mail.over) {
      this.#mail = new Mail(this.#mails++, this.#session);
      if (this.#mail.number === 0) this.#mail.banner = this.#banner;
    }
    return this.#mail;
  }

  #wait(verb: string, mail: Mail): void {
    if (this.#pending.length >= pendingMax) this.#answered(this.#pending.shift() as Pending);
    this.#pending.push({ verb, mail });
  }

  #command(line: string): void {
    this.#closeSent();
    if (this.#mode === "login") {
      // A command in place of an answer means that the exchange is over, though nobody said so.
      if (!/^(?:EHLO|HELO|MAIL|RCPT|QUIT|RSET|NOOP|DATA)\b/i.test(line)) {
        if (line !== "*") this.#login?.response(line);
        return;
      }
      this.#mode = "commands";
    }
    if (line.trim() === "") return;
    const [, word = "", rest = ""] = /^([A-Za-z-]*) *(.*)$/s.exec(line.trimEnd()) ?? [];
    const verb = word.toUpperCase();
    const fresh = this.#mail === undefined || this.#mail.over;
    if ((verb === "EHLO" || verb === "HELO") && this.#mail?.mailFrom !== undefined) this.#reset();
    if (fresh && this.#mails > 0 && (verb === "RSET" || verb === "STARTTLS" || verb === "NOOP")) {
      // Nothing begins with these.
      this.#wait(verb, this.#mail ?? new Mail(0, this.#session));
      return;
    }
    const mail = this.#current();
    switch (verb) {
      case "EHLO":
      case "HELO":
      case "LHLO":
        this.#session.helo = looseName(rest);
        break;
      case "MAIL":
        this.#path(mail, rest, "FROM:");
        break;
      case "RCPT":
        this.#path(mail, rest, "TO:");
        break;
      case "RSET":
        this.#reset();
        break;
      case "AUTH":
        this.#auth(rest);
        break;
      case "DATA":
        this.#beginMessage(mail);
        this.#mode = "data";
        break;
      case "BDAT":
        if (this.#bdat(mail, rest)) return;
        break;
      default:
    }
    this.#wait(verb, mail);
  }

  #path(mail: Mail, rest: string, word: string): void {
    if (rest.slice(0, word.length).toUpperCase() !== word) return;
    // Parameters of the command stand behind the address.
    const text = rest.slice(word.length).trim();
    const path = /^(?:<(?:"[^"]*"|[^">])*>|\S+)/.exec(text)?.[0];
    if (path === undefined) return;
    if (word === "TO:") mail.addRecipient(looseName(path));
    else if (mail.mailFrom === undefined) mail.mailFrom = looseName(path);
    else this.#context.anomaly(Side.toServer, "DUPLICATE_FIELDS");
  }

  /** The mail is given up (RSET, or a second greeting). */
  #reset(): void {
    if (this.#mail === undefined) return;
    this.#mail.message?.finish(false);
    this.#mail.over = true;
  }

  #auth(rest: string): void {
    const [mechanism = "", initial] = rest.split(/ +/);
    this.#login = new Login(mechanism);
    if (initial !== undefined && initial !== "=") this.#login.response(initial);
    this.#mode = "login";
  }

  #beginMessage(mail: Mail): void {
    if (mail.message !== undefined) return;
    const beside = () => ({ smtp: mail.event(), ...mail.beside() });
    mail.begin(
      (name) => this.#context.file(Side.toServer, mail.number, name === undefined ? { beside } : { name, beside }),
      (event) => this.#context.anomaly(Side.toServer, event),
    );
  }

  /** RFC 3030 §2. True when a chunk follows; its answer is waited for at its end. */
  #bdat(mail: Mail, rest: string): boolean {
    const [, size, last] = /^(\d{1,10})(?: +(LAST))?$/i.exec(rest.trim()) ?? [];
    if (size === undefined) {
      this.#context.anomaly(Side.toServer, "INVALID_BDAT");
      return false;
    }
    this.#beginMessage(mail);
    this.#mode = "chunk";
    this.#chunks.begin(Number(size), last !== undefined);
    if (this.#chunks.left === 0) this.#endChunk();
    return true;
  }

  #server(view: ByteView): number {
    const lines = this.#lines[Side.toClient];
    let at = view.at;
    while (at < view.end && !this.#handed && lines.next(view, at)) {
      if (!lines.continues && !this.#serverLost) {
        this.#context.rules?.frame("frame:smtp.response_line", Side.toClient, view.bytes, at, lines.following, lines.following - at);
        const code = this.#replies.line(looseText(view.bytes, at, Math.min(lines.end, at + commandCharactersMax)));
        if (code > 0) this.#replied(code, this.#replies.text);
        else if (code < 0) this.#context.anomaly(Side.toClient, "INVALID_REPLY");
      }
      if (!lines.goesOn) this.#serverLost = false;
      at = lines.following;
    }
    return at;
  }

  #replied(code: number, text: string): void {
    if (!this.#greeted) {
      this.#greeted = true;
      if (this.#pending.length === 0 || code === 220) {
        this.#banner = text;
        if (this.#mail?.number === 0) this.#mail.banner = text;
        return;
      }
    }
    if (code === 354) this.#goAhead();
    const next = this.#pending[0];
    if (next === undefined) {
      // The end of the message was lost, or the server did not wait for it.
      if (code >= 400 || code === 250) this.#cutShort(code, text);
      return;
    }
    if (next.verb === "AUTH" && code === 334) return;
    this.#pending.shift();
    next.mail.replyCode = code;
    next.mail.reply = text;
    if (next.verb === "AUTH") this.#authAnswered(code);
    else if (next.verb === "DATA" && code >= 400) this.#dataRefused(next.mail);
    else if (next.verb === "STARTTLS" && code === 220) this.#startTls(next.mail);
    else if (next.verb === "STARTTLS") this.#context.anomaly(Side.toClient, "TLS_REJECTED", `it was answered with ${code}`);
    this.#answered(next);
  }

  /** The server waits for a message, whether or not the command was seen. */
  #goAhead(): void {
    while (this.#pending.length > 0 && this.#pending[0]?.verb !== "DATA") this.#answered(this.#pending.shift() as Pending);
    if (this.#pending.length > 0 || (this.#mode !== "commands" && this.#mode !== "lost")) return;
    this.#beginMessage(this.#current());
    this.#mode = "data";
  }

  /** All that was said of a mail has been answered: it is told. */
  #answered(pending: Pending): void {
    if (pending.verb === "." || pending.verb === "RSET" || pending.verb === "QUIT") {
      pending.mail.over = true;
      this.#tell(pending.mail);
    }
  }

  #answerAll(): void {
    for (const pending of this.#pending.splice(0)) this.#answered(pending);
  }

  #authAnswered(code: number): void {
    const login = this.#login;
    this.#login = undefined;
    if (this.#mode === "login") this.#mode = "commands";
    if (login === undefined) return;
    this.#session.auth = login.mechanism;
    this.#session.user = login.user;
    this.#session.accepted = code < 300;
  }

  /** The server does not want the message; the client may have begun it all the same. */
  #dataRefused(mail: Mail): void {
    this.#context.anomaly(Side.toClient, "DATA_COMMAND_REJECTED");
    if (this.#mode !== "data" || mail !== this.#mail || mail.size > 0) return;
    this.#mode = "commands";
    mail.message = undefined;
    mail.email = undefined;
  }

  #cutShort(code: number, text: string): void {
    const mail = this.#mail;
    if (mail === undefined || this.#mode !== "data" || mail.size === 0) return;
    mail.message?.finish(false);
    this.#mode = "commands";
    mail.over = true;
    mail.replyCode = code;
    mail.reply = text;
    this.#tell(mail);
  }

  #startTls(mail: Mail): void {
    mail.starttls = true;
    this.#handed = true;
    // What is no TLS is found by content: captures that were decrypted go on with mail.
    this.#context.handOver("tls");
  }

  #tell(mail: Mail): void {
    if (mail.told) return;
    mail.told = true;
    this.#context.emit("smtp", Side.toServer, mail.number, mail.event(), mail.beside());
  }
}
