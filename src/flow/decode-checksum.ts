import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import * as checksum from "#wire/checksum.ts";
import * as icmp from "#wire/icmp.ts";
import * as ipv4 from "#wire/ipv4.ts";
import { IpProtocol } from "#wire/protocol.ts";
import * as sctp from "#wire/sctp.ts";
import * as tcp from "#wire/tcp.ts";
import * as udp from "#wire/udp.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import { Fragment, type PacketColumns, PacketFlag } from "./columns.ts";

const TCP = IpProtocol.tcp;
const UDP = IpProtocol.udp;
/** A region that holds its own correct checksum sums to this. */
const CORRECT = 0xffff;
/** Frames whose checksums the kernel or the card has yet to write, has checked, or has merged away. */
const OFFLOADED = FrameFlag.checksumUnfinished | FrameFlag.checksumVerified | FrameFlag.outgoing | FrameFlag.merged;

/**
 * Verifies the checksums of the decoded rows: of the innermost IP header, and of what it carries. `lenient` passes
 * over what checksum offload explains: frames marked by the source, an IPv4 checksum of 0, and a transport checksum
 * that is only the pseudo header's sum, as a sending kernel leaves it to the card. Fragments and packets that are not
 * all there cannot be verified.
 */
export function verifyChecksums(block: FrameBlock, columns: PacketColumns, lenient: boolean): void {
  const { count, ipVersion, verdict, frame, flags } = columns;
  const { view } = block;
  const passed = lenient ? OFFLOADED : 0;
  for (let row = 0; row < count; row++) {
    if (ipVersion[row] === 0 || ((block.flags[frame[row] as number] as number) & passed) !== 0) continue;
    if (verdict[row] !== 0 && verdictKind(verdict[row] as number) === VerdictKind.invalid) continue;
    if (ipVersion[row] === 4 && !isIpv4Right(view, columns.l3[row] as number, lenient)) {
      flags[row] = (flags[row] as number) | PacketFlag.badIpChecksum;
      verdict[row] = Verdict.ipv4BadChecksum;
    } else if (isWhole(columns, row) && !isTransportRight(view, columns, row, lenient)) {
      flags[row] = (flags[row] as number) | PacketFlag.badL4Checksum;
      verdict[row] = wrongTransport(columns.protocol[row] as number);
    }
  }
}

const isWhole = (columns: PacketColumns, row: number): boolean =>
  (columns.l4[row] as number) >= 0 &&
  columns.fragment[row] === Fragment.none &&
  columns.payloadBytes[row] === columns.payloadWireBytes[row];

function isIpv4Right(view: DataView, l3: number, lenient: boolean): boolean {
  if (checksum.sumBytes(view, l3, l3 + ipv4.headerBytes(view, l3)) === CORRECT) return true;
  return lenient && ipv4.checksum(view, l3) === 0;
}

function isTransportRight(view: DataView, columns: PacketColumns, row: number, lenient: boolean): boolean {
  const l4 = columns.l4[row] as number;
  const end = (columns.payload[row] as number) + (columns.payloadBytes[row] as number);
  const protocol = columns.protocol[row] as number;
  if (protocol === TCP) return isSumRight(view, columns, row, end - l4, end, tcp.checksum(view, l4), lenient);
  if (protocol === UDP) {
    // 0: the sender made none. UDP over IPv6 may do so inside tunnels only (RFC 6935), which is not judged here.
    const field = udp.checksum(view, l4);
    return field === 0 || isSumRight(view, columns, row, end - l4, end, field, lenient);
  }
  return isRareRight(view, columns, row, lenient);
}

function isRareRight(view: DataView, columns: PacketColumns, row: number, lenient: boolean): boolean {
  const l4 = columns.l4[row] as number;
  const end = (columns.payload[row] as number) + (columns.payloadBytes[row] as number);
  switch (columns.protocol[row]) {
    case IpProtocol.udpLite: {
      const coverage = udp.length(view, l4);
      return isSumRight(view, columns, row, end - l4, coverage === 0 ? end : l4 + coverage, udp.checksum(view, l4), lenient);
    }
    case IpProtocol.icmpv6:
      return isSumRight(view, columns, row, end - l4, end, icmp.checksum(view, l4), lenient);
    case IpProtocol.icmp:
      return checksum.sumBytes(view, l4, end) === CORRECT;
    case IpProtocol.sctp:
      // Inside a machine the card's checksum is often left 0.
      return sctp.checksum(view, l4) === checksum.crc32c(view, l4, end, sctp.checksumAt(l4)) || (lenient && sctp.checksum(view, l4) === 0);
    default:
      return true;
  }
}

/** Sum with the pseudo header over `[l4, coveredEnd)`; `length` is the upper-layer length of the pseudo header. */
function isSumRight(
  view: DataView,
  columns: PacketColumns,
  row: number,
  length: number,
  coveredEnd: number,
  field: number,
  lenient: boolean,
): boolean {
  const l3 = columns.l3[row] as number;
  const protocol = columns.protocol[row] as number;
  const is4 = columns.ipVersion[row] === 4;
  const pseudo = is4 ? checksum.pseudoSum4(view, l3, protocol, length) : checksum.pseudoSum6(view, l3, protocol, length);
  if (checksum.sumBytes(view, columns.l4[row] as number, coveredEnd, pseudo) === CORRECT) return true;
  if (!lenient) return false;
  // The card adds the length of each segment itself when it also cuts the packet.
  const withoutLength = is4 ? checksum.pseudoSum4(view, l3, protocol, 0) : checksum.pseudoSum6(view, l3, protocol, 0);
  return field === pseudo || field === withoutLength;
}

function wrongTransport(protocol: number): Verdict {
  switch (protocol) {
    case IpProtocol.tcp:
      return Verdict.tcpBadChecksum;
    case IpProtocol.icmp:
      return Verdict.icmpBadChecksum;
    case IpProtocol.icmpv6:
      return Verdict.icmpv6BadChecksum;
    case IpProtocol.sctp:
      return Verdict.sctpBadChecksum;
    default:
      return Verdict.udpBadChecksum;
  }
}
