import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, FINISHED, otherSide, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";
import { Command, commandName, methodName, place, placeBytes, REFUSED, reply4Name, replyName, request4 } from "./messages.ts";

/** What is expected next of a side. */
const At = { greeting: 0, login: 1, request: 2, method: 3, verdict: 4, reply: 5, reply4: 6, wait: 7 } as const;
type At = (typeof At)[keyof typeof At];

/**
 * Reads the opening of a SOCKS connection (RFC 1928, RFC 1929, SOCKS 4 and 4a) and hands over what travels through the
 * proxy. The client is whoever greets: proxies that call back exist.
 *
 *     client   greeting ──────────► [login] ─────────► request ───────► wait
 *     server            method ────► [verdict] ─────────────► reply ──► hand over
 */
export class SocksParser implements Parser {
  readonly #context: ParserContext;
  readonly #fields: Transaction = { version: 5 };
  #client: Side | undefined = undefined;
  #ask: At = At.greeting;
  #answer: At = At.method;
  #command = 0;
  #method = 0;
  /** Set when a BIND was accepted: a second reply tells who called. */
  #bound = false;
  #begun = false;
  #handed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, view, at: start, end }: ByteView): number {
    if (this.#client === undefined) {
      // Proxies that call back may say who they are before they are greeted.
      if (bytes[start] !== 0 && bytes[start] !== 4 && bytes[start] !== 5) return end - start;
      if (bytes[start] === 5 && end - start < 2) return 0;
      // No list of methods is empty or so long: the server's choice came first.
      const answers = bytes[start] === 0 || (bytes[start] === 5 && (bytes[start + 1] === 0 || bytes[start + 1] === REFUSED));
      this.#client = answers ? otherSide(side) : side;
    }
    let at = start;
    while (at < end && !this.#handed) {
      const next = side === this.#client ? this.#asked(bytes, view, at, end) : this.#answered(bytes, view, at, end);
      if (next < 0) return next;
      if (next === at) break;
      at = next;
    }
    return at - start;
  }

  gap(): boolean {
    return false;
  }

  end(): void {
    if (this.#begun) this.#tell();
  }

  #asked(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (this.#ask === At.wait) return at;
    const version = bytes[at];
    if (this.#ask === At.greeting) return version === 4 ? this.#request4(bytes, view, at, end) : this.#greeting(bytes, at, end);
    // Which of the two comes is known before the server's choice only from the bytes.
    if (version === 1 && this.#ask === At.login) return this.#login(bytes, at, end);
    return version === 5 ? this.#request(bytes, view, at, end) : FAILED;
  }

  #greeting(bytes: Uint8Array, at: number, end: number): number {
    const count = bytes[at + 1] ?? 0;
    if (end - at < 2 || end - at < 2 + count) return at;
    if (bytes[at] !== 5 || count === 0) return FAILED;
    this.#begun = true;
    this.#ask = At.login;
    this.#fields["methods"] = Array.from(bytes.subarray(at + 2, at + 2 + count), methodName);
    return at + 2 + count;
  }

  /** RFC 1929 §2. The password is gone past. */
  #login(bytes: Uint8Array, at: number, end: number): number {
    const userBytes = bytes[at + 1] ?? 0;
    if (end - at < 3 + userBytes) return at;
    const passwordBytes = bytes[at + 2 + userBytes] as number;
    const stop = at + 3 + userBytes + passwordBytes;
    if (stop > end) return at;
    this.#fields["user"] = looseText(bytes, at + 2, at + 2 + userBytes);
    this.#ask = At.request;
    return stop;
  }

  /** RFC 1928 §4. */
  #request(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (end - at < 5) return at;
    const length = placeBytes(bytes, at + 3, end);
    if (length < 0) return FAILED;
    if (length === 0 || end - at < 3 + length) return at;
    this.#command = bytes[at + 1] as number;
    this.#wanted(place(view, bytes, at + 3));
    return at + 3 + length;
  }

  #request4(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    const request = request4(view, bytes, at, end);
    if (request === "more") return at;
    if (request === undefined) return FAILED;
    this.#begun = true;
    this.#fields["version"] = 4;
    if (request.user !== "") this.#fields["user"] = request.user;
    this.#command = request.command;
    this.#answer = At.reply4;
    this.#wanted(request.place);
    return request.place.end;
  }

  #wanted({ host, port }: { host: string; port: number }): void {
    this.#fields["command"] = commandName(this.#command);
    this.#fields["request_host"] = host;
    this.#fields["request_port"] = port;
    this.#ask = At.wait;
  }

  #answered(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (this.#answer === At.reply4) return this.#reply4(bytes, view, at, end);
    if (this.#answer === At.method) return this.#chosen(bytes, at, end);
    if (this.#answer === At.verdict) return this.#verdict(bytes, at, end);
    return this.#reply(bytes, view, at, end);
  }

  #chosen(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return at;
    if (bytes[at] !== 5) return FAILED;
    this.#begun = true;
    this.#method = bytes[at + 1] as number;
    this.#fields["method"] = methodName(this.#method);
    if (this.#method === REFUSED) return FINISHED;
    // What other methods exchange, and whether it encrypts what follows, is their own matter.
    if (this.#method !== 0 && this.#method !== 2) return FINISHED;
    this.#answer = this.#method === 2 ? At.verdict : At.reply;
    return at + 2;
  }

  #verdict(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return at;
    this.#fields["auth"] = bytes[at + 1] === 0 ? "success" : "failure";
    if (bytes[at + 1] !== 0) return FINISHED;
    this.#answer = At.reply;
    return at + 2;
  }

  #reply(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (end - at < 5) return at;
    const length = placeBytes(bytes, at + 3, end);
    if (bytes[at] !== 5 || length < 0) return FAILED;
    if (length === 0 || end - at < 3 + length) return at;
    this.#replied(replyName(bytes[at + 1] as number), bytes[at + 1] === 0, place(view, bytes, at + 3));
    return bytes[at + 1] === 0 ? at + 3 + length : FINISHED;
  }

  #reply4(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (end - at < 8) return at;
    const code = bytes[at + 1] as number;
    if (bytes[at] !== 0 || code < 90 || code > 93) return FAILED;
    const address = { host: `${bytes[at + 4]}.${bytes[at + 5]}.${bytes[at + 6]}.${bytes[at + 7]}`, port: view.getUint16(at + 2) };
    this.#replied(reply4Name(code), code === 90, address);
    return code === 90 ? at + 8 : FINISHED;
  }

  #replied(status: string, good: boolean, { host, port }: { host: string; port: number }): void {
    this.#fields["status"] = status;
    this.#fields["bound_host"] = host;
    this.#fields["bound_port"] = port;
    if (!good) return;
    if (this.#command === Command.bind && !this.#bound) {
      this.#bound = true;
      return;
    }
    if (this.#command === Command.associate) {
      if (port > 0) this.#context.expect({ transport: "udp", listener: "server", port, protocol: "socks_udp" });
      return;
    }
    this.#handed = true;
    this.#tell();
    this.#context.handOver();
  }

  #tell(): void {
    this.#begun = false;
    this.#context.emit("socks", this.#client ?? 0, 0, this.#fields);
  }
}
