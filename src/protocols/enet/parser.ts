import type { ByteView } from "#base/bytes.ts";
import type { Parser, ParserContext, Side } from "#contract/parser.ts";
import { Probe } from "#contract/parser.ts";
import { addRule, answer, GameTeller, notice, query } from "#protocols/game-query/message.ts";

/** Flags beside the peer's number: the time follows; the commands are compressed. */
const SENT_TIME = 0x8000;
const COMPRESSED = 0x4000;
const PEER_MASK = 0x0fff;
const NO_PEER = 0x0fff;

const Command = {
  acknowledge: 1,
  connect: 2,
  verifyConnect: 3,
  disconnect: 4,
  ping: 5,
  reliable: 6,
  unreliable: 7,
  fragment: 8,
  unsequenced: 9,
} as const;
/** Bytes of each command, and where the length of its data stands in it. */
const commandBytes = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24];
const lengthAt = [0, 0, 0, 0, 0, 0, 4, 6, 6, 6, 0, 0, 6];
const CHECKSUM_BYTES = 4;

/** A connection's number of a peer that has none yet, and a command that joins, alone and whole. */
export function probe(_side: Side, { view, at, end }: ByteView): Probe {
  const length = end - at;
  if (length < 44 || length > 72) return Probe.no;
  const flags = view.getUint16(at);
  if ((flags & SENT_TIME) === 0 || (flags & COMPRESSED) !== 0) return Probe.no;
  for (const skip of [4, 4 + CHECKSUM_BYTES]) {
    const i = at + skip;
    const kind = view.getUint8(i);
    if (view.getUint8(i + 1) !== 0xff || view.getUint16(i + 2) !== 1) continue;
    if (kind === 0x82 && (flags & PEER_MASK) === NO_PEER && i + 48 === end && fits(view, i + 8)) return Probe.yes;
    if (kind === 0x83 && i + 44 <= end && fits(view, i + 8)) return Probe.yes;
  }
  return Probe.no;
}

/** Datagram size, window and channels within ENet's own limits. */
function fits(view: DataView, at: number): boolean {
  const mtu = view.getUint32(at);
  const window = view.getUint32(at + 4);
  const channels = view.getUint32(at + 8);
  return mtu >= 576 && mtu <= 4096 && window >= 4096 && window <= 65_536 && channels >= 1 && channels <= 255;
}

/** Goes from command to command. Returns whether they fill the datagram. */
function walk(view: DataView, from: number, end: number, tell?: (kind: number, at: number) => void): boolean {
  let i = from;
  while (i < end) {
    const kind = view.getUint8(i) & 0x0f;
    const size = commandBytes[kind] ?? 0;
    if (size === 0 || end - i < size) return false;
    const place = lengthAt[kind] as number;
    const next = i + size + (place > 0 ? view.getUint16(i + place) : 0);
    if (next > end) return false;
    tell?.(kind, i);
    i = next;
  }
  return true;
}

/** Walks through the commands of each datagram; what the game says itself is counted. */
export class EnetParser implements Parser {
  readonly #teller: GameTeller;
  readonly #counts = { datagrams: 0, reliable: 0, unreliable: 0, fragments: 0, acknowledgements: 0, compressed: 0 };
  /** Bytes between header and commands: a check sum is used by all datagrams or by none. */
  #checksumBytes = -1;
  #lastSide: Side = 0;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, { view, at, end }: ByteView): number {
    if (end - at < 4) return end - at;
    this.#lastSide = side;
    this.#counts.datagrams++;
    const flags = view.getUint16(at);
    if ((flags & COMPRESSED) !== 0) {
      this.#counts.compressed++;
      return end - at;
    }
    const header = (flags & SENT_TIME) !== 0 ? 4 : 2;
    if (this.#checksumBytes < 0) this.#checksumBytes = walk(view, at + header, end) ? 0 : CHECKSUM_BYTES;
    walk(view, at + header + this.#checksumBytes, end, (kind, place) => this.#command(side, kind, view, place));
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    if (this.#counts.datagrams < 2) return;
    const message = notice("enet", "session");
    for (const [name, count] of Object.entries(this.#counts)) addRule(message, name, `${count}`);
    this.#teller.tell(this.#lastSide, message);
  }

  #command(side: Side, kind: number, view: DataView, at: number): void {
    const counts = this.#counts;
    if (kind === Command.acknowledge) counts.acknowledgements++;
    else if (kind === Command.reliable) counts.reliable++;
    else if (kind === Command.unreliable || kind === Command.unsequenced) counts.unreliable++;
    else if (kind === Command.fragment || kind === 12) counts.fragments++;
    else if (kind === Command.connect || kind === Command.verifyConnect) {
      const isAsked = kind === Command.connect;
      const message = isAsked ? query("enet", "connect") : answer("enet", "connect");
      message.mtu = view.getUint32(at + 8);
      message.guid = view
        .getUint32(at + 40)
        .toString(16)
        .padStart(8, "0");
      addRule(message, "channels", `${view.getUint32(at + 16)}`);
      if (isAsked) addRule(message, "data", `${view.getUint32(at + 44)}`);
      this.#teller.tell(side, message);
    } else if (kind === Command.disconnect)
      this.#teller.tell(side, { ...notice("enet", "disconnect"), reason: `${view.getUint32(at + 4)}` });
  }
}
