import type { FrameBlock } from "#contract/source.ts";
import { M } from "#schema/metrics.ts";
import { IpProtocol } from "#wire/protocol.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import { type PacketColumns, PacketFlag } from "./columns.ts";

// Names of a table made at run time are looked up once, not per packet.
const PACKETS = M.packets;
const BYTES = M.bytes;
const INVALID = M.invalid;
const IPV4 = M.ipv4;
const IPV6 = M.ipv6;
const ETHERNET = M.ethernet;
const TCP = M.tcp;
const UDP = M.udp;
const ICMPV4 = M.icmpv4;
const ICMPV6 = M.icmpv6;
const SCTP = M.sctp;
const VLAN = M.vlan;
const VLAN_QINQ = M.vlanQinq;
const TUNNELLED = M.tunnelled;
const FRAGMENTS = M.fragments;
const UNDECODED = M.undecoded;
const TRUNCATED = M.truncated;
const BAD_CHECKSUM = M.badChecksum;

const BAD = PacketFlag.badIpChecksum | PacketFlag.badL4Checksum;

/** Adds the decoded rows to the counters. */
export function countRows(block: FrameBlock, columns: PacketColumns, counters: Float64Array): void {
  const { count, ipVersion, protocol, l4, verdict, ether, flags, vlan, fragment } = columns;
  let bytes = 0;
  let frames = 0;
  for (let row = 0; row < count; row++) {
    bytes += block.wire[columns.frame[row] as number] as number;
    if ((ether[row] as number) >= 0) frames++;
    const version = ipVersion[row] as number;
    if (version === 4) add(counters, IPV4);
    else if (version === 6) add(counters, IPV6);
    if ((l4[row] as number) >= 0) countTransport(counters, protocol[row] as number);
    if (verdict[row] !== Verdict.ok) countVerdict(counters, verdict[row] as number);
    if (flags[row] !== 0) countFlags(counters, flags[row] as number);
    if (vlan[row] !== 0) add(counters, (vlan[row] as number) >>> 13 === 0 ? VLAN : VLAN_QINQ);
    if (fragment[row] !== 0) add(counters, FRAGMENTS);
  }
  counters[PACKETS] = (counters[PACKETS] as number) + count;
  counters[BYTES] = (counters[BYTES] as number) + bytes;
  counters[ETHERNET] = (counters[ETHERNET] as number) + frames;
}

function add(counters: Float64Array, index: number): void {
  counters[index] = (counters[index] as number) + 1;
}

function countTransport(counters: Float64Array, protocol: number): void {
  if (protocol === IpProtocol.tcp) add(counters, TCP);
  else if (protocol === IpProtocol.udp) add(counters, UDP);
  else if (protocol === IpProtocol.icmp) add(counters, ICMPV4);
  else if (protocol === IpProtocol.icmpv6) add(counters, ICMPV6);
  else if (protocol === IpProtocol.sctp) add(counters, SCTP);
}

function countVerdict(counters: Float64Array, verdict: number): void {
  const kind = verdictKind(verdict);
  if (kind === VerdictKind.invalid) add(counters, INVALID);
  else if (kind === VerdictKind.undecoded && verdict !== Verdict.cut) add(counters, UNDECODED);
}

function countFlags(counters: Float64Array, flags: number): void {
  if ((flags & PacketFlag.truncated) !== 0) add(counters, TRUNCATED);
  if ((flags & PacketFlag.tunnelled) !== 0) add(counters, TUNNELLED);
  if ((flags & BAD) !== 0) add(counters, BAD_CHECKSUM);
}
