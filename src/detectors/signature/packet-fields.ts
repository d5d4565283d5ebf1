import type { PacketRows } from "#contract/inspector.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { PacketField } from "#engine/rules/packet-field.ts";

const ICMP = 1;
const IGMP = 2;
const TCP = 6;
const ICMPV6 = 58;
/** TCP options (RFC 9293 §3.2, RFC 7323 §2.2). */
const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_MSS = 2;
const OPTION_SCALE = 3;

/**
 * Value of a field that number words ask for; `undefined` when the packet has none. Offsets are those of RFC 791, 8200,
 * 792, 4443 and 9293; the decoder has checked that the headers are there.
 */
export function packetField(field: PacketField, block: FrameBlock, rows: PacketRows, row: number): number | undefined {
  const { view } = block;
  const version = rows.ipVersion[row] as number;
  const protocol = rows.protocol[row] as number;
  const l3 = rows.l3[row] as number;
  const l4 = rows.l4[row] as number;
  switch (field) {
    case "dsize":
      return version === 0 || l4 < 0 ? undefined : rows.payloadBytes[row];
    case "ttl":
      return version === 4 ? view.getUint8(l3 + 8) : version === 6 ? view.getUint8(l3 + 7) : undefined;
    case "id":
      return version === 4 ? view.getUint16(l3 + 4) : undefined;
    case "tos":
      return version === 4 ? view.getUint8(l3 + 1) : version === 6 ? (view.getUint16(l3) >> 4) & 0xff : undefined;
    case "fragoffset":
      return version === 4 ? view.getUint16(l3 + 6) & 0x1fff : undefined;
    case "ip_proto":
      return version === 0 ? undefined : protocol;
    case "itype":
      return isIcmp(version, protocol, l4) ? rows.sourcePort[row] : undefined;
    case "icode":
      return isIcmp(version, protocol, l4) ? rows.targetPort[row] : undefined;
    case "icmp_id":
    case "icmp_seq":
      return isEcho(version, protocol, l4, rows.sourcePort[row] as number) ? word(block, l4 + (field === "icmp_id" ? 4 : 6), 2) : undefined;
    case "icmpv6.mtu":
      return version === 6 && protocol === ICMPV6 && l4 >= 0 && rows.sourcePort[row] === 2 ? word(block, l4 + 4, 4) : undefined;
    case "vlan.id":
      return (rows.vlan[row] as number) === 0 ? undefined : (rows.vlan[row] as number) & 0xfff;
    case "vlan.layers":
      return vlanLayers(rows.vlan[row] as number);
    case "igmp.type":
      return version === 4 && protocol === IGMP ? word(block, l3 + (view.getUint8(l3) & 15) * 4, 1) : undefined;
    default:
      return version !== 0 && protocol === TCP && l4 >= 0 ? tcpField(field, block, rows, row, l4) : undefined;
  }
}

function tcpField(field: PacketField, block: FrameBlock, rows: PacketRows, row: number, l4: number): number | undefined {
  switch (field) {
    case "seq":
      return (rows.tcpSeq[row] as number) >>> 0;
    case "ack":
      return (rows.tcpAck[row] as number) >>> 0;
    case "window":
      return rows.tcpWindow[row];
    case "tcp.mss":
      return tcpOption(block, l4, OPTION_MSS, 2);
    case "tcp.wscale":
      return tcpOption(block, l4, OPTION_SCALE, 1);
    default:
      return undefined;
  }
}

/** Value of a TCP option of `bytes` bytes. */
function tcpOption(block: FrameBlock, l4: number, wanted: number, bytes: number): number | undefined {
  const { view } = block;
  const end = Math.min(l4 + (view.getUint8(l4 + 12) >> 4) * 4, view.byteLength);
  for (let at = l4 + 20; at < end; ) {
    const kind = view.getUint8(at);
    if (kind === OPTION_END) return undefined;
    if (kind === OPTION_NOP) {
      at++;
      continue;
    }
    const length = at + 1 < end ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > end) return undefined;
    if (kind === wanted && length === bytes + 2) return word(block, at + 2, bytes);
    at += length;
  }
  return undefined;
}

const isIcmp = (version: number, protocol: number, l4: number): boolean =>
  l4 >= 0 && ((version === 4 && protocol === ICMP) || (version === 6 && protocol === ICMPV6));

/** Types that have an identifier and a sequence number. */
function isEcho(version: number, protocol: number, l4: number, type: number): boolean {
  if (!isIcmp(version, protocol, l4)) return false;
  return protocol === ICMP ? type === 0 || type === 8 || (type >= 13 && type <= 18) : type === 128 || type === 129;
}

function word({ view }: FrameBlock, at: number, bytes: number): number | undefined {
  if (at + bytes > view.byteLength) return undefined;
  return bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}

/** Tags that the packet has: each stands with a bit of its own. */
function vlanLayers(vlan: number): number {
  return ((vlan >> 12) & 1) + ((vlan >> 25) & 1);
}

/** Number of the tag at a place from outside; `undefined` when there is none. */
export function vlanTag(vlan: number, place: 0 | 1): number | undefined {
  const bits = place === 0 ? vlan : vlan >> 13;
  return (bits & 0x1000) === 0 ? undefined : bits & 0xfff;
}
