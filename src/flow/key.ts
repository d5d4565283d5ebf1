import { combine32, mix32 } from "#base/hash.ts";
import type { PacketColumns } from "./columns.ts";

const ICMP = 1;
const ICMPV6 = 58;

/** Number of logical partitions; it never depends on the number of workers. */
export const PARTITIONS = 16;

/**
 * Partition of a row: a hash of the innermost address pair, the same in both directions and for every port, so that
 * fragments, ICMP errors and the children of FTP or RTP stay with their flow. It has no seed, because the order of
 * events must not depend on one. Rows without addresses go to partition 0.
 */
export function partitionOf(columns: PacketColumns, row: number): number {
  const version = columns.ipVersion[row] as number;
  if (version === 0) return 0;
  let a = columns.source0[row] as number;
  let b = columns.target0[row] as number;
  if (version === 6) {
    a = combine32(combine32(a, columns.source1[row] as number), columns.source2[row] as number) ^ (columns.source3[row] as number);
    b = combine32(combine32(b, columns.target1[row] as number), columns.target2[row] as number) ^ (columns.target3[row] as number);
  }
  return mix32(mix32(a) + mix32(b)) & (PARTITIONS - 1);
}

/** Hash of a row's flow key, the same in both directions. */
export function flowHash(columns: PacketColumns, row: number, seed: number): number {
  let a = combine32(seed, columns.source0[row] as number);
  let b = combine32(seed, columns.target0[row] as number);
  if ((columns.ipVersion[row] as number) === 6) {
    a = combine32(combine32(combine32(a, columns.source1[row] as number), columns.source2[row] as number), columns.source3[row] as number);
    b = combine32(combine32(combine32(b, columns.target1[row] as number), columns.target2[row] as number), columns.target3[row] as number);
  }
  a = mix32(combine32(a, keySourcePort(columns, row)));
  b = mix32(combine32(b, keyTargetPort(columns, row)));
  const rest =
    (columns.protocol[row] as number) ^
    Math.imul(columns.vlan[row] as number, 0x9e3779b1) ^
    Math.imul(columns.tunnel[row] as number, 0x85ebca77);
  // Sum and product are the same when the sides change places.
  return mix32((a + b) ^ Math.imul(a | 1, b | 1) ^ rest);
}

/** Port of the sender in the key. ICMP requests and replies share a key: the reply's type stands as its counterpart. */
export const keySourcePort = (columns: PacketColumns, row: number): number => columns.sourcePort[row] as number;

/** Port of the receiver in the key; for ICMP the type of the answer when there is one, else the code. */
export function keyTargetPort(columns: PacketColumns, row: number): number {
  const protocol = columns.protocol[row] as number;
  if (protocol === ICMP || protocol === ICMPV6) {
    const counterpart = icmpCounterpart(protocol, columns.sourcePort[row] as number);
    if (counterpart >= 0) return counterpart;
  }
  return columns.targetPort[row] as number;
}

/** ICMP type that answers `type`, or -1: the table of the Community ID specification, version 1. */
export function icmpCounterpart(protocol: number, type: number): number {
  if (protocol === ICMP) return type < 19 ? (ICMP_COUNTERPARTS[type] as number) : -1;
  if (type >= 128 && type <= 145) return ICMPV6_COUNTERPARTS[type - 128] as number;
  return -1;
}

const ICMP_COUNTERPARTS = Int16Array.from([8, -1, -1, -1, -1, -1, -1, -1, 0, 10, 9, -1, -1, 14, 13, 16, 15, 18, 17]);
const ICMPV6_COUNTERPARTS = Int16Array.from([129, 128, 131, 130, -1, 134, 133, 136, 135, -1, -1, 140, 139, -1, -1, -1, 145, 144]);
