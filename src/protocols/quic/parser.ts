import type { ByteView } from "#base/bytes.ts";
import { FINISHED, otherSide, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { parseClientHello } from "#protocols/tls/client-hello.ts";
import { Handshake } from "#protocols/tls/records.ts";
import { parseServerHello } from "#protocols/tls/server-hello.ts";
import { type CryptoMessage, CryptoStream } from "./crypto-stream.ts";
import { addClientHello, addServerHello, packetFields } from "./events.ts";
import { type FrameListener, readFrames } from "./frames.ts";
import { clearHello, cyu, type GoogleHello, publicContent, publicVersionAt, readHello, readSealedFrames } from "./google.ts";
import { isLong, type LongHeader, PacketType, readLongHeader } from "./long-header.ts";
import { initialKeys, type OpenedPacket, openPacket, type PacketKeys } from "./protection.ts";
import { SealedConnection } from "./sealed-connection.ts";
import { Dialect, versionText } from "./versions.ts";

/** Times that keys are derived for one flow: each new identifier or version of a client may need it. */
export const derivationsMax = 16;
/** Events of one flow that tell no hello. */
export const bareEventsMax = 32;
/** Hellos of one flow that are told. */
export const hellosMax = 16;
/** Datagrams without news after which the flow is left alone. */
export const quietDatagramsMax = 64;
const versionsMax = 64;
const NO_BYTES = new Uint8Array(0);

/** What one side of the handshake has said so far. */
class SideState {
  crypto = new CryptoStream();
  /** True when its hello was told: what follows is encrypted with keys that nobody can derive. */
  told = false;
  /** Number after the largest that was read. */
  expected = 0;
}

/**
 * Reads the packets of a handshake that can be decrypted with what they say in the clear, and tells one event for each
 * until the side's hello is known. Who is the client is taken from whose packets fit the client's keys: a capture may
 * begin anywhere.
 */
export class QuicParser implements Parser, FrameListener {
  readonly #context: ParserContext;
  #sides = [new SideState(), new SideState()] as const;
  #client: Side = Side.toServer;
  #keys: readonly [PacketKeys, PacketKeys] | undefined = undefined;
  /** Version and identifier that the keys are derived from. */
  #version = 0;
  #id = new Uint8Array(0);
  #derivations = 0;
  #clientRandom: Uint8Array | undefined = undefined;
  #sealed: SealedConnection | undefined = undefined;
  #bare = 0;
  #hellos = 0;
  #quiet = 0;
  #txId = 0;
  /** Version of the packet that is told next. */
  #shown = 0;
  /** Side of the packet being read, and the errors that close the connection in it. */
  #side: Side = Side.toServer;
  readonly #errors: number[] = [];
  /** The hello of Google's handshake in it. */
  #chlo: GoogleHello | undefined = undefined;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, end } = input;
    this.#side = side;
    this.#quiet++;
    let at = input.at;
    while (at < end && isLong(view, at)) {
      const header = readLongHeader(view, at, end);
      if (header === undefined) break;
      // What follows a side's hello in its datagrams is encrypted.
      const sealed = this.#sides[side].told && header.type !== PacketType.retry && header.type !== PacketType.negotiation;
      if (!sealed) this.#long(bytes, view, at, header);
      else if (this.#sealed === undefined) break;
      else this.#sealed.long(side, bytes, at, header);
      at = header.end;
    }
    if (at < end && !isLong(view, at)) {
      if (this.#sealed !== undefined) this.#sealed.short(side, bytes, at, end);
      else if (at === input.at) this.#public(bytes, view, at, end);
    }
    return this.#over ? FINISHED : input.length;
  }

  get #over(): boolean {
    if (this.#sealed !== undefined) return this.#sealed.done;
    return this.#quiet > quietDatagramsMax || (this.#sides[0].told && this.#sides[1].told);
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    this.#sealed?.end();
  }

  crypto(offset: number, text: Uint8Array, from: number, to: number): void {
    const view = new DataView(text.buffer, text.byteOffset, text.byteLength);
    this.#chlo = readHello(text, view, from, to);
    if (this.#chlo === undefined) this.#sides[this.#side].crypto.add(offset, text, from, to);
  }

  stream(): void {}

  close(code: number): void {
    this.#errors.push(code);
  }

  #long(bytes: Uint8Array, view: DataView, at: number, header: LongHeader): void {
    const { type, version, dialect } = header;
    if (type === PacketType.negotiation) this.#negotiation(bytes, view, header);
    else if (type === PacketType.retry) this.#retry(bytes, header);
    else if (dialect === Dialect.googleLong) {
      const fields = this.#fields(version, header, bytes);
      this.#google(fields, version, clearHello(bytes, view, header.numberAt, header.end, version));
    } else if (type === PacketType.initial) this.#initial(bytes, at, header);
    else this.#bareEvent(this.#fields(version, header, bytes));
  }

  /** The server knows none of the client's version: a new connection follows. */
  #negotiation(bytes: Uint8Array, view: DataView, header: LongHeader): void {
    const fields = this.#fields(0, header, bytes);
    fields["type"] = "version_negotiation";
    const versions: string[] = [];
    for (let i = header.numberAt; i + 4 <= header.end && versions.length < versionsMax; i += 4)
      versions.push(versionText(view.getUint32(i)));
    fields["versions"] = versions;
    this.#bareEvent(fields);
    this.#restart();
  }

  /** The client must begin again with the identifier that the server gives it (RFC 9000 §8.1.2). */
  #retry(bytes: Uint8Array, header: LongHeader): void {
    if (this.#side === this.#client && this.#keys !== undefined) return;
    this.#bareEvent({ ...this.#fields(header.version, header, bytes), type: "retry" });
    this.#restart();
  }

  #restart(): void {
    this.#keys = undefined;
    this.#sealed = undefined;
    this.#sides = [new SideState(), new SideState()];
  }

  #initial(bytes: Uint8Array, at: number, header: LongHeader): void {
    const opened = this.#open(bytes, at, header);
    const fields = this.#fields(header.version, header, bytes);
    if (opened === undefined) {
      if (header.dialect === Dialect.unknown) this.#bareEvent(fields);
      return;
    }
    const state = this.#sides[this.#side];
    state.expected = Math.max(state.expected, opened.number + 1);
    // To set the length of an array costs a call into the engine's runtime.
    if (this.#errors.length > 0) this.#errors.length = 0;
    this.#chlo = undefined;
    if (header.dialect === Dialect.googleSealed) readSealedFrames(opened.text, this);
    else if (!readFrames(opened.text, this)) this.#context.anomaly(this.#side, "error_on_data");
    if (this.#chlo !== undefined) {
      this.#google(fields, header.version, this.#chlo);
      return;
    }
    const error = this.#errors[0];
    if (error !== undefined) fields["error"] = `0x${error.toString(16)}`;
    let hellos = 0;
    for (let message = state.crypto.next(); message !== undefined; message = state.crypto.next())
      if (this.#message(hellos === 0 ? fields : this.#fields(header.version, header, bytes), message, state, header)) hellos++;
    if (hellos === 0) this.#bareEvent(fields);
  }

  /** True when the message was a hello and is told. */
  #message(fields: Transaction, message: CryptoMessage, state: SideState, header: LongHeader): boolean {
    const { bytes, at, end } = message;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { platform } = this.#context;
    if (this.#hellos >= hellosMax) return false;
    if (message.type === Handshake.clientHello) {
      const hello = parseClientHello(bytes, view, at, end);
      if (hello === undefined) return false;
      addClientHello(fields, hello, platform);
      state.told = true;
      if (!platform.secrets.empty) this.#clientRandom = bytes.slice(at + 2, at + 34);
    } else if (message.type === Handshake.serverHello) {
      const hello = parseServerHello(bytes, view, at, end);
      if (hello === undefined) return false;
      addServerHello(fields, hello, platform);
      // A second hello of the client follows when the server asks for one.
      if (hello.retry) this.#sides[otherSide(this.#side)].told = false;
      else state.told = true;
      if (state.told && this.#clientRandom !== undefined) this.#unseal(hello.cipher, this.#clientRandom, header);
    } else return false;
    this.#tell(fields);
    this.#hellos++;
    return true;
  }

  /** The hellos are known: with the connection's secrets, what follows them is read too. */
  #unseal(cipher: number, clientRandom: Uint8Array, { version, to, toEnd, from, fromEnd }: LongHeader): void {
    const client = this.#client;
    const lengths = [toEnd - to, fromEnd - from] as const;
    const facts = { client, version, cipher, clientRandom, idBytes: client === 0 ? lengths : ([lengths[1], lengths[0]] as const) };
    this.#sealed = SealedConnection.open(this.#context, facts, (names) => {
      this.#tell({ ...this.#fields(version, undefined, NO_BYTES), server_alpns: names });
    });
  }

  /** Takes the protection off; finds the keys, and who is the client, when need be. */
  #open(bytes: Uint8Array, at: number, header: LongHeader): OpenedPacket | undefined {
    const keys = this.#keysFor(header.version);
    if (keys !== undefined) {
      const opened = this.#tryKeys(keys[this.#side === this.#client ? 0 : 1], bytes, at, header, this.#sides[this.#side].expected);
      if (opened !== undefined) return opened;
    }
    // Perhaps a first packet of a client: its keys follow from the identifier that it made up.
    const id = bytes.slice(header.to, header.toEnd);
    const fresh = this.#derive(header.version, id);
    const opened = fresh === undefined ? undefined : this.#tryKeys(fresh[0], bytes, at, header, 0);
    if (opened === undefined) return undefined;
    if (this.#keys !== undefined) this.#restart();
    this.#keys = fresh;
    this.#version = header.version;
    this.#id = id;
    this.#client = this.#side;
    return opened;
  }

  /** The connection's keys for a version: the server may answer in another one that fits (RFC 9368). */
  #keysFor(version: number): readonly [PacketKeys, PacketKeys] | undefined {
    if (this.#keys === undefined || version === this.#version) return this.#keys;
    return this.#derive(version, this.#id);
  }

  #derive(version: number, id: Uint8Array): readonly [PacketKeys, PacketKeys] | undefined {
    if (this.#derivations >= derivationsMax) return undefined;
    this.#derivations++;
    return initialKeys(this.#context.platform.ciphers, version, id);
  }

  #tryKeys(keys: PacketKeys, bytes: Uint8Array, at: number, header: LongHeader, expected: number): OpenedPacket | undefined {
    return openPacket(this.#context.platform.ciphers, keys, bytes, at, header.numberAt, header.end, expected);
  }

  /** A packet behind the public header, of which only those with a version are read. */
  #public(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const content = publicContent(view, at, end);
    if (content === 0) return;
    const version = view.getUint32(publicVersionAt(view, at));
    const hello = clearHello(bytes, view, content, end, version);
    if (hello !== undefined || this.#txId === 0) this.#google(this.#fields(version, undefined, bytes), version, hello);
  }

  #google(fields: Transaction, version: number, hello: GoogleHello | undefined): void {
    if (hello === undefined) {
      this.#bareEvent(fields);
      return;
    }
    if (this.#hellos++ >= hellosMax) return;
    if (hello.sni !== undefined) fields["sni"] = hello.sni;
    if (hello.userAgent !== undefined) fields["ua"] = hello.userAgent;
    const fingerprint = cyu(hello, version, this.#context.platform);
    if (fingerprint !== undefined) fields["cyu"] = [fingerprint];
    this.#tell(fields);
  }

  #bareEvent(fields: Transaction): void {
    if (this.#bare++ < bareEventsMax) this.#tell(fields);
  }

  #fields(version: number, header: LongHeader | undefined, bytes: Uint8Array): Transaction {
    this.#shown = version;
    return packetFields(version, header, bytes);
  }

  #tell(fields: Transaction): void {
    this.#quiet = 0;
    const { rules } = this.#context;
    const txId = this.#txId++;
    if (rules?.wants("quic.version") === true) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, this.#shown);
      rules.value("quic.version", this.#side, txId, bytes, 0, 4);
    }
    this.#context.emit("quic", this.#side, txId, fields);
  }
}
