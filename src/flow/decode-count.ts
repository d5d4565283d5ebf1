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

const IP_TCP = IpProtocol.tcp;
const IP_UDP = IpProtocol.udp;
const VLAN_TAG_BYTES = 4;
const BAD = PacketFlag.badIpChecksum | PacketFlag.badL4Checksum;

/** Bytes of the VLAN tag that a kernel took off the frame: they were on the wire, too. */
export const takenOff = (block: FrameBlock, frame: number): number => ((block.vlan[frame] as number) === 0 ? 0 : VLAN_TAG_BYTES);

/** Adds the decoded rows to the counters. */
export function countRows(block: FrameBlock, columns: PacketColumns, counters: Float64Array): void {
  const { count, ipVersion, protocol, l4, verdict, ether, flags, vlan, fragment, frame } = columns;
  const { wire } = block;
  let bytes = 0;
  let frames = 0;
  let four = 0;
  let six = 0;
  let tcp = 0;
  let udp = 0;
  for (let row = 0; row < count; row++) {
    bytes += wire[frame[row] as number] as number;
    if ((vlan[row] as number) !== 0) bytes += takenOff(block, frame[row] as number);
    if ((ether[row] as number) >= 0) frames++;
    const version = ipVersion[row] as number;
    if (version === 4) four++;
    else if (version === 6) six++;
    if ((l4[row] as number) >= 0) {
      const transport = protocol[row] as number;
      if (transport === IP_TCP) tcp++;
      else if (transport === IP_UDP) udp++;
      else countTransport(counters, transport);
    }
    if (((verdict[row] as number) | (flags[row] as number) | (vlan[row] as number) | (fragment[row] as number)) !== 0)
      countRare(columns, row, counters);
  }
  add(counters, PACKETS, count);
  add(counters, BYTES, bytes);
  add(counters, ETHERNET, frames);
  add(counters, IPV4, four);
  add(counters, IPV6, six);
  add(counters, TCP, tcp);
  add(counters, UDP, udp);
}

function add(counters: Float64Array, index: number, amount = 1): void {
  counters[index] = (counters[index] as number) + amount;
}

function countTransport(counters: Float64Array, protocol: number): void {
  if (protocol === IpProtocol.icmp) add(counters, ICMPV4);
  else if (protocol === IpProtocol.icmpv6) add(counters, ICMPV6);
  else if (protocol === IpProtocol.sctp) add(counters, SCTP);
}

function countRare(columns: PacketColumns, row: number, counters: Float64Array): void {
  const vlan = columns.vlan[row] as number;
  if (columns.verdict[row] !== Verdict.ok) countVerdict(counters, columns.verdict[row] as number);
  if (columns.flags[row] !== 0) countFlags(counters, columns.flags[row] as number);
  if (vlan !== 0) add(counters, vlan >>> 13 === 0 ? VLAN : VLAN_QINQ);
  if (columns.fragment[row] !== 0) add(counters, FRAGMENTS);
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
