import type { ByteView } from "#base/bytes.ts";
import type { RuleTap, StreamInspection } from "#contract/inspector.ts";
import {
  type Expectation,
  FAILED,
  FINISHED,
  type FileFacts,
  type FileSink,
  type InnerStream,
  otherSide,
  type Parser,
  type ParserContext,
  type Side,
  type Transaction,
} from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { FlowFile } from "./flow-file.ts";
import { probeBytesMax, UNDECIDED, UNKNOWN } from "./protocol-finder.ts";
import type { StreamHost } from "./stream-host.ts";
import { StreamSide } from "./stream-side.ts";

/** Anomaly events that one flow's parsers may report. */
const anomaliesPerFlowMax = 8;
/** Protocols inside one another, with the outermost. */
const depthMax = 4;
/** Times that a connection may be handed over. */
const handOversMax = 4;

/**
 * Bytes of two sides and the parser that reads them: finds the protocol, keeps what the parser did not consume, lets
 * protocols hand over to others, and opens streams inside. What brings the bytes is the subclass's matter.
 */
export abstract class ProtocolStream implements ParserContext {
  readonly slot: number;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: "tcp" | "udp";
  readonly platform: Platform;
  protocolNumber: number = UNDECIDED;
  /** True when nobody wants the payload any more. */
  done = false;
  readonly client: StreamSide;
  readonly server: StreamSide;
  from: string | undefined = undefined;
  unforeseen = false;
  expected: Transaction | undefined = undefined;
  protected readonly host: StreamHost;
  readonly #window: ByteView;
  readonly #depth: number;
  #parser: Parser | undefined = undefined;
  #inspection: StreamInspection | undefined = undefined;
  /** Protocol that is known before any byte; UNDECIDED when it is to be found. */
  #named: number = UNDECIDED;
  /** Sides whose beginning no parser recognised: bit 0 client, bit 1 server. */
  #tried = 0;
  #anomalies = 0;
  #handOvers = 0;
  /** True while a parser that was taken on weak evidence is not sure of the datagrams; the flow has no protocol yet. */
  #unsure = false;
  /** The side whose first bytes have not been compared with the protocol found in the other one; -1 for none. */
  #unheard = -1;
  /** Set while a parser hands over, until its call has returned. */
  #handing = false;
  /** What the next parser is told. */
  #note: Transaction | undefined = undefined;

  constructor(
    host: StreamHost,
    slot: number,
    transport: "tcp" | "udp",
    clientPort: number,
    serverPort: number,
    window: ByteView,
    depth: number,
  ) {
    this.host = host;
    this.#window = window;
    this.#depth = depth;
    // Datagrams have no order to keep.
    this.client = transport === "tcp" ? new StreamSide() : host.noSide;
    this.server = transport === "tcp" ? new StreamSide() : host.noSide;
    this.slot = slot;
    this.transport = transport;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    this.platform = host.platform;
  }

  get time(): number {
    return this.host.time;
  }

  emit(kind: string, side: Side, txId: number, fields: Transaction, beside?: { readonly [member: string]: Transaction }): void {
    this.host.onTransaction(this.slot, kind, side, txId, fields, beside);
    this.#inspection?.transaction(kind, side, txId, fields, beside);
  }

  get rules(): RuleTap | undefined {
    return this.#inspection;
  }

  anomaly(side: Side, event: string, why?: string, txId?: number): void {
    this.#inspection?.event(event, side, txId);
    if (this.#anomalies++ < anomaliesPerFlowMax) this.host.onAnomaly(this.slot, "applayer", side, event, why, txId);
  }

  handOver(protocol?: string, note?: Transaction): void {
    this.#handing = true;
    this.#note = note;
    this.#named = protocol === undefined ? UNDECIDED : this.host.finder.numberOf(protocol);
  }

  inner(protocol?: string): InnerStream | undefined {
    if (this.#depth + 1 >= depthMax) return undefined;
    return this.open(protocol === undefined ? UNDECIDED : this.host.finder.numberOf(protocol), this.#depth + 1);
  }

  expect(expectation: Expectation): void {
    this.host.onExpectation(this.slot, expectation);
  }

  forward(side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void {
    this.host.onForward(this.slot, side, kind, bytes, from, to);
  }

  file(side: Side, txId: number, facts: FileFacts): FileSink {
    return new FlowFile(this, this.host.files, side, txId, facts, this.host.inspector?.choosesFiles);
  }

  /** The protocol of the first byte is known: no parser is asked. */
  presume(protocol: number): void {
    this.#named = protocol;
  }

  /** Opens a stream inside this one. */
  protected abstract open(protocol: number, depth: number): InnerStream;

  protected sideOf(side: Side): StreamSide {
    return side === 0 ? this.client : this.server;
  }

  /** The next bytes of a side, in order. */
  protected deliver(side: Side, own: StreamSide, bytes: Uint8Array, view: DataView, at: number, length: number): void {
    if (this.done) return;
    const held = this.host.held;
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
    if (own.tailLength > this.host.flowBytesMax) {
      this.anomaly(side, "applayer.message_too_long", `${own.tailLength} bytes wait for the end of one message`);
      this.host.onParserFailure(this.slot);
      this.finish();
    }
  }

  /** Bytes of a side that are missing for good. */
  protected missing(side: Side, own: StreamSide, bytes: number): void {
    if (this.done) return;
    own.drop(own.tailLength, this.host.held);
    if (this.#parser === undefined) return;
    let goesOn = false;
    try {
      goesOn = this.#parser.gap(side, bytes);
    } catch (error) {
      this.host.onParserBug(this.slot, error);
    }
    if (!goesOn) this.finish();
  }

  /** One datagram. Returns false when no parser recognised it. */
  protected datagramOf(side: Side, bytes: Uint8Array, view: DataView, at: number, length: number): boolean {
    this.#show(bytes, view, at, length);
    if (this.#unsure && this.#attempt(side)) return true;
    if (this.#parser === undefined) {
      const presumed = this.#named !== UNDECIDED;
      const found = presumed ? this.#named : this.#found(side);
      if (found === UNKNOWN) return false;
      this.#unsure = !presumed && found === this.host.finder.likely;
      this.#start(found);
      if (this.#unsure) return this.#attempt(side);
    }
    const consumed = this.#call(side);
    if (!this.#handing || this.done) return true;
    this.#change();
    // A datagram that the parser took nothing of is the next one's.
    return consumed > 0 || this.done || this.datagramOf(side, bytes, view, at, length);
  }

  /** Lets a parser that was taken on weak evidence look at a datagram. Returns false when it has refused it and is gone. */
  #attempt(side: Side): boolean {
    let answer: number;
    try {
      answer = (this.#parser as Parser).data(side, this.#window);
    } catch (error) {
      this.host.onParserBug(this.slot, error);
      answer = FAILED;
    }
    if (answer === 0) return true;
    this.#unsure = false;
    if (answer === FAILED) {
      this.#parser = undefined;
      this.#inspection = undefined;
      this.protocolNumber = UNDECIDED;
      return false;
    }
    if (this.#depth === 0) this.host.onProtocol(this.slot, this.protocolNumber);
    if (answer === FINISHED) this.finish();
    else if (this.#handing) this.#change();
    return true;
  }

  /** No more bytes come: what could still have become another protocol is the likeliest one now; then all is told. */
  protected conclude(): void {
    if (this.#parser === undefined && this.#named === UNDECIDED)
      for (const side of [0, 1] as const) {
        const own = this.sideOf(side);
        if (this.done || own.tailLength === 0) continue;
        own.showTail(this.#window);
        if (this.#found(side) !== UNKNOWN || this.host.finder.likely === UNKNOWN) continue;
        this.#start(this.host.finder.likely);
        this.#feedEarlier(side);
        this.#feedEarlier(otherSide(side));
        break;
      }
    if (!this.done) this.finish();
  }

  /** Lets the parser tell what is unfinished, and everything go. */
  protected finish(): void {
    this.done = true;
    this.release();
    this.#endParser();
  }

  /** Gives the memory of both sides back. */
  protected release(): void {
    const held = this.host.held;
    this.client.clear(held);
    this.server.clear(held);
  }

  #endParser(): void {
    const parser = this.#parser;
    this.#parser = undefined;
    if (parser === undefined) return;
    try {
      parser.end();
    } catch (error) {
      this.host.onParserBug(this.slot, error);
    }
    this.#inspection?.end();
    this.#inspection = undefined;
  }

  #found(side: Side): number {
    return this.host.finder.find(this.transport, side, this.#window, this.clientPort, this.serverPort);
  }

  /** Gives the window to the parsers, one after the other when they hand over; returns the bytes consumed. */
  #feed(side: Side): number {
    const window = this.#window;
    const length = window.length;
    let total = 0;
    for (;;) {
      total += this.#feedOnce(side);
      if (this.done || !this.#handing) return this.done ? length : total;
      this.#change();
      if (total >= length) return total;
      window.at = window.end - (length - total);
    }
  }

  #feedOnce(side: Side): number {
    if (this.#parser !== undefined) return this.#call(side);
    const finder = this.host.finder;
    if (this.#named !== UNDECIDED && this.#handOvers > 0 && this.#depth === 0) this.#checkNamed(side);
    let found = this.#named !== UNDECIDED ? this.#named : this.#found(side);
    if (found === UNKNOWN && finder.undecided) {
      if (this.#window.length < probeBytesMax) return 0;
      found = finder.likely;
    }
    if (found === UNKNOWN) {
      const length = this.#window.length;
      const bit = 1 << side;
      if (this.#depth === 0) this.host.onOpening(this.slot, side, this.#window);
      if ((this.#tried & bit) !== 0 || (this.#tried | bit) === 3) {
        // What was handed over and is not recognised keeps the name of what it began with.
        if (this.from === undefined) {
          this.protocolNumber = UNKNOWN;
          if (this.#depth === 0) this.host.onProtocol(this.slot, UNKNOWN);
        }
        this.finish();
      }
      this.#tried |= bit;
      return length;
    }
    const isFound = this.#named === UNDECIDED;
    this.#start(found);
    const other = otherSide(side);
    if (
      isFound &&
      this.#depth === 0 &&
      this.from === undefined &&
      this.sideOf(other).tailLength === 0 &&
      (this.#tried & (1 << other)) === 0
    )
      this.#unheard = other;
    this.#feedEarlier(other);
    return this.done ? this.#window.length : this.#handing ? 0 : this.#call(side);
  }

  /** What the other side sent before the protocol was known comes first. */
  #feedEarlier(side: Side): void {
    const own = this.sideOf(side);
    if (own.tailLength === 0) return;
    const { bytes, view, at, end } = this.#window;
    own.showTail(this.#window);
    const consumed = this.#call(side);
    if (!this.done) own.drop(consumed, this.host.held);
    this.#show(bytes, view, at, end - at);
  }

  #start(protocol: number): void {
    this.protocolNumber = protocol;
    this.#named = UNDECIDED;
    const definition = this.host.finder.definition(protocol);
    // What an unsure parser says may be taken back, and it is asked before anything else: rules see it all the same.
    if (this.host.inspector !== undefined) this.#inspection = this.host.inspector.open(this.slot, definition.name);
    this.#parser = definition.create(this);
    if (this.#depth === 0 && !this.#unsure) this.host.onProtocol(this.slot, protocol);
  }

  /** The parser has handed over: it ends, and the next one is found with the next bytes. */
  #change(): void {
    this.#handing = false;
    const from = this.protocolNumber;
    const named = this.#named;
    this.#endParser();
    this.#named = named;
    if (++this.#handOvers > handOversMax || named === UNKNOWN) {
      this.finish();
      return;
    }
    this.from = this.host.finder.name(from);
    this.expected = this.#note;
    this.#tried = 0;
    if (this.#depth === 0) this.host.onHandOver(this.slot, from);
  }

  /** The first bytes of the other side: the protocol may not be theirs. */
  #compare(side: Side): void {
    this.#unheard = -1;
    const other = this.host.finder.otherThan(this.protocolNumber, this.transport, side, this.#window, this.clientPort, this.serverPort);
    if (other !== UNKNOWN) this.host.onMismatch(this.slot, side, other);
  }

  /** What a connection was to go on as by its first protocol's word. Of TLS the first bytes tell whether it did. */
  #checkNamed(side: Side): void {
    const { finder } = this.host;
    if (this.#named !== finder.numberOf("tls") || finder.mayBe(this.#named, side, this.#window)) return;
    this.#named = UNDECIDED;
    this.unforeseen = true;
    this.host.onDetection(this.slot, side, "no_tls_after_starttls", `what follows ${this.from ?? ""} is not TLS`);
  }

  #call(side: Side): number {
    if (this.#unheard === side) this.#compare(side);
    const length = this.#window.length;
    let consumed: number;
    try {
      consumed = (this.#parser as Parser).data(side, this.#window);
    } catch (error) {
      this.host.onParserBug(this.slot, error);
      this.#parser = undefined;
      this.finish();
      return length;
    }
    if (consumed >= 0) return consumed < length ? consumed : length;
    if (consumed === FAILED) this.host.onParserFailure(this.slot);
    if (consumed === FINISHED || this.transport === "tcp") this.finish();
    return length;
  }

  #show(bytes: Uint8Array, view: DataView, at: number, length: number): void {
    const window = this.#window;
    window.bytes = bytes;
    window.view = view;
    window.at = at;
    window.end = at + length;
  }
}
