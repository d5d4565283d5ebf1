import { type InnerStream, otherSide, type ParserContext, type Side } from "#contract/parser.ts";
import type { MacHash, SealCipher } from "#contract/platform.ts";
import { readProtocolNames } from "#protocols/tls/client-hello.ts";
import { Extension } from "#protocols/tls/extensions.ts";
import { expandLabel, hashBytes } from "#protocols/tls/hkdf.ts";
import { OrderedBytes } from "#protocols/tls/ordered-bytes.ts";
import { suiteOf } from "#protocols/tls/record-openers.ts";
import { CryptoStream } from "./crypto-stream.ts";
import { type FrameListener, readFrames } from "./frames.ts";
import { type LongHeader, PacketType } from "./long-header.ts";
import { type OpenedPacket, openPacket, type PacketKeys, packetKeys } from "./protection.ts";
import { VERSION_2 } from "./versions.ts";

/** Packets in a row that no key opens, after which the connection is left alone. */
export const failuresMax = 32;
/** Streams that are read at once and in all, and bytes of each side of one. */
export const openStreamsMax = 64;
export const streamsMax = 4096;
export const streamBytesMax = 65_536;
const streamPiecesMax = 64;
const ENCRYPTED_EXTENSIONS = 8;
/** Bit of a stream's number that says: one side only (RFC 9000 §2.1). */
const UNIDIRECTIONAL = 2;

/** Where a connection's secrets come from, and what the hellos agreed on. */
export interface SealedFacts {
  readonly client: Side;
  readonly version: number;
  readonly cipher: number;
  readonly clientRandom: Uint8Array;
  /** Bytes of the identifiers that the client and the server chose for themselves, by side. */
  readonly idBytes: readonly [number, number];
}

interface Stream {
  readonly inner: InnerStream;
  readonly content: readonly [OrderedBytes, OrderedBytes];
  /** Bytes of each side that were handed on, and how many there are in all once that is known. */
  readonly given: [number, number];
  readonly total: [number, number];
}

interface SealSuite {
  readonly cipher: SealCipher;
  readonly keyBytes: number;
  readonly hash: MacHash;
}

/** Keys of one side for its packets with application data, and the secret that the next ones follow from. */
interface Generation {
  readonly secret: Uint8Array;
  readonly keys: PacketKeys;
}

/** Opens what follows the hellos of a connection whose secrets are known: the chosen protocol, and the streams' data. */
export class SealedConnection implements FrameListener {
  readonly #context: ParserContext;
  readonly #facts: SealedFacts;
  readonly #suite: SealSuite;
  readonly #handshake: readonly [PacketKeys | undefined, PacketKeys | undefined];
  readonly #data: [Generation | undefined, Generation | undefined];
  readonly #expected: [number, number] = [0, 0];
  readonly #crypto = [new CryptoStream(), new CryptoStream()] as const;
  /** The streams by number; those that were told in full are `undefined`. */
  readonly #streams = new Map<number, Stream | undefined>();
  #openStreams = 0;
  readonly #onProtocol: (names: readonly string[]) => void;
  #alpn = "";
  #failures = 0;
  /** Side and level of the packet being read. */
  #side: Side = 0;
  #inHandshake = false;

  private constructor(context: ParserContext, facts: SealedFacts, suite: SealSuite, onProtocol: (names: readonly string[]) => void) {
    this.#context = context;
    this.#facts = facts;
    this.#suite = suite;
    this.#onProtocol = onProtocol;
    this.#handshake = [this.#generation("HANDSHAKE_TRAFFIC_SECRET", 0)?.keys, this.#generation("HANDSHAKE_TRAFFIC_SECRET", 1)?.keys];
    this.#data = [this.#generation("TRAFFIC_SECRET_0", 0), this.#generation("TRAFFIC_SECRET_0", 1)];
  }

  /** `undefined` when nothing of the connection can be opened. `onProtocol` hears what application protocol was chosen. */
  static open(context: ParserContext, facts: SealedFacts, onProtocol: (names: readonly string[]) => void): SealedConnection | undefined {
    const suite = suiteOf(facts.cipher);
    if (suite === undefined || suite.cipher === "aes-cbc") return undefined;
    const { cipher, keyBytes, hash } = suite;
    const connection = new SealedConnection(context, facts, { cipher, keyBytes, hash }, onProtocol);
    return connection.#useful ? connection : undefined;
  }

  get done(): boolean {
    return this.#failures >= failuresMax;
  }

  get #useful(): boolean {
    return [...this.#handshake, ...this.#data].some((keys) => keys !== undefined);
  }

  /** A packet of the handshake. Others with long headers are stepped over. */
  long(side: Side, bytes: Uint8Array, at: number, header: LongHeader): void {
    const keys = this.#handshake[side];
    if (header.type !== PacketType.handshake || keys === undefined) return;
    this.#side = side;
    this.#inHandshake = true;
    const opened = openPacket(this.#context.platform.ciphers, keys, bytes, at, header.numberAt, header.end, 0);
    if (opened === undefined) this.#failures++;
    else readFrames(opened.text, this);
    this.#messages(this.#crypto[side]);
  }

  /** A packet with a short header: it fills the rest of the datagram (RFC 9000 §17.3). */
  short(side: Side, bytes: Uint8Array, at: number, end: number): void {
    const numberAt = at + 1 + this.#facts.idBytes[otherSide(side)];
    this.#side = side;
    this.#inHandshake = false;
    const opened = this.#opened(side, bytes, at, numberAt, end);
    if (opened === undefined) {
      this.#failures++;
      return;
    }
    this.#failures = 0;
    this.#expected[side] = Math.max(this.#expected[side], opened.number + 1);
    readFrames(opened.text, this);
  }

  end(): void {
    for (const stream of this.#streams.values()) stream?.inner.end();
    this.#streams.clear();
  }

  crypto(offset: number, text: Uint8Array, from: number, to: number): void {
    if (this.#inHandshake) this.#crypto[this.#side].add(offset, text, from, to);
  }

  stream(id: number, offset: number, text: Uint8Array, from: number, to: number, last: boolean): void {
    if ((id & UNIDIRECTIONAL) !== 0) return;
    const stream = this.#streams.has(id) ? this.#streams.get(id) : this.#newStream(id);
    if (stream === undefined) return;
    const side = this.#side;
    const content = stream.content[side];
    content.add(offset, text, from, to);
    if (last) stream.total[side] = offset + to - from;
    this.#hand(stream, side, content);
    const complete = stream.given[0] === stream.total[0] && stream.given[1] === stream.total[1];
    if (!complete && !stream.inner.done) return;
    stream.inner.end();
    this.#streams.set(id, undefined);
    this.#openStreams--;
  }

  close(): void {}

  #opened(side: Side, bytes: Uint8Array, at: number, numberAt: number, end: number): OpenedPacket | undefined {
    const { ciphers } = this.#context.platform;
    const current = this.#data[side];
    if (current === undefined) return undefined;
    const expected = this.#expected[side];
    const opened = openPacket(ciphers, current.keys, bytes, at, numberAt, end, expected);
    if (opened !== undefined) return opened;
    // Perhaps the sender has taken new keys (RFC 9001 §6); the one for headers stays.
    const { hash } = this.#suite;
    const label = this.#facts.version === VERSION_2 ? "tls13 quicv2 ku" : "tls13 quic ku";
    const secret = expandLabel(ciphers, hash, current.secret, label, hashBytes(hash));
    const keys = this.#keysOf(secret, current.keys.header);
    const later = openPacket(ciphers, keys, bytes, at, numberAt, end, expected);
    if (later !== undefined) this.#data[side] = { secret, keys };
    return later;
  }

  #generation(label: string, side: Side): Generation | undefined {
    const { secrets } = this.#context.platform;
    const { client, clientRandom } = this.#facts;
    const name = `${side === client ? "CLIENT" : "SERVER"}_${label}`;
    const secret = secrets.find(name, clientRandom) ?? secrets.find(`QUIC_${name}`, clientRandom);
    return secret === undefined ? undefined : { secret, keys: this.#keysOf(secret) };
  }

  #keysOf(secret: Uint8Array, header?: Uint8Array): PacketKeys {
    const { cipher, keyBytes, hash } = this.#suite;
    return packetKeys(this.#context.platform.ciphers, this.#facts.version, cipher, keyBytes, hash, secret, header);
  }

  #messages(crypto: CryptoStream): void {
    for (let message = crypto.next(); message !== undefined; message = crypto.next()) {
      if (message.type !== ENCRYPTED_EXTENSIONS) continue;
      const { bytes, at, end } = message;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const names: string[] = [];
      for (let i = at + 2; i + 4 <= end; ) {
        const stop = i + 4 + view.getUint16(i + 2);
        if (stop > end) break;
        if (view.getUint16(i) === Extension.alpn) readProtocolNames(bytes, view, i + 4, stop, names);
        i = stop;
      }
      this.#alpn = names[0] ?? "";
      if (names.length > 0) this.#onProtocol(names);
    }
  }

  #newStream(id: number): Stream | undefined {
    // HTTP/3 says on other streams how these are to be read.
    if (this.#alpn.startsWith("h3") || this.#openStreams >= openStreamsMax || this.#streams.size >= streamsMax) return undefined;
    const inner = this.#context.inner(this.#alpn.startsWith("doq") ? "dns" : this.#alpn.startsWith("hq") ? "http" : undefined);
    if (inner === undefined) return undefined;
    const content = [new OrderedBytes(streamBytesMax, streamPiecesMax), new OrderedBytes(streamBytesMax, streamPiecesMax)] as const;
    const stream: Stream = { inner, content, given: [0, 0], total: [Number.NaN, Number.NaN] };
    this.#streams.set(id, stream);
    this.#openStreams++;
    return stream;
  }

  #hand(stream: Stream, side: Side, content: OrderedBytes): void {
    const { whole, bytes } = content;
    const from = stream.given[side];
    if (whole <= from) return;
    // The drafts of DNS over QUIC had one message to a stream, without its length in front.
    if (this.#alpn.startsWith("doq-i")) {
      if (whole !== stream.total[side]) return;
      stream.inner.data(side, Uint8Array.of(whole >>> 8, whole), 0, 2);
    }
    stream.inner.data(side, bytes, from, whole);
    stream.given[side] = whole;
  }
}
