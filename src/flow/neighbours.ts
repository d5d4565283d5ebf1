import type { FrameBlock } from "#contract/source.ts";
import * as arp from "#wire/arp.ts";
import * as ethernet from "#wire/ethernet.ts";
import type { PacketColumns } from "./columns.ts";

/** What a frame says about who has which address. */
export const NeighbourMessage = { none: -1, arpRequest: 0, arpReply: 1, routerAdvertisement: 2, neighbourAdvertisement: 3 } as const;
export type NeighbourMessage = (typeof NeighbourMessage)[keyof typeof NeighbourMessage];

/** Places of the words that `readNeighbour` writes: addresses of four words, MAC addresses of two, the upper first. */
export const NeighbourWord = { sender: 0, target: 4, senderMac: 8, etherMac: 10 } as const;

const ICMPV6 = 58;
const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOUR_ADVERTISEMENT = 136;
/** RFC 4861, 4.4: the address stands behind type, code, checksum and flags; options behind it. */
const NEIGHBOUR_TARGET = 8;
const NEIGHBOUR_BYTES = 24;
const ROUTER_BYTES = 16;
/** RFC 4861, 4.6.1: the sender's own MAC address, and the target's. */
const OPTION_SOURCE_MAC = 1;
const OPTION_TARGET_MAC = 2;

/** Which message a decoded frame is: ARP over Ethernet that has passed its check, or an advertisement of ICMPv6. */
export function neighbourMessage(block: FrameBlock, columns: PacketColumns, row: number): NeighbourMessage {
  if ((columns.ipVersion[row] as number) === 0) {
    const at = columns.l3[row] as number;
    const operation = at < 0 ? 0 : arp.operation(block.view, at);
    return operation === 1 ? NeighbourMessage.arpRequest : operation === 2 ? NeighbourMessage.arpReply : NeighbourMessage.none;
  }
  if (columns.protocol[row] !== ICMPV6 || (columns.l4[row] as number) < 0) return NeighbourMessage.none;
  const type = columns.sourcePort[row] as number;
  if (type !== ROUTER_ADVERTISEMENT && type !== NEIGHBOUR_ADVERTISEMENT) return NeighbourMessage.none;
  const isRouter = type === ROUTER_ADVERTISEMENT;
  if (endOf(block, columns, row) - (columns.l4[row] as number) < (isRouter ? ROUTER_BYTES : NEIGHBOUR_BYTES)) return NeighbourMessage.none;
  return isRouter ? NeighbourMessage.routerAdvertisement : NeighbourMessage.neighbourAdvertisement;
}

/** Writes the addresses of a message to `words` from `w` on, which are 0 before. */
export function readNeighbour(
  message: NeighbourMessage,
  block: FrameBlock,
  columns: PacketColumns,
  row: number,
  words: Int32Array,
  w: number,
): void {
  const { view } = block;
  putEtherMac(words, w + NeighbourWord.etherMac, view, columns, row);
  if (message === NeighbourMessage.arpRequest || message === NeighbourMessage.arpReply) {
    const at = columns.l3[row] as number;
    words[w + NeighbourWord.sender] = arp.senderIp(view, at);
    words[w + NeighbourWord.target] = arp.targetIp(view, at);
    putMac(words, w + NeighbourWord.senderMac, view, arp.senderMacAt(at));
    return;
  }
  const at = columns.l4[row] as number;
  const isRouter = message === NeighbourMessage.routerAdvertisement;
  const source = [columns.source0, columns.source1, columns.source2, columns.source3];
  for (let i = 0; i < 4; i++)
    words[w + NeighbourWord.sender + i] = isRouter
      ? ((source[i] as Int32Array)[row] as number)
      : view.getInt32(at + NEIGHBOUR_TARGET + i * 4);
  const options = at + (isRouter ? ROUTER_BYTES : NEIGHBOUR_BYTES);
  const option = findOption(view, options, endOf(block, columns, row), isRouter ? OPTION_SOURCE_MAC : OPTION_TARGET_MAC);
  if (option >= 0) putMac(words, w + NeighbourWord.senderMac, view, option);
  else putEtherMac(words, w + NeighbourWord.senderMac, view, columns, row);
}

const endOf = (block: FrameBlock, columns: PacketColumns, row: number): number => {
  const frame = columns.frame[row] as number;
  return (block.offset[frame] as number) + (block.captured[frame] as number);
};

/** Where the value of an option stands, -1 when there is none: type, length in units of 8 bytes, value. */
function findOption(view: DataView, from: number, end: number, type: number): number {
  for (let at = from; at + 8 <= end; ) {
    const size = view.getUint8(at + 1) * 8;
    if (size === 0 || at + size > end) return -1;
    if (view.getUint8(at) === type) return at + 2;
    at += size;
  }
  return -1;
}

function putMac(words: Int32Array, w: number, view: DataView, at: number): void {
  words[w] = view.getInt32(at);
  words[w + 1] = view.getUint16(at + 4);
}

function putEtherMac(words: Int32Array, w: number, view: DataView, columns: PacketColumns, row: number): void {
  const ether = columns.ether[row] as number;
  if (ether >= 0) putMac(words, w, view, ethernet.sourceAt(ether));
}
