import type { ByteView } from "#base/bytes.ts";
import type { Side } from "#contract/parser.ts";
import type { ClientHello } from "./client-hello.ts";
import { HandshakeReader } from "./handshake-reader.ts";
import {
  ContentType,
  contentType,
  Handshake,
  HEADER_BYTES,
  headBytes,
  headerTrouble,
  heartbeatTrouble,
  knownVersion,
  payloadBytes,
  plausibleHeader,
} from "./records.ts";
import { isSsl2ServerHello, parseSsl2Hello, SSL2_FIXED_BYTES, ssl2HelloBytes } from "./ssl2.ts";

/** Who is told what the records of one side hold. */
export interface RecordListener {
  /** One whole handshake message: its body is `bytes[at..end)`, valid during the call. */
  message(side: Side, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void;
  /** What there is of a ClientHello whose rest is missing. */
  partialHello(side: Side, bytes: Uint8Array, at: number, end: number): void;
  ssl2Hello(side: Side, hello: ClientHello): void;
  ssl2Answer(side: Side): void;
  changeCipherSpec(side: Side): void;
  /** An alert in the clear. */
  alert(side: Side, fatal: boolean, description: number): void;
  /** A heartbeat in the clear breaks a rule. */
  heartbeat(side: Side, event: string): void;
  /** A record began that is encrypted, or holds application data. */
  opaque(side: Side): void;
  /** The bytes are no records (any more). */
  broken(side: Side, event: string): void;
  /** Behind a gap no record was found. */
  lost(side: Side): void;
  /** True when nothing more is wanted: the reader stops. */
  readonly done: boolean;
}

/**
 * Takes one side's records apart, whatever the segmentation: every byte is taken when it comes, except a header, an
 * alert or the head of a hello behind a ChangeCipherSpec, which are taken whole. Encrypted payload is stepped over in
 * one addition.
 */
export class RecordReader {
  readonly #side: Side;
  readonly #listener: RecordListener;
  readonly #handshake: HandshakeReader;
  /** Payload bytes of the current record that have not come yet, and whether they are handshake in the clear. */
  #left = 0;
  #clear = false;
  #encrypted = false;
  #started = false;
  /** Set behind a gap that ended outside the record: only a sound header gets the reader going again. */
  #resync = false;
  #lost = false;

  constructor(side: Side, listener: RecordListener) {
    this.#side = side;
    this.#listener = listener;
    this.#handshake = new HandshakeReader(side, listener);
  }

  /** Reads what it can and returns how many bytes that was. */
  read(input: ByteView): number {
    const { bytes, view, end } = input;
    let at = input.at;
    while (at < end && !this.#lost && !this.#listener.done) {
      if (this.#left > 0) {
        const stop = Math.min(end, at + this.#left);
        if (this.#clear) this.#handshake.read(bytes, view, at, stop);
        this.#left -= stop - at;
        at = stop;
        continue;
      }
      const taken = this.#started || (view.getUint8(at) & 0x80) === 0 ? this.#header(view, at, end) : this.#ssl2(view, at, end);
      if (taken === 0) break;
      at += taken;
    }
    return this.#lost ? input.length : at - input.at;
  }

  /** `count` bytes are missing. */
  gap(count: number): void {
    if (this.#lost) return;
    this.#started = true;
    if (count <= this.#left) {
      if (this.#clear) this.#handshake.gap(count, this.#left - count);
      this.#left -= count;
      return;
    }
    this.#handshake.gap(this.#left, 0);
    this.#left = 0;
    this.#resync = true;
  }

  /** Nothing more comes: tells a hello that was begun. */
  end(): void {
    this.#handshake.cut();
  }

  /** Reads a record's header, and what must be seen whole; 0 when too little is there. */
  #header(view: DataView, at: number, end: number): number {
    if (end - at < HEADER_BYTES) return 0;
    const trouble = headerTrouble(view, at);
    if (this.#resync && !plausibleHeader(view, at)) return this.#lose(undefined);
    if (trouble !== undefined) return this.#lose(trouble);
    const type = contentType(view, at);
    const length = payloadBytes(view, at);
    if (type === ContentType.heartbeat && !this.#encrypted) {
      if (end - at < headBytes(type, length)) return 0;
      const beat = heartbeatTrouble(view, at);
      if (beat !== undefined) this.#listener.heartbeat(this.#side, beat);
    }
    if (type === ContentType.alert && length === 2 && !this.#encrypted) return this.#alert(view, at, end);
    if (type === ContentType.handshake && this.#encrypted) {
      const body = at + HEADER_BYTES;
      if (length >= HELLO_HEAD_BYTES && end < body + HELLO_HEAD_BYTES) return 0;
      this.#clear = length >= HELLO_HEAD_BYTES && isHelloAlone(view, body, length);
    } else this.#clear = type === ContentType.handshake;
    this.#begin(length);
    if (this.#clear) this.#handshake.record(this.#encrypted);
    if (type === ContentType.changeCipherSpec) {
      this.#encrypted = true;
      this.#listener.changeCipherSpec(this.#side);
    } else if (!this.#clear) this.#listener.opaque(this.#side);
    return HEADER_BYTES;
  }

  #begin(length: number): void {
    this.#started = true;
    this.#resync = false;
    this.#left = length;
  }

  #alert(view: DataView, at: number, end: number): number {
    if (end - at < HEADER_BYTES + 2) return 0;
    this.#begin(0);
    this.#listener.alert(this.#side, view.getUint8(at + HEADER_BYTES) === 2, view.getUint8(at + HEADER_BYTES + 1));
    return HEADER_BYTES + 2;
  }

  #ssl2(view: DataView, at: number, end: number): number {
    if (end - at < SSL2_FIXED_BYTES) return 0;
    const bytes = ssl2HelloBytes(view, at);
    if (bytes > 0) {
      if (end - at < bytes) return 0;
      this.#started = true;
      this.#listener.ssl2Hello(this.#side, parseSsl2Hello(view, at));
      return bytes;
    }
    if (!isSsl2ServerHello(view, at)) return this.#lose("INVALID_SSLV2_HEADER");
    this.#lost = true;
    this.#listener.ssl2Answer(this.#side);
    return 0;
  }

  #lose(event: string | undefined): number {
    this.#lost = true;
    if (event === undefined) this.#listener.lost(this.#side);
    else this.#listener.broken(this.#side, event);
    return 0;
  }
}

/** Type, length and version of a hello. */
const HELLO_HEAD_BYTES = 6;

/**
 * Around a HelloRetryRequest both sides may send a ChangeCipherSpec that changes nothing, and then another hello in the
 * clear (RFC 8446 D.4). An encrypted message looks like that once in 2^39.
 */
const isHelloAlone = (view: DataView, at: number, length: number): boolean =>
  (view.getUint8(at) === Handshake.clientHello || view.getUint8(at) === Handshake.serverHello) &&
  (view.getUint8(at + 1) << 16) + view.getUint16(at + 2) === length - 4 &&
  knownVersion(view.getUint16(at + 4));
