import { ByteView } from "#base/bytes.ts";
import { FINISHED, type InnerStream, otherSide, type ParserContext, type Side } from "#contract/parser.ts";
import { readProtocolNames } from "./client-hello.ts";
import { Extension } from "./extensions.ts";
import { HandshakeReader } from "./handshake-reader.ts";
import { isTls13 } from "./names.ts";
import { TlsParser } from "./parser.ts";
import { Opener13, openers12, type RecordOpener, type Suite, suiteOf } from "./record-openers.ts";
import { ContentType, Handshake, HEADER_BYTES, headerTrouble, payloadBytes } from "./records.ts";
import { parseServerHello, type ServerHello } from "./server-hello.ts";

const ENCRYPTED_EXTENSIONS = 8;
const END_OF_EARLY_DATA = 5;
const FINISHED_MESSAGE = 20;
const KEY_UPDATE = 24;
const RANDOM_BYTES = 32;
const ENCRYPT_THEN_MAC = 22;

/** Protocol names (RFC 7301) whose parser is known by name; the others are found by content. */
const PROTOCOLS: { readonly [alpn: string]: string } = { h2: "http2", "http/1.1": "http", "http/1.0": "http", dot: "dns" };

/** One side's records: what opens them, and their handshake messages. */
interface SealedSide {
  opener: RecordOpener | undefined;
  /** True once the side has begun to encrypt (up to TLS 1.2). */
  sealed: boolean;
  readonly messages: HandshakeReader;
}

/**
 * Reads a connection whose secrets may be known: until the server's hello like any other, in whole records; then, when
 * there are secrets for the client's random, it opens the records. Messages of the handshake go the way of those in the
 * clear, so that the event also tells what TLS 1.3 hides; application data goes into a stream inside.
 */
export class DecryptingParser extends TlsParser {
  readonly #sides: readonly [SealedSide, SealedSide];
  readonly #record = new ByteView();
  #client: Side = 0;
  #clientRandom = new Uint8Array(0);
  #alpns: readonly string[] = [];
  #suite: Suite | undefined = undefined;
  #is13 = false;
  /** True once it is known that nothing can be opened. */
  #hopeless = false;
  #inner: InnerStream | undefined = undefined;

  constructor(context: ParserContext) {
    super(context);
    this.#sides = [this.#newSide(0), this.#newSide(1)];
  }

  override data(side: Side, view: ByteView): number {
    let at = view.at;
    while (!this.#hopeless) {
      if (view.end - at < HEADER_BYTES) return at - view.at;
      if (headerTrouble(view.view, at) !== undefined) {
        this.#giveUp();
        break;
      }
      const end = at + HEADER_BYTES + payloadBytes(view.view, at);
      if (end > view.end) return at - view.at;
      this.#whole(side, view, at, end);
      at = end;
      if (this.#inner?.done === true) return FINISHED;
    }
    const record = this.#record;
    record.bytes = view.bytes;
    record.view = view.view;
    record.at = at;
    record.end = view.end;
    const taken = super.data(side, record);
    return taken < 0 ? taken : at - view.at + taken;
  }

  override gap(side: Side, bytes: number): boolean {
    this.#giveUp();
    return super.gap(side, bytes);
  }

  override end(): void {
    this.#giveUp();
    super.end();
  }

  override message(side: Side, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (type === Handshake.clientHello && end - at >= 2 + RANDOM_BYTES) {
      this.#client = side;
      this.#clientRandom = bytes.slice(at + 2, at + 2 + RANDOM_BYTES);
    } else if (type === Handshake.serverHello) {
      const hello = parseServerHello(bytes, view, at, end);
      if (hello !== undefined && !hello.retry) this.#agreed(side, hello, bytes.slice(at + 2, at + 2 + RANDOM_BYTES));
    }
    if (this.#is13 && type !== Handshake.serverHello && type !== Handshake.clientHello) this.#hidden(side, type, bytes, view, at, end);
    else super.message(side, type, bytes, view, at, end);
  }

  #newSide(side: Side): SealedSide {
    // Messages that were sealed are read to the end even when the event is told already.
    const listener = { done: false, message: this.message.bind(this), partialHello: () => undefined };
    return { opener: undefined, sealed: false, messages: new HandshakeReader(side, listener) };
  }

  /** The server has chosen: are there secrets? */
  #agreed(side: Side, hello: ServerHello, serverRandom: Uint8Array): void {
    const { secrets, ciphers } = this.context.platform;
    const suite = suiteOf(hello.cipher);
    this.#client = otherSide(side);
    this.#alpns = hello.alpns;
    if (suite === undefined || this.#suite !== undefined) {
      this.#hopeless = true;
      return;
    }
    const client = this.#sides[this.#client];
    const server = this.#sides[side];
    if (isTls13(hello.version)) {
      this.#is13 = true;
      client.opener = this.#opener13(suite, "CLIENT_EARLY_TRAFFIC_SECRET") ?? this.#opener13(suite, "CLIENT_HANDSHAKE_TRAFFIC_SECRET");
      server.opener = this.#opener13(suite, "SERVER_HANDSHAKE_TRAFFIC_SECRET");
      this.hold = server.opener !== undefined;
    } else {
      const master = secrets.find("CLIENT_RANDOM", this.#clientRandom);
      if (master !== undefined) {
        const macOutside = hello.extensions.includes(ENCRYPT_THEN_MAC);
        const agreement = { version: hello.version, suite, master, clientRandom: this.#clientRandom, serverRandom, macOutside };
        [client.opener, server.opener] = openers12(ciphers, agreement);
      }
    }
    this.#suite = suite;
    if (client.opener === undefined || server.opener === undefined) this.#giveUp();
  }

  #opener13(suite: Suite, label: string): Opener13 | undefined {
    const { secrets, ciphers } = this.context.platform;
    const secret = secrets.find(label, this.#clientRandom);
    return secret === undefined ? undefined : new Opener13(ciphers, suite, secret);
  }

  /** One whole record. */
  #whole(side: Side, view: ByteView, at: number, end: number): void {
    const own = this.#sides[side];
    const type = view.view.getUint8(at);
    const sealed = this.#is13 ? type === ContentType.applicationData : own.sealed;
    if (!sealed || own.opener === undefined) {
      const record = this.#record;
      record.bytes = view.bytes;
      record.view = view.view;
      record.at = at;
      record.end = end;
      super.data(side, record);
      if (type === ContentType.changeCipherSpec && !this.#is13) own.sealed = true;
      return;
    }
    const text = own.opener.open(view.bytes, at, end) ?? this.#withLaterKeys(side, own, view.bytes, at, end);
    if (text === undefined) {
      this.#giveUp();
      return;
    }
    if (!this.#is13) this.#opened(side, type, text, text.length);
    else {
      let last = text.length - 1;
      while (last >= 0 && text[last] === 0) last--;
      if (last >= 0) this.#opened(side, text[last] as number, text, last);
    }
  }

  /** Early data that the server refused, or that ended without a word, is followed by the handshake's keys. */
  #withLaterKeys(side: Side, own: SealedSide, bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
    if (!this.#is13 || side !== this.#client || this.#suite === undefined) return undefined;
    const opener = this.#opener13(this.#suite, "CLIENT_HANDSHAKE_TRAFFIC_SECRET");
    const text = opener?.open(bytes, at, end);
    if (text !== undefined) own.opener = opener;
    return text;
  }

  #opened(side: Side, type: number, text: Uint8Array, length: number): void {
    if (type === ContentType.handshake) {
      const view = new DataView(text.buffer, text.byteOffset, text.byteLength);
      this.#sides[side].messages.read(text, view, 0, length);
    } else if (type === ContentType.applicationData) {
      this.#inner ??= this.context.inner(PROTOCOLS[this.#alpns[0] ?? ""]);
      if (this.#inner === undefined) this.#giveUp();
      else this.#inner.data(side, text, 0, length);
    }
  }

  /** A message of the handshake that TLS 1.3 hides. */
  #hidden(side: Side, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const isClient = side === this.#client;
    if (type === ENCRYPTED_EXTENSIONS) this.#extensions(bytes, view, at, end);
    else if (type === Handshake.certificate) {
      const plain = withoutExtensions(bytes, view, at, end);
      super.message(side, type, plain, new DataView(plain.buffer), 0, plain.length);
    } else if (type === END_OF_EARLY_DATA && isClient) this.#next(side, "CLIENT_HANDSHAKE_TRAFFIC_SECRET");
    else if (type === FINISHED_MESSAGE) {
      this.#next(side, isClient ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0");
      if (!isClient) this.#release();
    } else if (type === KEY_UPDATE) {
      const { opener } = this.#sides[side];
      if (opener instanceof Opener13) opener.update();
    }
  }

  #next(side: Side, label: string): void {
    const opener = this.#suite === undefined ? undefined : this.#opener13(this.#suite, label);
    if (opener === undefined) this.#giveUp();
    else this.#sides[side].opener = opener;
  }

  #extensions(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const names: string[] = [];
    for (let i = at + 2; i + 4 <= end; ) {
      const stop = i + 4 + view.getUint16(i + 2);
      if (stop > end) break;
      if (view.getUint16(i) === Extension.alpn) readProtocolNames(bytes, view, i + 4, stop, names);
      i = stop;
    }
    this.#alpns = names;
    if (names.length > 0) this.serverAlpns(names);
  }

  /** The handshake is known in full. */
  #release(): void {
    if (!this.hold) return;
    this.hold = false;
    this.conclude();
  }

  #giveUp(): void {
    this.#hopeless = true;
    this.#inner?.end();
    this.#release();
  }
}

/** A certificate message of TLS 1.3 (RFC 8446 §4.4.2) as it was before: without context and extensions. */
function withoutExtensions(bytes: Uint8Array, view: DataView, at: number, end: number): Uint8Array {
  const plain = new Uint8Array(end - at + 3);
  let length = 3;
  let i = at < end ? at + 1 + view.getUint8(at) + 3 : end;
  while (i + 3 <= end) {
    const stop = i + 3 + (view.getUint8(i) << 16) + view.getUint16(i + 1);
    if (stop + 2 > end) break;
    plain.set(bytes.subarray(i, stop), length);
    length += stop - i;
    i = stop + 2 + view.getUint16(stop);
  }
  return plain.slice(0, length);
}
