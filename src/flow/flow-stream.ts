import { type InnerStream, Side } from "#contract/parser.ts";
import type { Depths } from "./depths.ts";
import { CarriedStream } from "./inner-stream.ts";
import { ProtocolStream } from "./protocol-stream.ts";
import type { SegmentRule } from "./segment-rule.ts";
import { StreamEvent } from "./stream-event.ts";
import type { StreamHost } from "./stream-host.ts";
import type { StreamSide } from "./stream-side.ts";

/** Pieces beyond a hole that one side may hold. */
const piecesMax = 512;
/** The same when nothing comes from the peer, which therefore acknowledges nothing. */
const piecesOneSidedMax = 32;
const NO_BYTES = new Uint8Array(0);
const OVERLAP = StreamEvent.reassembly_overlap_different_data;
/** Farthest that a segment may be ahead of its predecessors, bytes: the largest window that TCP can offer. */
const aheadBytesMax = 1 << 30;

/** What the stream of a flow asks of its partition beside that. */
export interface SegmentHost extends StreamHost {
  readonly depths: Depths;
  /** The stream is read no further. */
  onDepth(slot: number, side: Side): void;
  /** Whose bytes count where segments beyond a hole overlap. */
  readonly segmentRule: SegmentRule;
  /** A segment of the present block is read in order. */
  onInOrder(own: StreamSide, seq: number, at: number, length: number): void;
  /** True when these bytes were others when they came first. */
  isOther(own: StreamSide, seq: number, bytes: Uint8Array, at: number, length: number): boolean;
  /** True when nothing has come from one side of the flow. */
  isOneSided(slot: number): boolean;
  /** `event` is a number of `StreamEvent`. */
  onStreamEvent(slot: number, side: Side, event: number): void;
}

/**
 * The payload of one flow: puts TCP segments in order and lets them be read. Exists from the first payload until the
 * parser has finished or the flow ends.
 */
export class FlowStream extends ProtocolStream {
  /** Segments beyond holes on both sides together. */
  pieceCount = 0;
  /** True while rules look at the bytes as they are, whether or not a parser reads them. */
  #raw: boolean;

  readonly #host: SegmentHost;

  constructor(host: SegmentHost, slot: number, transport: "tcp" | "udp", clientPort: number, serverPort: number) {
    super(host, slot, transport, clientPort, serverPort, host.window, 0);
    this.#host = host;
    this.#raw = transport === "tcp" && host.inspector?.readsStreams === true;
  }

  /** True when nobody wants the bytes any more: neither a parser nor rules. */
  get closed(): boolean {
    return this.done && !this.#raw;
  }

  /** What comes is of no use to rules: it is encrypted. */
  close(): void {
    this.#raw = false;
    this.release();
  }

  /** One datagram. Returns false when no parser recognised it. */
  datagram(side: Side, bytes: Uint8Array, view: DataView, at: number, length: number): boolean {
    return this.datagramOf(side, bytes, view, at, length);
  }

  /**
   * One TCP segment: `length` bytes of payload at `at`, of which the wire had `wireLength`, beginning with sequence
   * number `seq`. `ack` is what the sender has received when `acked` is true.
   */
  segment(side: Side, bytes: Uint8Array, view: DataView, at: number, length: number, wireLength: number, seq: number): void {
    const own = this.sideOf(side);
    if (!own.started) {
      own.started = true;
      own.next = seq;
    }
    const skip = (own.next - seq) | 0;
    if (skip < 0) {
      if (-skip < aheadBytesMax && length > 0) this.#hold(side, own, bytes, at, length, seq);
      return;
    }
    if (skip > 0) this.#again(side, own, bytes, at, length, seq);
    if (skip >= wireLength) return;
    if (length > skip) {
      this.#host.onInOrder(own, seq, at, length);
      this.#ordered(side, own, bytes, view, at + skip, length - skip);
      own.read += length - skip;
      if (own.read > this.#host.depths.least) this.#deep(side, own);
    }
    own.next = (seq + wireLength) | 0;
    if (length < wireLength) this.#gap(side, own, wireLength - Math.max(length, skip));
    if (own.pieces.length > 0) this.#drain(side, own);
  }

  /**
   * Data of a SYN: not read before the server says whether it takes it (RFC 7413). What comes in its place meanwhile
   * is read instead.
   */
  early(side: Side, bytes: Uint8Array, at: number, length: number, seq: number): void {
    const own = this.sideOf(side);
    if (own.started) return;
    own.started = true;
    own.next = seq;
    this.#hold(side, own, bytes, at, length, seq);
  }

  /** The server has answered the client's SYN. Returns false when the data of the SYN is not taken. */
  opened(ack: number): boolean {
    const own = this.client;
    const first = own.pieces[0];
    if (first === undefined || first.seq !== own.next) return true;
    if (((ack - own.next) | 0) > 0) {
      this.#drain(Side.toServer, own);
      return true;
    }
    own.shift(this.host.held);
    this.pieceCount--;
    return false;
  }

  /** The byte with this sequence number is urgent and does not belong to the stream. Returns false when too many wait. */
  urgent(side: Side, seq: number): boolean {
    const own = this.sideOf(side);
    const ahead = (seq - own.next) | 0;
    if (ahead < 0) return true;
    if (ahead > 0 && (own.pieces.length >= piecesMax || ahead >= aheadBytesMax)) return false;
    if (ahead > 0) this.#hold(side, own, NO_BYTES, 0, 0, seq);
    else {
      own.next = (seq + 1) | 0;
      this.#drain(side, own);
    }
    return true;
  }

  /** The peer of `side` has received everything below `ack`: what is missing below it was lost by the capture alone. */
  acknowledged(side: Side, ack: number): void {
    const own = this.sideOf(side);
    const first = own.pieces[0];
    if (first === undefined || ((ack - first.seq) | 0) < 0) return;
    this.#skipHole(side, own);
    this.#drain(side, own);
  }

  /** The next bytes of a side: a parser reads them, then rules look at them. */
  #ordered(side: Side, own: StreamSide, bytes: Uint8Array, view: DataView, at: number, length: number): void {
    this.deliver(side, own, bytes, view, at, length);
    if (this.#raw) this.#host.inspector?.stream(this.slot, side, bytes, at, at + length);
  }

  /** The flow is over: what is beyond holes is read all the same, then the parser tells what is unfinished. */
  end(): void {
    for (const side of [Side.toServer, Side.toClient]) {
      const own = this.sideOf(side);
      while (own.pieces.length > 0 && !this.closed) {
        this.#skipHole(side, own);
        this.#drain(side, own);
      }
    }
    this.#raw = false;
    if (!this.done) this.conclude();
    else this.release();
  }

  /** So much has been read that the rest is left out, when the protocol's depth says so. */
  #deep(side: Side, own: StreamSide): void {
    if (this.done || own.read <= this.#host.depths.of(this.protocolNumber)) return;
    this.#host.onDepth(this.slot, side);
    this.finish();
  }

  #hold(side: Side, own: StreamSide, bytes: Uint8Array, at: number, length: number, seq: number): void {
    const host = this.#host;
    const { held } = host;
    const before = own.pieces.length;
    if (own.hold(seq, bytes, at, length, held, host.segmentRule) && !this.done) host.onStreamEvent(this.slot, side, OVERLAP);
    this.pieceCount += own.pieces.length - before;
    const most = before > piecesOneSidedMax && host.isOneSided(this.slot) ? piecesOneSidedMax : piecesMax;
    while (own.pieces.length > most || own.pieceBytes > host.flowBytesMax || (held.used > held.max && own.pieces.length > 0)) {
      this.#skipHole(side, own);
      this.#drain(side, own);
      if (this.closed) return;
    }
  }

  /** Bytes that have been read come again: are they the same? A keep-alive repeats one byte of any value. */
  #again(side: Side, own: StreamSide, bytes: Uint8Array, at: number, length: number, seq: number): void {
    if (this.done || (length <= 1 && ((own.next - seq) | 0) === 1)) return;
    if (this.#host.isOther(own, seq, bytes, at, length)) this.#host.onStreamEvent(this.slot, side, OVERLAP);
  }

  #skipHole(side: Side, own: StreamSide): void {
    const first = own.pieces[0];
    if (first === undefined) return;
    const missing = (first.seq - own.next) | 0;
    own.next = first.seq;
    if (missing > 0) this.#gap(side, own, missing);
  }

  #drain(side: Side, own: StreamSide): void {
    for (let first = own.pieces[0]; first !== undefined && !this.closed && ((first.seq - own.next) | 0) <= 0; first = own.pieces[0]) {
      const skip = (own.next - first.seq) | 0;
      const { bytes, seq } = own.shift(this.host.held) as typeof first;
      this.pieceCount--;
      if (bytes.length === 0 && skip === 0) own.next = (seq + 1) | 0;
      if (skip >= bytes.length) continue;
      own.next = (seq + bytes.length) | 0;
      this.#ordered(side, own, bytes, new DataView(bytes.buffer), skip, bytes.length - skip);
    }
  }

  #gap(side: Side, own: StreamSide, bytes: number): void {
    if (this.#raw) this.#host.inspector?.gap(this.slot, side, bytes);
    // What no parser misses is not told as missing, so that rules change nothing in what else is told.
    if (this.done) return;
    this.host.onGap(this.slot, side, bytes);
    this.missing(side, own, bytes);
  }

  protected open(protocol: number, depth: number): InnerStream {
    return new CarriedStream(this.host, this, protocol, depth);
  }

  protected override release(): void {
    const { held } = this.host;
    if (this.#raw) {
      // The pieces are still wanted; what no parser has consumed is not.
      this.client.drop(this.client.tailLength, held);
      this.server.drop(this.server.tailLength, held);
      return;
    }
    super.release();
    this.pieceCount = 0;
  }
}
