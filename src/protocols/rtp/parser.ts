import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";
import { beginsControl, isCompound, readControl } from "./control.ts";
import { HEADER_BYTES, isControl, likelyType, payloadBytes, ssrc, staticCodec } from "./packet.ts";
import { MediaStream } from "./stream.ts";

/** Sources of one side, and datagrams of reports, that are told. */
const sourcesMax = 8;
const reportsMax = 256;
/** Datagrams within which two packets of one source must have come, for a flow that nobody announced. */
const doubtMax = 8;
/** Farthest that the second packet may be ahead of the first. */
const aheadMax = 64;
const ZRTP_COOKIE = 0x5a52_5450;

const directionOf = (side: Side): string => (side === 0 ? "to_server" : "to_client");

/**
 * Reads media and their control messages: a `rtp` event for each source at the end, a `rtcp` event for each datagram of
 * reports. A flow that nobody announced is media once two packets of one source follow each other.
 */
export class RtpParser implements Parser {
  readonly #context: ParserContext;
  readonly #sources: readonly [MediaStream[], MediaStream[]] = [[], []];
  readonly #secure: boolean;
  #keyAgreement: string | undefined = undefined;
  #sure: boolean;
  #datagrams = 0;
  #reports = 0;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#sure = context.expected !== undefined;
    this.#secure = context.expected?.["secure"] === true;
  }

  data(side: Side, view: ByteView): number {
    this.#datagrams++;
    const first = view.length === 0 ? 0 : (view.bytes[view.at] as number);
    if (first >>> 6 === 2 && view.length >= 8 && isControl(view.bytes[view.at + 1] as number)) return this.#control(side, view);
    const payload = payloadBytes(view);
    if (payload < 0) return this.#other(view, first);
    const ahead = this.#media(side, view, payload);
    if (this.#sure) return view.length;
    if (ahead === 0 && this.#datagrams < doubtMax) return 0;
    if (ahead < 1 || ahead > aheadMax || !likelyType((view.bytes[view.at + 1] as number) & 0x7f)) return FAILED;
    this.#sure = true;
    return view.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    if (!this.#sure) return;
    for (const side of [0, 1] as const) for (const source of this.#sources[side]) this.#tell(side, source);
  }

  /** Adds a packet to its source. Returns how far it is ahead; 0 of a source's first. */
  #media(side: Side, view: ByteView, payload: number): number {
    const number = ssrc(view.view, view.at);
    const sources = this.#sources[side];
    const known = sources.find((source) => source.ssrc === number);
    if (known !== undefined) return known.add(view, payload, this.#context.time);
    if (!this.#sure && sources.length > 0) return -1;
    if (sources.length < sourcesMax) {
      const source = new MediaStream(number, this.#codec((view.bytes[view.at + 1] as number) & 0x7f));
      source.add(view, payload, this.#context.time);
      sources.push(source);
    }
    return 0;
  }

  #codec(type: number): string | undefined {
    const codecs = this.#context.expected?.["codecs"] as { readonly [type: string]: string } | undefined;
    return codecs?.[type] ?? staticCodec(type);
  }

  /** What travels beside media: keys are agreed on, ways kept open. */
  #other({ view, at, end }: ByteView, first: number): number {
    if (end - at >= HEADER_BYTES && first >>> 4 === 1 && view.getUint32(at + 4) === ZRTP_COOKIE) this.#keyAgreement = "zrtp";
    else if (end - at >= HEADER_BYTES && first >= 20 && first <= 63 && view.getUint8(at + 1) === 0xfe) this.#keyAgreement ??= "dtls";
    if (this.#sure) return end - at;
    return FAILED;
  }

  #control(side: Side, view: ByteView): number {
    if (!this.#sure) return 0;
    const plain = !this.#secure && isCompound(view);
    if ((plain || beginsControl(view)) && this.#reports++ < reportsMax)
      this.#context.emit("rtcp", side, this.#transactions++, readControl(view, directionOf(side), !plain));
    return view.length;
  }

  #tell(side: Side, source: MediaStream): void {
    const fields: Transaction = { direction: directionOf(side), ...source.told() };
    const { expected } = this.#context;
    if (expected?.["media"] !== undefined) fields["media"] = expected["media"];
    if (expected?.["call_id"] !== undefined) fields["call_id"] = expected["call_id"];
    if (this.#secure || this.#keyAgreement !== undefined) fields["encrypted"] = true;
    if (this.#keyAgreement !== undefined) fields["key_agreement"] = this.#keyAgreement;
    this.#context.emit("rtp", side, this.#transactions++, fields);
  }
}

/** Reads control messages on a port of their own: a `rtcp` event for each datagram. */
export class RtcpParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const plain = this.#context.expected?.["secure"] !== true && isCompound(view);
    if (!plain && !beginsControl(view)) return this.#context.expected === undefined ? FAILED : view.length;
    if (this.#transactions < reportsMax)
      this.#context.emit("rtcp", side, this.#transactions++, readControl(view, directionOf(side), !plain));
    return view.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}
