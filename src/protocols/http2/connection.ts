import { otherSide, type ParserContext, Side } from "#contract/parser.ts";
import { Bodies, Body, type BodyAnomalies } from "#protocols/http1/body.ts";
import { errorName, Flag, Frame, SETTING_MAX_FRAME_SIZE, settingName, streamNumber, uint32 } from "./frames.ts";
import { HpackDecoder } from "./hpack.ts";
import { RuleMessage } from "./rule-values.ts";
import { commonFields, eventOf, type Message, Stream } from "./stream.ts";

/** Streams that are open at a time; beyond it the oldest is told as far as it was seen. */
export const streamsMax = 1024;
/** Bytes of a header block in its pieces. */
export const blockBytesMax = 262_144;
/** Settings of one frame that are told. */
export const settingsToldMax = 32;

const anomalies: BodyAnomalies = {
  damaged: "failed_decompression",
  bomb: "failed_decompression",
  codingUnknown: undefined,
  tooManyCodings: undefined,
};

/** What concerns the connection and has no event belongs to none. */
const NO_TRANSACTION = -1;

/** A header block that goes on in CONTINUATION frames. */
interface OpenBlock {
  readonly stream: number;
  readonly ofRequest: boolean;
  readonly ends: boolean;
  parts: Uint8Array;
}

/**
 * The meaning of one connection's frames: header blocks are decoded in the order in which they come, streams gather
 * their two messages, and each is told in one `http` event when both have ended.
 */
export class Connection {
  client: Side = Side.toServer;
  /** Set when header blocks cannot be decoded any more. */
  broken = false;
  readonly #context: ParserContext;
  readonly #allow: (side: Side, bytes: number) => void;
  readonly #decoders: readonly [HpackDecoder, HpackDecoder] = [new HpackDecoder(), new HpackDecoder()];
  readonly #blocks: [OpenBlock | undefined, OpenBlock | undefined] = [undefined, undefined];
  readonly #streams = new Map<number, Stream>();
  readonly #bodies: Bodies;
  #count = 0;

  /** `allow` is told how long the frames may be that a side accepts. */
  constructor(context: ParserContext, allow: (side: Side, bytes: number) => void) {
    this.#context = context;
    this.#allow = allow;
    this.#bodies = new Bodies(context, anomalies);
    // RFC 7540 §3.2: the request that asked for the upgrade is stream 1, and complete.
    const { expected } = context;
    if (context.from !== "http" || expected === undefined) return;
    const first = this.#stream(1);
    first.asked = expected;
    first.request.ended = true;
  }

  /** A complete frame other than DATA. */
  frame(side: Side, type: number, flags: number, stream: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.#blocks[side] !== undefined && type !== Frame.continuation) this.#blocks[side] = undefined;
    if (type === Frame.headers) this.#headers(side, flags, stream, bytes, from, to);
    else if (type === Frame.continuation) this.#continuation(side, flags, bytes, from, to);
    else if (type === Frame.pushPromise) this.#pushPromise(side, flags, bytes, from, to);
    else if (type === Frame.settings) this.#settings(side, flags, bytes, from, to);
    else if (type === Frame.goAway) this.#goAway(side, bytes, from);
    else if (type === Frame.reset) this.#reset(side, stream, uint32(bytes, from));
    else if (type === Frame.priority) this.#priority(side, this.#stream(stream), bytes[from + 4] as number);
    else if (type === Frame.windowUpdate) this.#window(side, stream, uint32(bytes, from) & 0x7fffffff);
  }

  /** Frames that say nothing that is told; rules may look for them all the same. */
  passed(side: Side, type: number, number: number): void {
    const { rules } = this.#context;
    if (rules?.wants("http2.frametype") !== true) return;
    const txId = this.#streams.get(number)?.txId ?? NO_TRANSACTION;
    rules.number("http2.frametype", side, txId, type);
    rules.judge(side, txId);
  }

  #priority(side: Side, stream: Stream, weight: number): void {
    const { rules } = this.#context;
    rules?.number("http2.frametype", side, stream.txId, Frame.priority);
    rules?.number("http2.priority", side, stream.txId, weight);
    this.#messageOf(side, stream).priority = weight;
  }

  #window(side: Side, number: number, bytes: number): void {
    const { rules } = this.#context;
    const txId = this.#streams.get(number)?.txId ?? NO_TRANSACTION;
    rules?.number("http2.frametype", side, txId, Frame.windowUpdate);
    rules?.number("http2.window", side, txId, bytes);
    rules?.judge(side, txId);
  }

  data(side: Side, number: number, bytes: Uint8Array, from: number, to: number): void {
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    const message = this.#messageOf(side, stream);
    message.transferred += to - from;
    message.content ??= this.#body(side, stream, message);
    message.content.data(bytes, from, to);
    if (stream.grpc) message.grpc(bytes, from, to);
  }

  missing(side: Side, number: number, bytes: number): void {
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    const message = this.#messageOf(side, stream);
    message.transferred += bytes;
    message.missing += bytes;
    message.content ??= this.#body(side, stream, message);
    message.content.gap(bytes);
  }

  /** The side has said everything on the stream. */
  ended(side: Side, number: number): void {
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    const message = this.#messageOf(side, stream);
    message.ended = true;
    message.content?.close(true);
    if (stream.request.ended && stream.response.ended) this.#finish(stream);
  }

  /** A header block will not be read: what follows cannot be decoded. */
  lose(side: Side): void {
    this.#context.anomaly(side, "reassembly_limit_reached", "a header block is too long");
    this.broken = true;
  }

  end(): void {
    for (const stream of Array.from(this.#streams.values())) this.#finish(stream);
    this.#bodies.end();
  }

  #headers(side: Side, flags: number, number: number, bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    let stop = to;
    if ((flags & Flag.padded) !== 0) stop -= bytes[at++] as number;
    if ((flags & Flag.priority) !== 0) {
      at += 5;
      if (at <= stop) this.#context.rules?.number("http2.priority", side, this.#stream(number).txId, bytes[at - 1] as number);
    }
    if (number === 0 || at > stop) {
      this.#context.anomaly(side, "invalid_frame_data", "HEADERS");
      this.broken = at > stop;
      return;
    }
    const ofRequest = side === this.client;
    this.#block(side, flags, { stream: number, ofRequest, ends: (flags & Flag.endStream) !== 0, parts: bytes }, at, stop);
  }

  /** RFC 9113 §8.4: the server tells a request that it answers unasked. */
  #pushPromise(side: Side, flags: number, bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    let stop = to;
    if ((flags & Flag.padded) !== 0) stop -= bytes[at++] as number;
    if (at + 4 > stop) {
      this.#context.anomaly(side, "invalid_frame_data", "PUSH_PROMISE");
      this.broken = true;
      return;
    }
    const stream = streamNumber(bytes, at);
    this.#block(side, flags, { stream, ofRequest: true, ends: true, parts: bytes }, at + 4, stop);
  }

  /** Decodes a block when it is complete, else keeps a copy of its piece. */
  #block(side: Side, flags: number, block: OpenBlock, from: number, to: number): void {
    if ((flags & Flag.endHeaders) !== 0) this.#decode(side, block, from, to);
    else this.#blocks[side] = { ...block, parts: block.parts.slice(from, to) };
  }

  #continuation(side: Side, flags: number, bytes: Uint8Array, from: number, to: number): void {
    const block = this.#blocks[side];
    if (block === undefined) {
      this.#context.anomaly(side, "invalid_frame_data", "CONTINUATION of nothing");
      this.broken = true;
      return;
    }
    const joined = new Uint8Array(block.parts.length + to - from);
    if (joined.length > blockBytesMax) {
      this.lose(side);
      return;
    }
    joined.set(block.parts);
    joined.set(bytes.subarray(from, to), block.parts.length);
    block.parts = joined;
    if ((flags & Flag.endHeaders) === 0) return;
    this.#blocks[side] = undefined;
    this.#decode(side, block, 0, joined.length);
  }

  #decode(side: Side, block: OpenBlock, from: number, to: number): void {
    const stream = this.#stream(block.stream);
    const message = block.ofRequest ? stream.request : stream.response;
    const { rules } = this.#context;
    if (rules !== undefined) {
      rules.number("http2.frametype", side, stream.txId, Frame.headers);
      // What comes behind the content is no head.
      if (!message.head)
        message.seen = new RuleMessage(rules, block.ofRequest ? this.client : otherSide(this.client), stream.txId, block.ofRequest);
    }
    const trouble = this.#decoders[side].decode(block.parts, from, to, message);
    if (trouble !== undefined) {
      this.#context.anomaly(side, trouble);
      this.broken = true;
      return;
    }
    if (block.ofRequest && !message.head) this.#checkAuthority(side, message);
    // An interim response is followed by the final one; its fields stay in the list alone.
    const status = message.values.get(":status");
    if (!block.ofRequest && status !== undefined && /^1\d\d$/.test(status) && !block.ends) message.values.clear();
    else message.head = true;
    if (message.seen !== undefined && message.head) {
      message.seen.give();
      rules?.judge(block.ofRequest ? this.client : otherSide(this.client), stream.txId, () => ({ http: commonFields(stream) }));
    }
    message.seen = undefined;
    if (block.ends) this.ended(block.ofRequest ? this.client : otherSide(this.client), block.stream);
  }

  /** RFC 9113 §8.3.1. */
  #checkAuthority(side: Side, request: Message): void {
    const authority = request.values.get(":authority");
    const host = request.values.get("host");
    if (authority === undefined) return;
    if (host !== undefined && host.toLowerCase() !== authority.toLowerCase())
      this.#context.anomaly(side, "authority_host_mismatch", `${authority.slice(0, 64)}, ${host.slice(0, 64)}`);
    if (authority.includes("@")) this.#context.anomaly(side, "userinfo_in_uri");
  }

  #settings(side: Side, flags: number, bytes: Uint8Array, from: number, to: number): void {
    if ((flags & Flag.ack) !== 0 || from === to) return;
    const stream = new Stream(0, this.#count++);
    this.#context.rules?.number("http2.frametype", side, stream.txId, Frame.settings);
    const { settings } = this.#messageOf(side, stream);
    for (let at = from; at + 6 <= to && settings.length < settingsToldMax; at += 6) {
      const id = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      const value = uint32(bytes, at + 2);
      settings.push({ settings_id: settingName(id), settings_value: value });
      if (id === SETTING_MAX_FRAME_SIZE) this.#allow(side, value);
    }
    this.#tell(stream);
  }

  #goAway(side: Side, bytes: Uint8Array, from: number): void {
    const stream = new Stream(0, this.#count++);
    const code = uint32(bytes, from + 4);
    this.#context.rules?.number("http2.frametype", side, stream.txId, Frame.goAway);
    this.#context.rules?.number("http2.errorcode", side, stream.txId, code);
    this.#messageOf(side, stream).errorCode = errorName(code);
    this.#tell(stream);
  }

  #reset(side: Side, number: number, code: number): void {
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    this.#context.rules?.number("http2.frametype", side, stream.txId, Frame.reset);
    this.#context.rules?.number("http2.errorcode", side, stream.txId, code);
    this.#messageOf(side, stream).errorCode = errorName(code);
    this.#finish(stream);
  }

  /** The stream of this number, opened when it is new. */
  #stream(number: number): Stream {
    const known = this.#streams.get(number);
    if (known !== undefined) return known;
    if (this.#streams.size >= streamsMax) {
      this.#context.anomaly(this.client, "too_many_streams");
      for (const oldest of this.#streams.values()) {
        this.#finish(oldest);
        break;
      }
    }
    const stream = new Stream(number, this.#count++);
    this.#streams.set(number, stream);
    return stream;
  }

  #messageOf(side: Side, stream: Stream): Message {
    return side === this.client ? stream.request : stream.response;
  }

  #body(side: Side, stream: Stream, message: Message): Body {
    const headers = {
      ofRequest: message === stream.request,
      target: stream.path,
      contentType: message.values.get("content-type"),
      contentEncoding: message.values.get("content-encoding"),
      contentDisposition: message.values.get("content-disposition"),
      contentRange: message.values.get("content-range"),
    };
    return new Body(this.#bodies, side, stream.txId, headers, () => ({ http: commonFields(stream) }));
  }

  #finish(stream: Stream): void {
    this.#streams.delete(stream.number);
    stream.request.content?.close(stream.request.ended);
    stream.response.content?.close(stream.response.ended);
    this.#tell(stream);
  }

  #tell(stream: Stream): void {
    this.#context.emit("http", this.client, stream.txId, eventOf(stream));
  }
}
