import type { InnerStream, ParserContext, Side } from "#contract/parser.ts";
import type { Inflater } from "#contract/platform.ts";

/** Bytes of a text message that are kept to be looked at for JSON-RPC. */
export const documentBytesMax = 262_144;
/** Decoded bytes that a message may always have, and how often more than it has on the wire beyond them. */
export const bombBytesMin = 8 * 1024 * 1024;
export const bombRatioMax = 250;

const DEFLATE_TAIL = Uint8Array.of(0, 0, 0xff, 0xff);
const NEWLINE = Uint8Array.of(0x0a);

/** What both sides of a connection share: the streams that travel in its messages. */
export class Carried {
  readonly #context: ParserContext;
  readonly #protocol: string | undefined;
  #texts: InnerStream | undefined = undefined;
  #binary: InnerStream | undefined = undefined;

  /** `subprotocol` is what the server agreed to. */
  constructor(context: ParserContext, subprotocol: string | undefined) {
    this.#context = context;
    this.#protocol = subprotocol?.startsWith("mqtt") === true ? "mqtt" : undefined;
  }

  binary(side: Side, bytes: Uint8Array, from: number, to: number): void {
    this.#binary ??= this.#context.inner(this.#protocol);
    if (this.#binary?.done === false) this.#binary.data(side, bytes, from, to);
  }

  binaryGap(side: Side, bytes: number): void {
    this.#binary?.gap(side, bytes);
  }

  /** A whole text message. */
  text(side: Side, bytes: Uint8Array, length: number): void {
    if (this.#texts?.done === true || !looksLikeRpc(bytes, length)) return;
    this.#texts ??= this.#context.inner("json-rpc");
    this.#texts?.data(side, bytes, 0, length);
    this.#texts?.data(side, NEWLINE, 0, 1);
  }

  end(): void {
    this.#texts?.end();
    this.#binary?.end();
  }
}

/** `"jsonrpc"` in a JSON text. */
function looksLikeRpc(bytes: Uint8Array, length: number): boolean {
  const first = bytes[0];
  if (length < 16 || (first !== 0x7b && first !== 0x5b)) return false;
  for (let at = bytes.indexOf(0x6a); at >= 0 && at + 7 < length; at = bytes.indexOf(0x6a, at + 1))
    if (bytes[at - 1] === 0x22 && bytes[at + 1] === 0x73 && bytes[at + 4] === 0x72 && bytes[at + 7] === 0x22) return true;
  return false;
}

/** Puts the messages of one side together from the payloads of their frames. */
export class Messages {
  /** Gets every piece of content, decompressed. */
  onContent: ((bytes: Uint8Array, from: number, to: number) => void) | undefined = undefined;
  /** Set when a message could not be decompressed: the name of the anomaly. */
  trouble: string | undefined = undefined;
  readonly #context: ParserContext;
  readonly #side: Side;
  readonly #carried: Carried;
  readonly #takesOver: boolean;
  #inflater: Inflater | undefined = undefined;
  #inflates = false;
  #broken = false;
  #binary = false;
  #document = new Uint8Array(0);
  #length = 0;
  #tooLong = false;
  #in = 0;
  #out = 0;

  /** `takesOver`: a message may refer to the one before it (RFC 7692 §7.2). */
  constructor(context: ParserContext, side: Side, carried: Carried, takesOver: boolean) {
    this.#context = context;
    this.#side = side;
    this.#carried = carried;
    this.#takesOver = takesOver;
  }

  begin(binary: boolean, compressed: boolean): void {
    this.#binary = binary;
    this.#inflates = compressed;
    this.#length = 0;
    this.#tooLong = false;
    this.#in = 0;
    this.#out = 0;
    if (compressed && !this.#broken) this.#inflater ??= this.#context.platform.inflater?.("deflate");
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (this.#inflates) this.#inflate(bytes, from, to);
    else this.#content(bytes, from, to);
  }

  gap(bytes: number): void {
    this.#tooLong = true;
    if (this.#inflates) this.#broken = true;
    else if (this.#binary) this.#carried.binaryGap(this.#side, bytes);
  }

  finish(): void {
    if (this.#inflates) {
      this.#inflate(DEFLATE_TAIL, 0, 4);
      if (!this.#takesOver) this.#forget();
    }
    if (!this.#binary && !this.#tooLong && !(this.#inflates && this.#broken)) this.#carried.text(this.#side, this.#document, this.#length);
    this.#length = 0;
  }

  end(): void {
    this.#forget();
  }

  #forget(): void {
    this.#inflater?.close();
    this.#inflater = undefined;
  }

  #inflate(bytes: Uint8Array, from: number, to: number): void {
    if (this.#broken || this.#inflater === undefined) return;
    this.#in += to - from;
    const result = this.#inflater.push(bytes, from, to, (piece, start, stop) => {
      this.#out += stop - start;
      if (this.#out > bombBytesMin && this.#out > this.#in * bombRatioMax) return false;
      this.#content(piece, start, stop);
      return true;
    });
    if (result === "more") return;
    // A message may end its own stream; the next one begins another.
    if (result === "end") this.#forget();
    else {
      this.#broken = true;
      this.trouble = result === "refused" ? "compression_bomb" : "decompression_failed";
      this.#forget();
    }
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    this.onContent?.(bytes, from, to);
    if (this.#binary) this.#carried.binary(this.#side, bytes, from, to);
    else this.#keep(bytes, from, to);
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (this.#tooLong || needed > documentBytesMax) {
      this.#tooLong = true;
      return;
    }
    if (needed > this.#document.length) {
      const grown = new Uint8Array(Math.max(256, needed * 2));
      grown.set(this.#document.subarray(0, this.#length));
      this.#document = grown;
    }
    this.#document.set(bytes.subarray(from, to), this.#length);
    this.#length = needed;
  }
}
