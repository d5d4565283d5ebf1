import type { PacketHeader } from "#contract/game-plugin.ts";

export const NO_OPCODE = -1;

/** One packet of a game, in clear. Valid while it is taken: the next one overwrites it. */
export interface GamePacket {
  /** `NO_OPCODE` where the game's packets have no header. */
  readonly opcode: number;
  /** The whole packet, header included. */
  readonly bytes: Uint8Array;
  /** Where the body begins in `bytes`. */
  readonly body: number;
}

/** The packet that is taken; all framers of a thread may share one, since each packet is taken before the next is cut. */
export type PacketSlot = { -readonly [member in keyof GamePacket]: GamePacket[member] };

export const newPacketSlot = (): PacketSlot => ({ opcode: NO_OPCODE, bytes: new Uint8Array(0), body: 0 });

/** A packet that claims more is damage, bytes. */
export const packetBytesMax = 65_536;
/** Bytes looked through for the next header before all of them are given up. */
const searchBytesMax = 65_536;

/**
 * Cuts what one side of a session sent into packets. Of a stream, the beginning of a packet waits for its rest; behind
 * a hole or a length that cannot be, it moves on to the next header that is followed by another or ends the piece.
 *
 *     piece ──► rest + piece ──► [header body][header body][head…  ──► packets; the last one waits
 */
export class Framer {
  /** Bytes that belong to no packet. */
  lost = 0;
  readonly #header: PacketHeader | undefined;
  readonly #known: ReadonlyMap<number, string> | undefined;
  readonly #stream: boolean;
  #rest: Uint8Array | undefined;
  #aligned = true;
  readonly #packet: PacketSlot;

  /** `known` are the opcodes that have names; with them, a header is found again more surely. */
  constructor(
    header: PacketHeader | undefined,
    known: ReadonlyMap<number, string> | undefined,
    stream: boolean,
    packet: PacketSlot = newPacketSlot(),
  ) {
    this.#packet = packet;
    this.#header = header;
    this.#known = known;
    this.#stream = stream;
  }

  /** Bytes held until the rest of their packet comes. */
  get held(): number {
    return this.#rest?.length ?? 0;
  }

  /** The next piece in clear: calls `take` for each packet that is complete. */
  piece(bytes: Uint8Array, take: (packet: GamePacket) => void): void {
    if (bytes.length === 0) return;
    const header = this.#header;
    if (header === undefined) {
      this.#tell(take, NO_OPCODE, bytes, 0);
      return;
    }
    const all = this.#rest === undefined ? bytes : joined(this.#rest, bytes);
    this.#rest = undefined;
    let at = this.#aligned ? 0 : this.#search(all, header, 0);
    while (at + header.bytes <= all.length) {
      const length = header.length === undefined ? all.length - at : lengthAt(all, at, header);
      if (length < header.bytes || length > packetBytesMax) {
        at = this.#search(all, header, at + 1);
        continue;
      }
      if (at + length > all.length) break;
      this.#aligned = true;
      this.#tell(take, opcodeAt(all, at, header), length === all.length ? all : all.subarray(at, at + length), header.bytes);
      at += length;
    }
    this.#keep(all, Math.min(at, all.length));
  }

  /** Bytes are missing: what was begun never ends. */
  gap(): void {
    this.lost += this.held;
    this.#rest = undefined;
    this.#aligned = false;
  }

  /** Forgets the beginning of a packet that will not come. */
  end(): void {
    this.lost += this.held;
    this.#rest = undefined;
  }

  #keep(all: Uint8Array, at: number): void {
    if (at === all.length) return;
    if (this.#stream) this.#rest = all.slice(at);
    else this.lost += all.length - at;
  }

  /** Where the next header that can be stands, at or behind `from`; everything before it is lost. */
  #search(bytes: Uint8Array, header: PacketHeader, from: number): number {
    const end = bytes.length;
    let at = from;
    while (at < end && at - from < searchBytesMax && !this.#plausible(bytes, header, at, end)) at++;
    if (at - from >= searchBytesMax) at = end;
    this.#aligned = at < end;
    this.lost += at - from + (from > 0 ? 1 : 0);
    return at;
  }

  /** A header that can be, and behind it another one or the end of the piece. */
  #plausible(bytes: Uint8Array, header: PacketHeader, at: number, end: number): boolean {
    if (at + header.bytes > end) return false;
    if (this.#known !== undefined && !this.#known.has(opcodeAt(bytes, at, header))) return false;
    const length = header.length === undefined ? end - at : lengthAt(bytes, at, header);
    if (length < header.bytes || length > packetBytesMax || at + length > end) return false;
    const next = at + length;
    if (next + header.bytes > end) return true;
    if (this.#known !== undefined) return this.#known.has(opcodeAt(bytes, next, header));
    const following = lengthAt(bytes, next, header);
    return following >= header.bytes && following <= packetBytesMax;
  }

  #tell(take: (packet: GamePacket) => void, opcode: number, bytes: Uint8Array, body: number): void {
    const packet = this.#packet;
    packet.opcode = opcode;
    packet.bytes = bytes;
    packet.body = Math.min(body, bytes.length);
    take(packet);
  }
}

const opcodeAt = (bytes: Uint8Array, at: number, { opcode, bigEndian }: PacketHeader): number =>
  unsigned(bytes, at + opcode.offset, opcode.bytes, bigEndian);

/** Length of the whole packet at `at`, by what the header's length counts. */
function lengthAt(bytes: Uint8Array, at: number, header: PacketHeader): number {
  const { length } = header;
  if (length === undefined) return bytes.length - at;
  const value = unsigned(bytes, at + length.offset, length.bytes, header.bigEndian) + length.adjust;
  if (length.counts === "packet") return value;
  return value + (length.counts === "body" ? header.bytes : length.offset + length.bytes);
}

/**
 * 0 behind the end: a header that lies about its own size is not read beyond what is there. Byte by byte, since a view
 * over each piece costs more than all its headers.
 */
function unsigned(bytes: Uint8Array, at: number, count: 1 | 2 | 4, bigEndian: boolean): number {
  if (at < 0 || at + count > bytes.length) return 0;
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[bigEndian ? at + i : at + count - 1 - i] as number);
  return value;
}

function joined(rest: Uint8Array, more: Uint8Array): Uint8Array {
  const all = new Uint8Array(rest.length + more.length);
  all.set(rest);
  all.set(more, rest.length);
  return all;
}
