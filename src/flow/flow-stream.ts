import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, otherSide, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { type ProtocolFinder, probeBytesMax, UNDECIDED, UNKNOWN } from "./protocol-finder.ts";
import { type HeldBytes, StreamSide } from "./stream-side.ts";

/** Pieces beyond a hole that one side may hold. */
const piecesMax = 512;
/** Farthest that a segment may be ahead of its predecessors, bytes: the largest window that TCP can offer. */
const aheadBytesMax = 1 << 30;
/** Anomaly events that one flow's parser may report. */
const anomaliesPerFlowMax = 8;

/** What a stream asks of its partition. */
export interface StreamHost {
  readonly finder: ProtocolFinder;
  readonly platform: Platform;
  readonly held: HeldBytes;
  /** The one window over bytes that all parsers read through; it is set anew for each call. */
  readonly window: ByteView;
  readonly flowBytesMax: number;
  /** The side of streams that have none; nothing is ever put into it. */
  readonly noSide: StreamSide;
  onTransaction(stream: FlowStream, kind: string, side: Side, txId: number, fields: Transaction): void;
  onAnomaly(stream: FlowStream, type: "stream" | "applayer", side: Side, event: string, why: string | undefined): void;
  onProtocol(stream: FlowStream, protocol: number): void;
  onGap(stream: FlowStream, side: Side, bytes: number): void;
  onParserBug(stream: FlowStream, error: unknown): void;
  onParserFailure(stream: FlowStream): void;
}

/**
 * The payload of one flow: puts TCP segments in order, finds the protocol and feeds its parser. Exists from the first
 * payload until the parser has finished or the flow ends.
 */
export class FlowStream implements ParserContext {
  readonly slot: number;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: "tcp" | "udp";
  readonly platform: Platform;
  protocol: number = UNDECIDED;
  /** True when nobody wants the payload any more. */
  done = false;
  /** Segments beyond holes on both sides together. */
  pieceCount = 0;
  readonly client: StreamSide;
  readonly server: StreamSide;
  readonly #host: StreamHost;
  readonly #window: ByteView;
  #parser: Parser | undefined;
  /** Sides whose beginning no parser recognised: bit 0 client, bit 1 server. */
  #tried = 0;
  #anomalies = 0;

  constructor(host: StreamHost, slot: number, transport: "tcp" | "udp", clientPort: number, serverPort: number) {
    this.#host = host;
    this.#window = host.window;
    // Datagrams have no order to keep.
    this.client = transport === "tcp" ? new StreamSide() : host.noSide;
    this.server = transport === "tcp" ? new StreamSide() : host.noSide;
    this.slot = slot;
    this.transport = transport;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    this.platform = host.platform;
  }

  emit(kind: string, side: Side, txId: number, fields: Transaction): void {
    this.#host.onTransaction(this, kind, side, txId, fields);
  }

  anomaly(side: Side, event: string, why?: string): void {
    if (this.#anomalies++ < anomaliesPerFlowMax) this.#host.onAnomaly(this, "applayer", side, event, why);
  }

  /** One datagram. Returns false when no parser recognised it. */
  datagram(side: Side, bytes: Uint8Array, view: DataView, at: number, length: number): boolean {
    this.#show(bytes, view, at, length);
    if (this.#parser === undefined) {
      const found = this.#host.finder.find("udp", side, this.#window, this.clientPort, this.serverPort);
      if (found === UNKNOWN) return false;
      this.#start(found);
    }
    this.#call(side);
    return true;
  }

  /**
   * One TCP segment: `length` bytes of payload at `at`, of which the wire had `wireLength`, beginning with sequence
   * number `seq`. `ack` is what the sender has received when `acked` is true.
   */
  segment(side: Side, bytes: Uint8Array, view: DataView, at: number, length: number, wireLength: number, seq: number): void {
    const own = side === Side.toServer ? this.client : this.server;
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
    if (length > skip) this.#deliver(side, own, bytes, view, at + skip, length - skip);
    own.next = (seq + wireLength) | 0;
    if (length < wireLength) this.#gap(side, own, wireLength - Math.max(length, skip));
    if (own.pieces.length > 0) this.#drain(side, own);
  }

  /** The peer of `side` has received everything below `ack`: what is missing below it was lost by the capture alone. */
  acknowledged(side: Side, ack: number): void {
    const own = side === Side.toServer ? this.client : this.server;
    const first = own.pieces[0];
    if (first === undefined || ((ack - first.seq) | 0) < 0) return;
    this.#skipHole(side, own);
    this.#drain(side, own);
  }

  /** The flow is over: what is beyond holes is read all the same, then the parser tells what is unfinished. */
  end(): void {
    for (const side of [Side.toServer, Side.toClient]) {
      const own = side === Side.toServer ? this.client : this.server;
      while (own.pieces.length > 0 && !this.done) {
        this.#skipHole(side, own);
        this.#drain(side, own);
      }
    }
    if (!this.done) this.#finish();
  }

  #hold(side: Side, own: StreamSide, bytes: Uint8Array, at: number, length: number, seq: number): void {
    const held = this.#host.held;
    if (own.hold(seq, bytes, at, length, held)) this.pieceCount++;
    while (own.pieces.length > piecesMax || own.pieceBytes > this.#host.flowBytesMax || (held.used > held.max && own.pieces.length > 0)) {
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
      const { bytes, seq } = own.shift(this.#host.held) as typeof first;
      this.pieceCount--;
      if (skip >= bytes.length) continue;
      own.next = (seq + bytes.length) | 0;
      this.#deliver(side, own, bytes, new DataView(bytes.buffer), skip, bytes.length - skip);
    }
  }

  #gap(side: Side, own: StreamSide, bytes: number): void {
    this.#host.onGap(this, side, bytes);
    if (this.done) return;
    own.drop(own.tailLength, this.#host.held);
    if (this.#parser === undefined) return;
    let goesOn = false;
    try {
      goesOn = this.#parser.gap(side, bytes);
    } catch (error) {
      this.#host.onParserBug(this, error);
    }
    if (!goesOn) this.#finish();
  }

  #deliver(side: Side, own: StreamSide, bytes: Uint8Array, view: DataView, at: number, length: number): void {
    if (this.done) return;
    const held = this.#host.held;
    if (own.tailLength === 0) {
      this.#show(bytes, view, at, length);
      const consumed = this.#feed(side);
      if (!this.done && consumed < length) own.append(bytes, at + consumed, length - consumed, held);
    } else {
      own.append(bytes, at, length, held);
      own.showTail(this.#window);
      const consumed = this.#feed(side);
      if (!this.done) own.drop(consumed, held);
    }
    if (own.tailLength > this.#host.flowBytesMax) {
      this.anomaly(side, "applayer.message_too_long", `${own.tailLength} bytes wait for the end of one message`);
      this.#host.onParserFailure(this);
      this.#finish();
    }
  }

  /** Gives the window to the parser, finding it first; returns the bytes consumed. */
  #feed(side: Side): number {
    if (this.#parser !== undefined) return this.#call(side);
    const finder = this.#host.finder;
    const found = finder.find("tcp", side, this.#window, this.clientPort, this.serverPort);
    if (found === UNKNOWN) {
      const length = this.#window.length;
      if (finder.undecided && length < probeBytesMax) return 0;
      const bit = 1 << side;
      if ((this.#tried & bit) !== 0 || (this.#tried | bit) === 3) {
        this.protocol = UNKNOWN;
        this.#host.onProtocol(this, UNKNOWN);
        this.#finish();
      }
      this.#tried |= bit;
      return length;
    }
    this.#start(found);
    this.#feedEarlier(otherSide(side));
    return this.done ? this.#window.length : this.#call(side);
  }

  /** What the other side sent before the protocol was known comes first. */
  #feedEarlier(side: Side): void {
    const own = side === Side.toServer ? this.client : this.server;
    if (own.tailLength === 0) return;
    const { bytes, view, at, end } = this.#window;
    own.showTail(this.#window);
    const consumed = this.#call(side);
    if (!this.done) own.drop(consumed, this.#host.held);
    this.#show(bytes, view, at, end - at);
  }

  #start(protocol: number): void {
    this.protocol = protocol;
    this.#parser = this.#host.finder.definition(protocol).create(this);
    this.#host.onProtocol(this, protocol);
  }

  #call(side: Side): number {
    const length = this.#window.length;
    let consumed: number;
    try {
      consumed = (this.#parser as Parser).data(side, this.#window);
    } catch (error) {
      this.#host.onParserBug(this, error);
      this.#parser = undefined;
      this.#finish();
      return length;
    }
    if (consumed >= 0) return consumed < length ? consumed : length;
    if (consumed === FAILED) this.#host.onParserFailure(this);
    if (consumed === FINISHED || this.transport === "tcp") this.#finish();
    return length;
  }

  #finish(): void {
    this.done = true;
    const held = this.#host.held;
    this.client.clear(held);
    this.server.clear(held);
    this.pieceCount = 0;
    const parser = this.#parser;
    this.#parser = undefined;
    if (parser === undefined) return;
    try {
      parser.end();
    } catch (error) {
      this.#host.onParserBug(this, error);
    }
  }

  #show(bytes: Uint8Array, view: DataView, at: number, length: number): void {
    const window = this.#window;
    window.bytes = bytes;
    window.view = view;
    window.at = at;
    window.end = at + length;
  }
}
