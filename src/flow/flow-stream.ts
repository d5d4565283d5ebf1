import { type InnerStream, Side } from "#contract/parser.ts";
import { CarriedStream } from "./inner-stream.ts";
import { ProtocolStream, type StreamHost } from "./protocol-stream.ts";
import type { StreamSide } from "./stream-side.ts";

/** Pieces beyond a hole that one side may hold. */
const piecesMax = 512;
/** Farthest that a segment may be ahead of its predecessors, bytes: the largest window that TCP can offer. */
const aheadBytesMax = 1 << 30;

/**
 * The payload of one flow: puts TCP segments in order and lets them be read. Exists from the first payload until the
 * parser has finished or the flow ends.
 */
export class FlowStream extends ProtocolStream {
  /** Segments beyond holes on both sides together. */
  pieceCount = 0;

  constructor(host: StreamHost, slot: number, transport: "tcp" | "udp", clientPort: number, serverPort: number) {
    super(host, slot, transport, clientPort, serverPort, host.window, 0);
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
    if (skip >= wireLength) return;
    if (length > skip) this.deliver(side, own, bytes, view, at + skip, length - skip);
    own.next = (seq + wireLength) | 0;
    if (length < wireLength) this.#gap(side, own, wireLength - Math.max(length, skip));
    if (own.pieces.length > 0) this.#drain(side, own);
  }

  /** The peer of `side` has received everything below `ack`: what is missing below it was lost by the capture alone. */
  acknowledged(side: Side, ack: number): void {
    const own = this.sideOf(side);
    const first = own.pieces[0];
    if (first === undefined || ((ack - first.seq) | 0) < 0) return;
    this.#skipHole(side, own);
    this.#drain(side, own);
  }

  /** The flow is over: what is beyond holes is read all the same, then the parser tells what is unfinished. */
  end(): void {
    for (const side of [Side.toServer, Side.toClient]) {
      const own = this.sideOf(side);
      while (own.pieces.length > 0 && !this.done) {
        this.#skipHole(side, own);
        this.#drain(side, own);
      }
    }
    if (!this.done) this.conclude();
  }

  #hold(side: Side, own: StreamSide, bytes: Uint8Array, at: number, length: number, seq: number): void {
    const held = this.host.held;
    if (own.hold(seq, bytes, at, length, held)) this.pieceCount++;
    while (own.pieces.length > piecesMax || own.pieceBytes > this.host.flowBytesMax || (held.used > held.max && own.pieces.length > 0)) {
      this.#skipHole(side, own);
      this.#drain(side, own);
      if (this.done) return;
    }
  }

  #skipHole(side: Side, own: StreamSide): void {
    const first = own.pieces[0];
    if (first === undefined) return;
    const missing = (first.seq - own.next) | 0;
    own.next = first.seq;
    if (missing > 0) this.#gap(side, own, missing);
  }

  #drain(side: Side, own: StreamSide): void {
    for (let first = own.pieces[0]; first !== undefined && !this.done && ((first.seq - own.next) | 0) <= 0; first = own.pieces[0]) {
      const skip = (own.next - first.seq) | 0;
      const { bytes, seq } = own.shift(this.host.held) as typeof first;
      this.pieceCount--;
      if (skip >= bytes.length) continue;
      own.next = (seq + bytes.length) | 0;
      this.deliver(side, own, bytes, new DataView(bytes.buffer), skip, bytes.length - skip);
    }
  }

  #gap(side: Side, own: StreamSide, bytes: number): void {
    this.host.onGap(this.slot, side, bytes);
    this.missing(side, own, bytes);
  }

  protected open(protocol: number, depth: number): InnerStream {
    return new CarriedStream(this.host, this, protocol, depth);
  }

  protected override finish(): void {
    super.finish();
    this.pieceCount = 0;
  }
}
