import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { Connection } from "./connection.ts";
import type { Transfer } from "./file-state.ts";
import { Smb1Reader } from "./smb1.ts";
import { Smb2Reader } from "./smb2.ts";

/** Frames (RFC 1002 §4.3.1, MS-SMB2 §2.1): type, then 24 bits of length. */
const FRAME_BYTES = 4;
const MESSAGE = 0;
const KEEP_ALIVE = 0x85;
/** Frames up to this length are waited for; of longer ones, this beginning is read, and file data behind it in passing. */
const wholeBytesMax = 131_072;
const headBytesMax = 4096;
/** Encrypted messages in a row after which no clear one is expected: some shares of a connection may be encrypted alone. */
const encryptedMax = 16;

const Magic = { smb1: 0xff53_4d42, smb2: 0xfe53_4d42, encrypted: 0xfd53_4d42, compressed: 0xfc53_4d42 } as const;

/** Bytes of a long frame that are still to come, and the transfer that the first of them belong to. */
interface Passing {
  bytes: number;
  transfer: Transfer | undefined;
  transferBytes: number;
}

/** SMB of all versions, in session frames (port 139) or direct (port 445). */
export class SmbParser implements Parser {
  readonly #context: ParserContext;
  readonly #connection: Connection;
  readonly #smb1: Smb1Reader;
  readonly #smb2: Smb2Reader;
  readonly #passing: readonly [Passing, Passing] = [passing(), passing()];
  /** Sides that lost bytes and look for the next frame: bit 0 client, bit 1 server. */
  #lost = 0;
  #encrypted = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#connection = new Connection(context);
    this.#smb1 = new Smb1Reader(this.#connection);
    this.#smb2 = new Smb2Reader(this.#connection);
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, end } = input;
    let at = input.at;
    for (;;) {
      at += this.#pass(side, bytes, at, end);
      if ((this.#lost & (1 << side)) !== 0) at = this.#search(side, view, at, end);
      if (end - at < FRAME_BYTES || (this.#lost & (1 << side)) !== 0) return at - input.at;
      const type = view.getUint8(at);
      if (type !== MESSAGE && !isSessionService(type)) {
        this.#context.anomaly(side, "malformed_data");
        this.#lost |= 1 << side;
        at++;
        continue;
      }
      // Session service frames have 17 bits of length.
      const length = type === MESSAGE ? view.getUint32(at) & 0xff_ffff : view.getUint16(at + 2);
      const here = length > wholeBytesMax ? headBytesMax : length;
      if (end - at < FRAME_BYTES + here) return at - input.at;
      const body = at + FRAME_BYTES;
      at = body + here;
      if (type !== MESSAGE) continue;
      this.#message(side, bytes, view, body, at, length);
      if (this.#encrypted > encryptedMax) return FINISHED;
    }
  }

  #message(side: Side, bytes: Uint8Array, view: DataView, from: number, to: number, length: number): void {
    const magic = to - from >= 4 ? view.getUint32(from) : 0;
    this.#connection.takeRest();
    let sound = true;
    if (magic === Magic.smb2) sound = this.#smb2.message(side, bytes, view, from, to);
    else if (magic === Magic.smb1) sound = this.#smb1.message(side, bytes, view, from, to);
    else sound = magic === Magic.encrypted || magic === Magic.compressed;
    if (!sound) this.#context.anomaly(side, "malformed_data");
    this.#encrypted = magic === Magic.encrypted ? this.#encrypted + 1 : 0;
    const passing = this.#passing[side];
    passing.bytes = from + length - to;
    const rest = this.#connection.takeRest();
    passing.transfer = rest?.transfer;
    passing.transferBytes = Math.min(rest?.bytes ?? 0, passing.bytes);
  }

  /** Takes what is there of a long frame's rest. */
  #pass(side: Side, bytes: Uint8Array, at: number, end: number): number {
    const passing = this.#passing[side];
    const taken = Math.min(passing.bytes, end - at);
    const told = Math.min(passing.transferBytes, taken);
    if (told > 0) passing.transfer?.data(bytes, at, at + told);
    passing.transferBytes -= told;
    passing.bytes -= taken;
    return taken;
  }

  /** Looks for a frame that begins with a message. */
  #search(side: Side, view: DataView, from: number, end: number): number {
    let at = from;
    for (; at + 8 <= end; at++) {
      if (view.getUint8(at) !== MESSAGE) continue;
      const magic = view.getUint32(at + 4);
      if (magic !== Magic.smb2 && magic !== Magic.smb1 && magic !== Magic.encrypted && magic !== Magic.compressed) continue;
      this.#lost &= ~(1 << side);
      return at;
    }
    return at;
  }

  gap(side: Side, bytes: number): boolean {
    const passing = this.#passing[side];
    if (bytes <= passing.bytes) {
      const told = Math.min(passing.transferBytes, bytes);
      if (told > 0) passing.transfer?.gap(told);
      passing.transferBytes -= told;
      passing.bytes -= bytes;
      return true;
    }
    if (passing.transferBytes > 0) passing.transfer?.gap(passing.transferBytes);
    passing.bytes = 0;
    passing.transferBytes = 0;
    this.#lost |= 1 << side;
    return true;
  }

  end(): void {
    this.#connection.end();
  }
}

const passing = (): Passing => ({ bytes: 0, transfer: undefined, transferBytes: 0 });
/** Session request, its answers, keep-alive. */
const isSessionService = (type: number): boolean => type >= 0x81 && type <= KEEP_ALIVE;
