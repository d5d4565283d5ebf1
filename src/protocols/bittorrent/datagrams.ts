import type { ByteView } from "#base/bytes.ts";
import { toHex } from "#base/bytes.ts";
import { type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { handshakeOf, isHandshake, peerOf } from "./handshake.ts";

/** A tracker's connect request begins with this number (BEP 15). */
const TRACKER_HIGH = 0x00000417;
const TRACKER_LOW = 0x27101980;
const CONNECT_BYTES = 16;
const ANNOUNCE = 1;
const ANNOUNCE_BYTES = 98;
const EVENTS = ["", "completed", "started", "stopped"];

/** uTP's header (BEP 29): type and version, extension, connection, two times, window, two numbers. */
const UTP_BYTES = 20;
const UTP_SYN = 0x41;
const UTP_DATA = 0x01;
const UTP_SACK = 1;

/** A tracker's connect request, or the first packet of a transfer over uTP, or one that holds a handshake. */
export function probeDatagram(side: Side, window: ByteView): Probe {
  const { bytes, view, at, end } = window;
  const length = end - at;
  if (length < CONNECT_BYTES) return Probe.no;
  const first = bytes[at];
  if (first === 0) return isConnect(window) ? Probe.yes : Probe.no;
  if (first !== UTP_SYN && first !== UTP_DATA) return Probe.no;
  const payload = utpPayload(bytes, at, end);
  if (payload < 0) return Probe.no;
  if (first === UTP_DATA) return isHandshake(bytes, payload, end) ? Probe.yes : Probe.no;
  // Nothing was received yet, and nothing is sent with it.
  const isFirst = side === 0 && payload === end && view.getUint16(at + 18) === 0 && view.getUint32(at + 12) > 0;
  return !isFirst ? Probe.no : view.getUint16(at + 16) === 1 && view.getUint32(at + 8) === 0 ? Probe.yes : Probe.maybe;
}

const isConnect = ({ view, at, end }: ByteView): boolean =>
  end - at === CONNECT_BYTES &&
  view.getUint32(at) === TRACKER_HIGH &&
  view.getUint32(at + 4) === TRACKER_LOW &&
  view.getUint32(at + 8) === 0;

/** Where the payload begins behind uTP's header and extensions; -1 when they do not fit. */
function utpPayload(bytes: Uint8Array, at: number, end: number): number {
  let next = at + UTP_BYTES;
  let extension = bytes[at + 1] as number;
  if (next > end) return -1;
  for (let count = 0; extension !== 0; count++) {
    if (count === 4 || extension > UTP_SACK + 2 || next + 2 > end) return -1;
    extension = bytes[next] as number;
    next += 2 + (bytes[next + 1] as number);
  }
  return next <= end ? next : -1;
}

/** Reads what a peer tells a tracker, and handshakes within uTP. */
export class TrackerParser implements Parser {
  readonly #context: ParserContext;
  readonly #seen: [boolean, boolean] = [false, false];
  /** True when the first datagram asked a tracker. */
  #tracker: boolean | undefined;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, at, end } = window;
    this.#tracker ??= isConnect(window);
    if (this.#tracker) {
      if (side === 0 && end - at >= ANNOUNCE_BYTES && view.getUint32(at + 8) === ANNOUNCE) this.#tell(side, announcement(window));
    } else if (end - at >= UTP_BYTES && bytes[at] === UTP_DATA && !this.#seen[side]) {
      const payload = utpPayload(bytes, at, end);
      if (payload > 0 && isHandshake(bytes, payload, end)) {
        this.#seen[side] = true;
        this.#tell(side, handshakeOf(bytes, payload));
      }
    }
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}

  #tell(side: Side, fields: Transaction): void {
    this.#context.emit("bittorrent", side, this.#transactions++, fields);
  }
}

/** Connection, action, transaction, torrent, peer, three amounts, event, address, key, how many, port. */
function announcement({ bytes, view, at }: ByteView): Transaction {
  const amount = (offset: number): number => view.getUint32(at + offset) * 2 ** 32 + view.getUint32(at + offset + 4);
  const fields: Transaction = { type: "announce", info_hash: toHex(bytes, at + 16, at + 36), ...peerOf(bytes, at + 36) };
  fields["downloaded"] = amount(56);
  fields["left"] = amount(64);
  fields["uploaded"] = amount(72);
  const event = EVENTS[view.getUint32(at + 80)];
  if (event) fields["event"] = event;
  fields["port"] = view.getUint16(at + 96);
  return fields;
}
