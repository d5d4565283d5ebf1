import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { FAILED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { readMessage } from "./message.ts";
import { COOKIE, HEADER_BYTES } from "./probe.ts";

/** Requests of one flow whose numbers are remembered for their answers. */
const pendingMax = 64;
/** Datagrams in a row that are not STUN: then the flow belongs to the call. */
const othersMax = 3;

abstract class StunParser implements Parser {
  protected readonly context: ParserContext;
  readonly #pending = new Map<string, number>();
  #transactions = 0;

  constructor(context: ParserContext) {
    this.context = context;
  }

  abstract data(side: Side, view: ByteView): number;
  abstract gap(side: Side, bytes: number): boolean;

  end(): void {}

  protected tell(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const { fields, sound } = readMessage(bytes, view, at, end);
    if (!sound) this.context.anomaly(side, "malformed_data");
    const id = fields["transaction_id"] as string;
    let txId = this.#pending.get(id);
    if (txId === undefined) {
      txId = this.#transactions++;
      if (fields["class"] === "request") {
        if (this.#pending.size >= pendingMax) for (const oldest of [...this.#pending.keys()].slice(0, 1)) this.#pending.delete(oldest);
        this.#pending.set(id, txId);
      }
    } else if (fields["class"] !== "request") this.#pending.delete(id);
    this.context.emit("stun", side, txId, fields);
  }
}

/**
 * STUN over UDP: an event for each message. The call itself (DTLS, RTP) follows on the same ports: once it has begun
 * the flow is handed over to it.
 */
export class StunDatagrams extends StunParser {
  #others = 0;

  override data(side: Side, { bytes, view, at, end }: ByteView): number {
    const first = end > at ? (bytes[at] as number) : 0;
    if (end - at >= HEADER_BYTES && first < 0x40) {
      const stop = at + HEADER_BYTES + view.getUint16(at + 2);
      if (stop <= end && (stop === end || view.getUint32(at + 4) === COOKIE)) {
        this.#others = 0;
        this.tell(side, bytes, view, at, stop);
        return end - at;
      }
    }
    // Data of a channel of the relay (RFC 8656 §12.4) is not followed.
    if (first >= 0x40 && first < 0x50) return end - at;
    const isDtls = first >= 20 && first <= 63 && bytes[at + 1] === 0xfe;
    const isMedia = first >= 0x80 && first < 0xc0;
    if (isDtls || (isMedia && ++this.#others >= othersMax)) {
      this.context.handOver();
      return 0;
    }
    return end - at;
  }

  override gap(): boolean {
    return true;
  }
}

/** STUN over TCP, bare or with a length before each packet (RFC 4571). */
export class StunStream extends StunParser {
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];

  override data(side: Side, window: ByteView): number {
    const { bytes, view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < HEADER_BYTES) {
        // Data of a channel may be shorter than a message.
        if (end - at < 4 || (bytes[at] as number) < 0x40 || (bytes[at] as number) >= 0x80) return place.wait(window, at, 0);
      }
      const first = bytes[at] as number;
      if (first >= 0x40 && first < 0x50) {
        at = place.skip(window, at, 4 + ((view.getUint16(at + 2) + 3) & ~3));
        continue;
      }
      const framed = view.getUint32(at + 4) !== COOKIE ? 2 : 0;
      const start = at + framed;
      const length = framed > 0 ? view.getUint16(at) : HEADER_BYTES + view.getUint16(at + 2);
      if (framed > 0 && length < HEADER_BYTES) {
        at = place.skip(window, at, 2 + length);
        continue;
      }
      if (start + 8 > end) return place.wait(window, at, 0);
      const isMessage = view.getUint32(start + 4) === COOKIE && (view.getUint16(start) & 0xc000) === 0;
      if (!isMessage && (framed === 0 || first >= 0x40)) {
        this.context.anomaly(side, "malformed_data");
        return FAILED;
      }
      if (end - start < length) return place.wait(window, at, framed + length);
      if (isMessage) this.tell(side, bytes, view, start, Math.min(start + length, start + HEADER_BYTES + view.getUint16(start + 2)));
      at = start + length;
    }
    return window.length;
  }

  override gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }
}
