import type { FlowLookup, PacketRows } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { Header, Layer } from "#engine/rules/signature.ts";

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const SCTP = 132;

/** Who sends to whom, over what: the part of a packet or message that headers of rules ask for. One is reused for all. */
export class Ends {
  /** Addresses: sender at 0, receiver at 4; IPv4 in the first word. */
  readonly words = new Int32Array(8);
  sourcePort = 0;
  targetPort = 0;
  /** 4, 6, or 0 without an IP header. */
  version = 0;
  protocol = 0;

  /** Takes them from a packet. */
  ofPacket(rows: PacketRows, row: number): void {
    const { words } = this;
    words[0] = rows.source0[row] as number;
    words[1] = rows.source1[row] as number;
    words[2] = rows.source2[row] as number;
    words[3] = rows.source3[row] as number;
    words[4] = rows.target0[row] as number;
    words[5] = rows.target1[row] as number;
    words[6] = rows.target2[row] as number;
    words[7] = rows.target3[row] as number;
    this.version = rows.ipVersion[row] as number;
    this.protocol = this.version === 0 ? 0 : (rows.protocol[row] as number);
    this.#ports(rows.sourcePort[row] as number, rows.targetPort[row] as number);
  }

  /** Takes them from a flow: what one of its sides sends. */
  ofFlow(flows: FlowLookup, slot: number, side: Side): void {
    const at = flows.addressAt(slot);
    const { addressWords } = flows;
    const client = side === 0 ? 0 : 4;
    for (let i = 0; i < 4; i++) {
      this.words[client + i] = addressWords[at + i] as number;
      this.words[4 - client + i] = addressWords[at + 4 + i] as number;
    }
    this.version = flows.isIpv6(slot) ? 6 : 4;
    this.protocol = flows.transportOf(slot);
    const clientPort = flows.clientPort(slot);
    const serverPort = flows.serverPort(slot);
    if (side === 0) this.#ports(clientPort, serverPort);
    else this.#ports(serverPort, clientPort);
  }

  /** Type and code of ICMP stand in the place of ports, but are none. */
  #ports(source: number, target: number): void {
    const hasPorts = this.protocol === TCP || this.protocol === UDP || this.protocol === SCTP;
    this.sourcePort = hasPorts ? source : 0;
    this.targetPort = hasPorts ? target : 0;
  }
}

/** True when the protocol is one that the header is about. */
export function fitsLayer(layer: Layer, version: number, protocol: number): boolean {
  switch (layer) {
    case "pkthdr":
      return true;
    case "ip":
      return version !== 0;
    case "ipv4":
      return version === 4;
    case "ipv6":
      return version === 6;
    case "tcp":
    case "tcp-pkt":
    case "tcp-stream":
      return protocol === TCP;
    case "udp":
      return protocol === UDP;
    case "icmp":
      return protocol === ICMP || protocol === ICMPV6;
    case "icmpv4":
      return protocol === ICMP;
    case "icmpv6":
      return protocol === ICMPV6;
    default:
      return protocol === SCTP;
  }
}

/** True when addresses, ports and protocol are those of the header. */
export function fitsHeader(header: Header, ends: Ends): boolean {
  if (!fitsLayer(header.layer, ends.version, ends.protocol)) return false;
  if (ends.version === 0) return header.source.any && header.target.any;
  const { words, sourcePort, targetPort } = ends;
  const ipv6 = ends.version === 6;
  if (
    hasPort(header.sourcePorts, sourcePort) &&
    hasPort(header.targetPorts, targetPort) &&
    (header.source.any || header.source.has(words, 0, ipv6)) &&
    (header.target.any || header.target.has(words, 4, ipv6))
  )
    return true;
  return (
    header.both &&
    hasPort(header.sourcePorts, targetPort) &&
    hasPort(header.targetPorts, sourcePort) &&
    (header.source.any || header.source.has(words, 4, ipv6)) &&
    (header.target.any || header.target.has(words, 0, ipv6))
  );
}

const hasPort = (ports: Header["sourcePorts"], port: number): boolean => ports.any || ports.has(port);
