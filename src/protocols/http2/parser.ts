import type { ByteView } from "#base/bytes.ts";
import { FAILED, otherSide, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { Connection } from "./connection.ts";
import { Flag, FRAME_BYTES_DEFAULT, FRAME_HEADER_BYTES, Frame, frameLength, lengthFits, PREFACE, streamNumber } from "./frames.ts";

/** Payload of a frame other than DATA that is read; it waits until it is complete. */
export const frameBytesMax = 131_072;

/** Where one side stands in its frames. */
interface FrameSide {
  /** Nothing of the side was read. */
  fresh: boolean;
  /** Bytes left of a DATA frame's content, then bytes left that are skipped: padding, frames of no interest. */
  dataLeft: number;
  skipLeft: number;
  stream: number;
  /** The DATA frame ends its stream. */
  endsStream: boolean;
  inData: boolean;
  /** Largest payload that the other side allows. */
  allowed: number;
}

const newSide = (): FrameSide => ({
  fresh: true,
  dataLeft: 0,
  skipLeft: 0,
  stream: 0,
  endsStream: false,
  inData: false,
  allowed: FRAME_BYTES_DEFAULT,
});

/** Cuts both sides of a connection into frames (RFC 9113 §4); what they mean is the connection's matter. */
export class Http2Parser implements Parser {
  readonly #context: ParserContext;
  readonly #connection: Connection;
  readonly #sides: readonly [FrameSide, FrameSide] = [newSide(), newSide()];
  #long = false;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#connection = new Connection(context, (side, bytes) => {
      this.#sides[otherSide(side)].allowed = bytes;
    });
  }

  data(side: Side, view: ByteView): number {
    const own = this.#sides[side];
    let { at } = view;
    const { bytes, end } = view;
    if (own.fresh) {
      const preface = this.#preface(side, own, bytes, at, end);
      if (preface < 0) return 0;
      at += preface;
    }
    while (at < end) {
      const next = own.dataLeft > 0 || own.skipLeft > 0 ? this.#payload(side, own, bytes, at, end) : this.#frame(side, own, bytes, at, end);
      if (this.#connection.broken) return FAILED;
      if (next === at) break;
      at = next;
    }
    return at - view.at;
  }

  /** Only what is missing inside a payload that needs no understanding can be gone past. */
  gap(side: Side, bytes: number): boolean {
    const own = this.#sides[side];
    if (bytes > own.dataLeft + own.skipLeft) return false;
    const lost = Math.min(bytes, own.dataLeft);
    own.dataLeft -= lost;
    own.skipLeft -= bytes - lost;
    if (lost > 0) this.#connection.missing(side, own.stream, lost);
    this.#endData(side, own);
    return true;
  }

  end(): void {
    this.#connection.end();
  }

  /** Bytes of the preface that were passed, -1 when it is not complete. */
  #preface(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] !== PREFACE[0]) {
      own.fresh = false;
      return 0;
    }
    const stop = Math.min(end, at + PREFACE.length);
    for (let i = at; i < stop; i++)
      if (bytes[i] !== PREFACE[i - at]) {
        own.fresh = false;
        this.#context.anomaly(side, "invalid_client_magic");
        return 0;
      }
    if (stop - at < PREFACE.length) return -1;
    own.fresh = false;
    this.#connection.client = side;
    return PREFACE.length;
  }

  #payload(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number): number {
    if (own.dataLeft > 0) {
      const stop = Math.min(end, at + own.dataLeft);
      own.dataLeft -= stop - at;
      this.#connection.data(side, own.stream, bytes, at, stop);
      if (own.dataLeft === 0 && own.skipLeft === 0) this.#endData(side, own);
      return stop;
    }
    const stop = Math.min(end, at + own.skipLeft);
    own.skipLeft -= stop - at;
    this.#endData(side, own);
    return stop;
  }

  #endData(side: Side, own: FrameSide): void {
    if (!own.inData || own.dataLeft > 0 || own.skipLeft > 0) return;
    own.inData = false;
    if (own.endsStream) this.#connection.ended(side, own.stream);
  }

  #frame(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number): number {
    if (end - at < FRAME_HEADER_BYTES) return at;
    const length = frameLength(bytes, at);
    const type = bytes[at + 3] as number;
    const flags = bytes[at + 4] as number;
    const stream = streamNumber(bytes, at + 5);
    const from = at + FRAME_HEADER_BYTES;
    if (type === Frame.data) return this.#dataFrame(side, own, bytes, at, end, length);
    const isWindow = type === Frame.windowUpdate && this.#context.rules?.wants("http2.window") === true;
    const interesting = isWindow || (type <= Frame.continuation && type !== Frame.ping && type !== Frame.windowUpdate);
    if (length > own.allowed && type <= Frame.continuation) this.#tooLong(side, length);
    if (!lengthFits(type, length)) this.#context.anomaly(side, "invalid_frame_length", `type ${type}, ${length} bytes`);
    if (!interesting || length > frameBytesMax || !lengthFits(type, length)) {
      if (type === Frame.headers || type === Frame.continuation || type === Frame.pushPromise) this.#connection.lose(side);
      else this.#connection.passed(side, type, stream);
      own.skipLeft = length;
      return from;
    }
    if (end - from < length) return at;
    this.#connection.frame(side, type, flags, stream, bytes, from, from + length);
    return from + length;
  }

  /** Begins a DATA frame; stays at `at` when the length of its padding has not come. */
  #dataFrame(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number, length: number): number {
    const from = at + FRAME_HEADER_BYTES;
    const flags = bytes[at + 4] as number;
    let padding = 0;
    const padded = (flags & Flag.padded) !== 0 && length > 0 ? 1 : 0;
    if (padded > 0) {
      if (from === end) return at;
      padding = bytes[from] as number;
      if (padding >= length) {
        this.#context.anomaly(side, "invalid_frame_data", "more padding than payload");
        padding = length - 1;
      }
    }
    if (length > own.allowed) this.#tooLong(side, length);
    own.inData = true;
    own.stream = streamNumber(bytes, at + 5);
    own.endsStream = (flags & Flag.endStream) !== 0;
    this.#connection.passed(side, Frame.data, own.stream);
    own.dataLeft = length - padded - padding;
    own.skipLeft = padding;
    this.#endData(side, own);
    return from + padded;
  }

  #tooLong(side: Side, length: number): void {
    if (this.#long) return;
    this.#long = true;
    this.#context.anomaly(side, "long_frame_data", `${length} bytes`);
  }
}
