import type { ByteView } from "#base/bytes.ts";
import { GrowingBytes } from "#base/growing-bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { RuleTap } from "#contract/inspector.ts";
import { FAILED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { Carried, Messages } from "./messages.ts";

/** Frames of a connection that are told; the others are counted. */
export const framesToldMax = 512;
/** Bytes of a text that are told. */
export const printableBytesMax = 256;
/** Bytes of a frame's payload that rules see, decompressed. */
const payloadBytesMax = 102_400;
/** Bytes that are unmasked at a time. */
const pieceBytes = 8192;
/** Payload of control frames (RFC 6455 §5.5). */
const controlBytesMax = 125;

const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const names: readonly string[] = ["continuation", "text", "binary", "3", "4", "5", "6", "7", "close", "ping", "pong"];

/** The frame that one side is sending. */
class FrameSide {
  readonly messages: Messages;
  /** A frame's header was read, its end not yet. */
  open = false;
  fin = false;
  opcode = 0;
  /** The message is compressed: said in its first frame. */
  compressed = false;
  inMessage = false;
  binary = false;
  masked = false;
  /** First byte of its header: flags and opcode. */
  first = 0;
  readonly mask = new Uint8Array(4);
  length = 0;
  left = 0;
  /** Beginning of the content, of text and control frames. */
  readonly content = new Uint8Array(printableBytesMax);
  contentLength = 0;
  /** The content as far as rules see it, when one looks. */
  payload: GrowingBytes | undefined = undefined;
  frames = 0;
  bytes = 0;

  constructor(messages: Messages) {
    this.messages = messages;
  }
}

/** Reads a WebSocket behind its handshake (RFC 6455 §5): frames, and the messages that they make. */
export class WebSocketParser implements Parser {
  readonly #context: ParserContext;
  readonly #carried: Carried;
  readonly #sides: readonly [FrameSide, FrameSide];
  readonly #note: Transaction;
  readonly #piece = new Uint8Array(pieceBytes);
  #count = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#note = context.expected ?? {};
    const extensions = typeof this.#note["extensions"] === "string" ? this.#note["extensions"] : "";
    this.#carried = new Carried(context, this.#note["protocol"] as string | undefined);
    const side = (which: Side, refuses: string) =>
      new FrameSide(new Messages(context, which, this.#carried, !extensions.includes(refuses)));
    this.#sides = [side(Side.toServer, "client_no_context_takeover"), side(Side.toClient, "server_no_context_takeover")];
  }

  data(side: Side, { bytes, at: start, end }: ByteView): number {
    const own = this.#sides[side];
    let at = start;
    while (at < end) {
      const next = own.open ? this.#payload(side, own, bytes, at, end) : this.#header(side, own, bytes, at, end);
      if (next === FAILED) return FAILED;
      if (next === at) break;
      at = next;
    }
    return at - start;
  }

  /** Inside a payload the way goes on; elsewhere the next frame's place is not known. */
  gap(side: Side, bytes: number): boolean {
    const own = this.#sides[side];
    if (!own.open || bytes > own.left) return false;
    own.left -= bytes;
    if (own.opcode < Opcode.close) own.messages.gap(bytes);
    if (own.left === 0) this.#endFrame(side, own);
    return true;
  }

  end(): void {
    const [client, server] = this.#sides;
    for (const own of this.#sides) own.messages.end();
    this.#carried.end();
    if (this.#count === 0) return;
    const { url, protocol, extensions } = this.#note;
    const untold = this.#count - framesToldMax;
    this.#context.emit("websocket", Side.toServer, this.#count, {
      connection: {
        ...(url === undefined ? {} : { url }),
        ...(protocol === undefined ? {} : { protocol }),
        ...(extensions === undefined ? {} : { extensions }),
        frames_toserver: client.frames,
        frames_toclient: server.frames,
        bytes_toserver: client.bytes,
        bytes_toclient: server.bytes,
        ...(untold > 0 ? { untold } : {}),
      },
    });
  }

  /** RFC 6455 §5.2. */
  #header(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return at;
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    const masked = second >= 0x80;
    const short = second & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    const headerBytes = 2 + wide + (masked ? 4 : 0);
    if (end - at < headerBytes) return at;
    let length = wide === 0 ? short : 0;
    for (let i = 0; i < wide; i++) length = length * 256 + (bytes[at + 2 + i] as number);
    if (length > Number.MAX_SAFE_INTEGER || !this.#frameFits(side, own, first, length)) return FAILED;
    own.masked = masked;
    if (masked) for (let i = 0; i < 4; i++) own.mask[i] = bytes[at + headerBytes - 4 + i] as number;
    own.open = true;
    own.length = length;
    own.left = length;
    own.contentLength = 0;
    this.#begin(own, first);
    if (length === 0) this.#endFrame(side, own);
    return at + headerBytes;
  }

  /** Bits and lengths that no frame has mean that the place of frames was lost. */
  #frameFits(side: Side, own: FrameSide, first: number, length: number): boolean {
    const opcode = first & 0x0f;
    const fin = first >= 0x80;
    const control = opcode >= Opcode.close;
    const known = opcode <= Opcode.binary || (control && opcode <= Opcode.pong);
    if (known && (first & 0x30) === 0 && !(control && (!fin || length > controlBytesMax))) {
      if (!control && (opcode === Opcode.continuation) !== own.inMessage) this.#context.anomaly(side, "unexpected_frame", names[opcode]);
      return true;
    }
    this.#context.anomaly(side, "invalid_frame", `first byte ${first}, ${length} bytes`);
    return false;
  }

  #begin(own: FrameSide, first: number): void {
    own.first = first;
    own.opcode = first & 0x0f;
    own.fin = first >= 0x80;
    if (this.#context.rules?.wants("websocket.payload") === true) own.payload ??= new GrowingBytes(payloadBytesMax);
    own.payload?.clear();
    if (own.opcode >= Opcode.close) return;
    if (own.opcode !== Opcode.continuation) {
      own.compressed = (first & 0x40) !== 0;
      own.binary = own.opcode === Opcode.binary;
      own.messages.begin(own.binary, own.compressed);
    }
    own.inMessage = !own.fin;
    own.messages.onContent = own.binary && own.payload === undefined ? undefined : (bytes, from, to) => keep(own, bytes, from, to);
  }

  #payload(side: Side, own: FrameSide, bytes: Uint8Array, at: number, end: number): number {
    const stop = Math.min(end, at + own.left, own.masked ? at + pieceBytes : end);
    if (own.masked) {
      const offset = own.length - own.left;
      for (let i = at; i < stop; i++) this.#piece[i - at] = (bytes[i] as number) ^ (own.mask[(offset + i - at) & 3] as number);
      this.#content(own, this.#piece, 0, stop - at);
    } else this.#content(own, bytes, at, stop);
    own.left -= stop - at;
    if (own.left === 0) this.#endFrame(side, own);
    return stop;
  }

  #content(own: FrameSide, bytes: Uint8Array, from: number, to: number): void {
    if (own.opcode >= Opcode.close) keep(own, bytes, from, to);
    else own.messages.data(bytes, from, to);
  }

  #endFrame(side: Side, own: FrameSide): void {
    own.open = false;
    own.frames++;
    own.bytes += own.length;
    if (own.opcode < Opcode.close && own.fin) own.messages.finish();
    const { trouble } = own.messages;
    if (trouble !== undefined) this.#context.anomaly(side, trouble);
    own.messages.trouble = undefined;
    const number = this.#count++;
    const { rules } = this.#context;
    if (rules !== undefined) giveValues(rules, side, number, own);
    if (number >= framesToldMax) rules?.judge(side, number);
    else this.#context.emit("websocket", side, number, eventOf(own));
  }
}

function giveValues(rules: RuleTap, side: Side, txId: number, { first, masked, mask, payload }: FrameSide): void {
  rules.number("websocket.opcode", side, txId, first & 0x0f);
  rules.number("websocket.flags", side, txId, first & 0xf0);
  if (masked) rules.number("websocket.mask", side, txId, new DataView(mask.buffer).getUint32(0));
  if (payload !== undefined && payload.length > 0) rules.value("websocket.payload", side, txId, payload.bytes, 0, payload.length);
}

/** Keeps the beginning of a content: more of it for rules. */
function keep(own: FrameSide, bytes: Uint8Array, from: number, to: number): void {
  own.payload?.add(bytes, from, to);
  if (own.binary && own.opcode < Opcode.close) return;
  const stop = Math.min(to, from + printableBytesMax - own.contentLength);
  for (let i = from; i < stop; i++) own.content[own.contentLength++] = bytes[i] as number;
}

function eventOf(own: FrameSide): Transaction {
  const fields: Transaction = { fin: own.fin };
  if (own.masked) fields["mask"] = new DataView(own.mask.buffer).getUint32(0);
  fields["opcode"] = names[own.opcode] ?? String(own.opcode);
  fields["payload_length"] = own.length;
  if (own.compressed && own.opcode < Opcode.close) fields["compressed"] = true;
  if (own.opcode === Opcode.close) {
    if (own.contentLength < 2) return fields;
    fields["close_code"] = ((own.content[0] as number) << 8) | (own.content[1] as number);
    if (own.contentLength > 2) fields["close_reason"] = looseText(own.content, 2, own.contentLength);
  } else if (own.contentLength > 0 && (own.opcode < Opcode.close || isText(own)))
    fields["payload_printable"] = looseText(own.content, 0, own.contentLength);
  return fields;
}

/** True when a control frame's payload is a text. */
function isText(own: FrameSide): boolean {
  for (let i = 0; i < own.contentLength; i++) if ((own.content[i] as number) < 0x20 || (own.content[i] as number) >= 0x7f) return false;
  return true;
}
