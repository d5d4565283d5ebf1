import { type ByteView, latin1, toHex } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Length, name, reserved bits, torrent, peer (BEP 3). */
export const HANDSHAKE_BYTES = 68;
const NAME = "\x13BitTorrent protocol";
const RESERVED = 20;
const TORRENT = 28;
const PEER = 48;

export function probeStream(_side: Side, { bytes, at, end }: ByteView): Probe {
  for (let i = 0; i < NAME.length; i++) {
    if (at + i >= end) return Probe.more;
    if (bytes[at + i] !== NAME.charCodeAt(i)) return Probe.no;
  }
  return Probe.yes;
}

/** True when a whole handshake stands here. */
export const isHandshake = (bytes: Uint8Array, at: number, end: number): boolean =>
  end - at >= HANDSHAKE_BYTES && bytes[at] === 0x13 && latin1(bytes, at, at + NAME.length) === NAME;

export function handshakeOf(bytes: Uint8Array, at: number): Transaction {
  const extensions: string[] = [];
  if (((bytes[at + RESERVED + 7] as number) & 1) !== 0) extensions.push("dht");
  if (((bytes[at + RESERVED + 7] as number) & 4) !== 0) extensions.push("fast");
  if (((bytes[at + RESERVED + 5] as number) & 0x10) !== 0) extensions.push("extended");
  return { type: "handshake", info_hash: toHex(bytes, at + TORRENT, at + PEER), ...peerOf(bytes, at + PEER), extensions };
}

/** The peer's id and, when it follows the usual form, its software: `-qB4620-`. */
export function peerOf(bytes: Uint8Array, at: number): Transaction {
  const told: Transaction = { peer_id: toHex(bytes, at, at + 20) };
  const start = latin1(bytes, at, at + 8);
  if (/^-[A-Za-z~]{2}[0-9A-Za-z.]{4}-$/.test(start)) told["client"] = start;
  return told;
}

/** Reads the handshakes of both sides; what follows is of no interest. */
export class HandshakeParser implements Parser {
  readonly #context: ParserContext;
  readonly #seen: [boolean, boolean] = [false, false];

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    if (this.#seen[side]) return end - at;
    if (end - at < HANDSHAKE_BYTES) return 0;
    if (!isHandshake(bytes, at, end)) return FAILED;
    this.#seen[side] = true;
    this.#context.emit("bittorrent", side, side, handshakeOf(bytes, at));
    return this.#seen[0] && this.#seen[1] ? FINISHED : end - at;
  }

  gap(side: Side): boolean {
    const seen = this.#seen[side];
    this.#seen[side] = true;
    return seen || !this.#seen[1 - side];
  }

  end(): void {}
}
