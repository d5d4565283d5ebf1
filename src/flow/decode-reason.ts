import type { FrameBlock } from "#contract/source.ts";
import { newCounters } from "#schema/metrics.ts";
import * as checksum from "#wire/checksum.ts";
import * as ipv4 from "#wire/ipv4.ts";
import * as ipv6 from "#wire/ipv6.ts";
import { linkTypeName } from "#wire/link-type.ts";
import * as tcp from "#wire/tcp.ts";
import * as udp from "#wire/udp.ts";
import { Verdict, verdictText } from "#wire/verdict.ts";
import { PacketColumns } from "./columns.ts";
import { Decoder } from "./decode.ts";
import type { Walk } from "./decode-walk.ts";

/** Why frame `index` of the block got this verdict, with a decoder for this one question. */
export const decodeReason = (block: FrameBlock, index: number, verdict: number): string => new ReasonFinder().reason(block, index, verdict);

/**
 * Says why frames got their verdicts, in words and with the values that broke the rule. Reads the frame again: for the
 * few frames that are told, never for each. Also answers for verdicts of later stages, without values.
 */
export class ReasonFinder {
  readonly #columns = new PacketColumns();
  readonly #decoder = new Decoder({ checksums: "no" }, newCounters());

  /** Why frame `index` of the block got `verdict`. */
  reason(block: FrameBlock, index: number, verdict: number): string {
    if (verdict === Verdict.unknownLinkType) return `the link type ${linkTypeName(block.linkType[index] as number)} is not decoded`;
    return reasonOf(this.#decoder.read(block, index, index + 1, this.#columns), this.#columns, verdict);
  }
}

function reasonOf(walk: Walk, columns: PacketColumns, verdict: number): string {
  const values = isChecksum(verdict) ? checksumValues(walk, verdict) : columns.verdict[0] === verdict ? ruleValues(walk, verdict) : "";
  return values === "" ? verdictText(verdict) : values;
}

const isChecksum = (verdict: number): boolean => verdict >= Verdict.ipv4BadChecksum && verdict <= Verdict.sctpBadChecksum;

function ruleValues(walk: Walk, verdict: number): string {
  const { view, failAt: at, failEnd: end } = walk;
  const follow = `${end - at} byte${end - at === 1 ? "" : "s"} follow`;
  switch (verdict) {
    case Verdict.ipv4Truncated:
      return `IPv4 total length ${ipv4.totalBytes(view, at)} but only ${follow}`;
    case Verdict.ipv6Truncated:
      return `IPv6 payload length ${ipv6.payloadBytes(view, at)} but only ${Math.max(end - at - ipv6.HEADER_BYTES, 0)} bytes follow the header`;
    case Verdict.ipv4HeaderTooSmall:
      return `IPv4 header length ${ipv4.headerBytes(view, at)}, at least ${ipv4.HEADER_BYTES} are needed`;
    case Verdict.ipv4LengthSmallerThanHeader:
      return `IPv4 total length ${ipv4.totalBytes(view, at)} is smaller than its header of ${ipv4.headerBytes(view, at)}`;
    case Verdict.ipv4WrongVersion:
    case Verdict.ipv6WrongVersion:
    case Verdict.rawInvalidVersion:
      if (at >= end) return "";
      return `IP version ${view.getUint8(at) >>> 4} where ${verdict === Verdict.ipv4WrongVersion ? 4 : verdict === Verdict.ipv6WrongVersion ? 6 : "4 or 6"} is expected`;
    case Verdict.tcpHeaderTooSmall:
      return `TCP header length ${tcp.headerBytes(view, at)}, ${follow}`;
    case Verdict.udpTooSmall:
      return `UDP length ${udp.length(view, at)} but only ${follow}`;
    case Verdict.udpLengthInvalid:
      return `UDP length ${udp.length(view, at)} is below the header's ${udp.HEADER_BYTES}`;
    case Verdict.icmpUnknownType:
    case Verdict.icmpUnknownCode:
    case Verdict.icmpv6UnknownCode:
    case Verdict.icmpv6UnassignedType:
    case Verdict.icmpv6ExperimentationType:
      return `${verdictText(verdict)}: type ${view.getUint8(at)}, code ${view.getUint8(at + 1)}`;
    case Verdict.unknownEtherType:
      return otherProtocol(walk);
    default:
      return verdictText(verdict).startsWith("too short") ? `${verdictText(verdict)}: ${follow}` : "";
  }
}

/** The type field stands just in front of what could not be read. */
function otherProtocol(walk: Walk): string {
  const type = walk.failAt >= 2 ? walk.view.getUint16(walk.failAt - 2) : 0;
  return type > 1500 ? `the frame carries EtherType 0x${type.toString(16).padStart(4, "0")}, which is not decoded` : "";
}

function checksumValues(walk: Walk, verdict: number): string {
  const { view, columns } = walk;
  const l3 = columns.l3[0] as number;
  const l4 = columns.l4[0] as number;
  if (verdict === Verdict.ipv4BadChecksum && l3 >= 0) {
    const found = ipv4.checksum(view, l3);
    const sum = checksum.sumBytes(view, l3, l3 + ipv4.headerBytes(view, l3));
    return difference("IPv4 header", found, sum);
  }
  if (verdict === Verdict.sctpBadChecksum || l4 < 0) return "";
  const end = (columns.payload[0] as number) + (columns.payloadBytes[0] as number);
  const protocol = columns.protocol[0] as number;
  const pseudo = columns.ipVersion[0] === 6 ? checksum.pseudoSum6 : checksum.pseudoSum4;
  const running = verdict === Verdict.icmpBadChecksum ? 0 : pseudo(view, l3, protocol, end - l4);
  const sum = checksum.sumBytes(view, l4, end, running);
  if (verdict === Verdict.tcpBadChecksum) return difference("TCP", tcp.checksum(view, l4), sum);
  if (verdict === Verdict.udpBadChecksum) return difference("UDP", udp.checksum(view, l4), sum);
  return difference(verdict === Verdict.icmpBadChecksum ? "ICMP" : "ICMPv6", view.getUint16(l4 + 2), sum);
}

/** The field is part of the sum: what it should be follows from how far the sum is from 0xffff. */
function difference(what: string, found: number, sum: number): string {
  const right = checksum.fold(found + checksum.complement(sum));
  return `${what} checksum 0x${hex(found)}, computed 0x${hex(right)}`;
}

const hex = (word: number): string => word.toString(16).padStart(4, "0");
