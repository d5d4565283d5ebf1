import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { Connection } from "./connection.ts";
import {
  DATAGRAM_HEADER_BYTES,
  datagramMessageBytesMax,
  FRAGMENT_HEADER_BYTES,
  fragmentBytes,
  fragmentOffset,
  messageBytes,
  messageNumber,
  messageType,
  recordBytes,
  recordEpoch,
  recordType,
  soundFragment,
  soundRecord,
} from "./datagram-records.ts";
import { OrderedBytes } from "./ordered-bytes.ts";
import { ContentType, Handshake } from "./records.ts";

/** Messages of one side that are being put together at once; the oldest goes first. */
export const partialMessagesMax = 4;
const fragmentsMax = 64;
/** Numbers of messages that were told, kept to know repetitions. */
const toldMax = 64;

interface PartialMessage {
  readonly number: number;
  readonly type: number;
  readonly length: number;
  readonly content: OrderedBytes;
}

/** What one side has sent of its handshake. */
class DatagramSide {
  readonly told = new Set<number>();
  readonly partial: PartialMessage[] = [];
}

/**
 * Reads the handshake of one DTLS connection: records in datagrams, messages in fragments, everything perhaps repeated
 * or out of order (RFC 6347 §4.2). Datagrams that hold no sound record are stepped over: the port may be shared with
 * STUN and SRTP (RFC 7983).
 */
export class DatagramParser extends Connection implements Parser {
  readonly #sides = [new DatagramSide(), new DatagramSide()] as const;

  constructor(context: ParserContext) {
    super(context, "d");
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, end } = input;
    let at = input.at;
    while (!this.done && soundRecord(view, at, end)) {
      const start = at + DATAGRAM_HEADER_BYTES;
      const stop = start + recordBytes(view, at);
      this.#record(side, recordType(view, at), recordEpoch(view, at), bytes, view, start, stop);
      at = stop;
    }
    // DTLS 1.3: the first three bits of an encrypted record.
    if (at < end && view.getUint8(at) >>> 5 === 1 && !this.done) this.opaque(side);
    return this.done ? FINISHED : input.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    if (this.done) return;
    for (const side of [0, 1] as const)
      for (const { type, content } of this.#sides[side].partial)
        if (type === Handshake.clientHello && content.whole > 0) this.partialHello(side, content.bytes, 0, content.whole);
    this.conclude();
  }

  #record(side: Side, type: number, epoch: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (epoch > 0 || type === ContentType.applicationData) this.opaque(side);
    else if (type === ContentType.changeCipherSpec) this.changeCipherSpec(side);
    else if (type === ContentType.alert && end - at === 2) this.alert(side, view.getUint8(at) === 2, view.getUint8(at + 1));
    else if (type === ContentType.handshake) this.#fragments(side, bytes, view, at, end);
  }

  #fragments(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    let i = at;
    while (i < end && !this.done) {
      if (!soundFragment(view, i, end)) return;
      const body = i + FRAGMENT_HEADER_BYTES;
      this.#fragment(this.#sides[side], side, bytes, view, i, body);
      i = body + fragmentBytes(view, i);
    }
  }

  #fragment(own: DatagramSide, side: Side, bytes: Uint8Array, view: DataView, at: number, body: number): void {
    const number = messageNumber(view, at);
    if (own.told.has(number)) return;
    const type = messageType(view, at);
    const length = messageBytes(view, at);
    const taken = fragmentBytes(view, at);
    if (taken === length) {
      this.#tellOnce(own, side, number, type, bytes, view, body, body + length);
      return;
    }
    if (length > datagramMessageBytesMax || !isRead(type)) return;
    const partial = partialOf(own, number, type, length);
    if (partial === undefined) return;
    partial.content.add(fragmentOffset(view, at), bytes, body, body + taken);
    if (partial.content.whole < length) return;
    own.partial.splice(own.partial.indexOf(partial), 1);
    const whole = partial.content.bytes;
    this.#tellOnce(own, side, number, type, whole, new DataView(whole.buffer), 0, length);
  }

  #tellOnce(own: DatagramSide, side: Side, number: number, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (own.told.size < toldMax) own.told.add(number);
    this.message(side, type, bytes, view, at, end);
  }
}

const isRead = (type: number): boolean =>
  type === Handshake.clientHello || type === Handshake.serverHello || type === Handshake.certificate;

/** The message that a fragment belongs to; `undefined` when it contradicts an earlier one. */
function partialOf(own: DatagramSide, number: number, type: number, length: number): PartialMessage | undefined {
  const known = own.partial.find((one) => one.number === number);
  if (known !== undefined) return known.type === type && known.length === length ? known : undefined;
  if (own.partial.length >= partialMessagesMax) own.partial.shift();
  const partial = { number, type, length, content: new OrderedBytes(length, fragmentsMax) };
  own.partial.push(partial);
  return partial;
}
