import type { PacketRows } from "#contract/inspector.ts";

/**
 * The decoded batch: one row for each packet, one typed array for each fact. The decoder fills it, the flow table and
 * the assembler read it; it is reused for every batch, so nothing is allocated per packet.
 *
 * All offsets are into the block's memory. For tunnelled packets the columns describe the innermost headers.
 */
export const BATCH_PACKETS = 256;

export const Fragment = { none: 0, first: 1, later: 2 } as const;

export const PacketFlag = {
  /** Cut by the snap length: the wire had more. */
  truncated: 1,
  /** IP header checksum is wrong. */
  badIpChecksum: 2,
  /** Transport checksum is wrong (never set for unfinished offload checksums or fragments). */
  badL4Checksum: 4,
  /** Reached through a tunnel. */
  tunnelled: 8,
  /** ICMP error that quotes another packet. */
  icmpError: 16,
} as const;

const i32 = (): Int32Array => new Int32Array(BATCH_PACKETS);
const u16 = (): Uint16Array => new Uint16Array(BATCH_PACKETS);
const u8 = (): Uint8Array => new Uint8Array(BATCH_PACKETS);

export class PacketColumns implements PacketRows {
  /** Rows that are valid. */
  count = 0;
  /** Index of the frame in its block. */
  readonly frame = i32();
  /** `Verdict` of the first broken rule, 0 when the frame is well formed. A row may have a flow and a verdict. */
  readonly verdict = u16();
  /** 4, 6, or 0 when there is no IP header (ARP, unknown): then only `frame`, `verdict`, `ether`, `vlan` and `l3` are valid. */
  readonly ipVersion = u8();
  /** Transport protocol: the IP protocol number behind all extension headers. */
  readonly protocol = u8();
  /** Offset of the innermost IP header; without one, of a sound ARP message, else -1. */
  readonly l3 = i32();
  /** Offset of the transport header; -1 when it is not present (later fragment, too short). */
  readonly l4 = i32();
  /** Offset of the outermost Ethernet header, -1 when the link has none. */
  readonly ether = i32();
  /** Source and destination address, four words each; IPv4 in the first, the others 0. */
  readonly source0 = i32();
  readonly source1 = i32();
  readonly source2 = i32();
  readonly source3 = i32();
  readonly target0 = i32();
  readonly target1 = i32();
  readonly target2 = i32();
  readonly target3 = i32();
  /** TCP, UDP, SCTP ports. ICMP: type in sourcePort, code in targetPort. */
  readonly sourcePort = u16();
  readonly targetPort = u16();
  /** First payload byte behind the transport header, and how many are present. */
  readonly payload = i32();
  readonly payloadBytes = i32();
  /** Payload bytes by the length fields; more than `payloadBytes` when the capture cut them. */
  readonly payloadWireBytes = i32();
  readonly tcpSeq = i32();
  readonly tcpAck = i32();
  /** The eight low flag bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly tcpFlags = u8();
  readonly tcpWindow = u16();
  /** VLAN ids, outermost in the low 12 bits plus 1 << 12 when present; the second the same, 13 bits up. 0 for none. */
  readonly vlan = i32();
  /** Kind of the outermost tunnel (`TunnelKind` of wire/tunnel.ts) in the upper 8 bits, its id (VNI, key, label) in the lower 24; 0 for none. */
  readonly tunnel = i32();
  /** `Fragment` of the innermost IP header, and its identification. */
  readonly fragment = u8();
  readonly fragmentId = i32();
  /** Bits of `PacketFlag`. */
  readonly flags = u8();
}
