import { parseAddress } from "#base/address.ts";

/** Where the innermost header begins at the latest: behind this many bytes nobody wraps packets any more. */
const headerBytesMax = 320;
const protocolNumbers: Readonly<Record<string, number>> = { ICMP: 1, TCP: 6, UDP: 17, "IPV6-ICMP": 58, SCTP: 132 };
/** Headers that may stand between IPv6 and the transport. */
const extensionHeaders: ReadonlySet<number> = new Set([0, 43, 44, 51, 60]);

/** Both ends of a flow, as they stand in headers. */
export interface FlowEnds {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
  readonly clientPort: number | undefined;
  readonly serverPort: number | undefined;
  /** Number of the transport; `undefined` when it is not one of those with a name here. */
  readonly protocol: number | undefined;
}

interface Texts {
  readonly src_ip: string;
  readonly src_port?: number | undefined;
  readonly dest_ip: string;
  readonly dest_port?: number | undefined;
  readonly proto: string;
}

/** The ends of a flow that events tell of; `undefined` when an address is none. */
export function endsOf({ src_ip, src_port, dest_ip, dest_port, proto }: Texts): FlowEnds | undefined {
  const client = bytesOf(src_ip);
  const server = bytesOf(dest_ip);
  if (client === undefined || server?.length !== client.length) return undefined;
  return { client, server, clientPort: src_port, serverPort: dest_port, protocol: protocolNumbers[proto.toUpperCase()] };
}

/**
 * True when the frame `bytes[from..to)` carries a packet of the flow. Both addresses stand side by side in an IP header,
 * however it is wrapped (VLANs, tunnels), so that is what is looked for. Fragments behind the first, and what stands
 * behind extension headers, count for the pair of addresses: their ports are elsewhere.
 */
export function carries(bytes: Uint8Array, from: number, to: number, ends: FlowEnds): boolean {
  const size = ends.client.length;
  const last = Math.min(to, from + headerBytesMax) - 2 * size;
  for (let at = from; at <= last; at++) {
    const isForward = stands(bytes, at, ends.client) && stands(bytes, at + size, ends.server);
    const isBackward = !isForward && stands(bytes, at, ends.server) && stands(bytes, at + size, ends.client);
    if (!isForward && !isBackward) continue;
    const isMeant = size === 4 ? isInIpv4(bytes, from, to, at - 12, ends, isForward) : isInIpv6(bytes, from, to, at - 8, ends, isForward);
    if (isMeant) return true;
  }
  return false;
}

function isInIpv4(bytes: Uint8Array, from: number, to: number, header: number, ends: FlowEnds, isForward: boolean): boolean {
  if (header < from || (bytes[header] as number) >> 4 !== 4) return false;
  if (ends.protocol !== undefined && bytes[header + 9] !== ends.protocol) return false;
  const offset = (((bytes[header + 6] as number) & 0x1f) << 8) | (bytes[header + 7] as number);
  return offset > 0 || hasPorts(bytes, to, header + ((bytes[header] as number) & 15) * 4, ends, isForward);
}

function isInIpv6(bytes: Uint8Array, from: number, to: number, header: number, ends: FlowEnds, isForward: boolean): boolean {
  if (header < from || (bytes[header] as number) >> 4 !== 6) return false;
  const next = bytes[header + 6] as number;
  if (extensionHeaders.has(next)) return true;
  return (ends.protocol === undefined || next === ends.protocol) && hasPorts(bytes, to, header + 40, ends, isForward);
}

/** A packet that was cut before its ports is taken: better one too many than evidence that is missing. */
function hasPorts(bytes: Uint8Array, to: number, at: number, ends: FlowEnds, isForward: boolean): boolean {
  const { clientPort, serverPort, protocol } = ends;
  if (clientPort === undefined || serverPort === undefined || protocol === 1 || protocol === 58 || at + 4 > to) return true;
  const first = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  const second = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return isForward ? first === clientPort && second === serverPort : first === serverPort && second === clientPort;
}

function stands(bytes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let i = 0; i < address.length; i++) if (bytes[at + i] !== address[i]) return false;
  return true;
}

function bytesOf(text: string): Uint8Array | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const view = new DataView(new ArrayBuffer(address.version === 4 ? 4 : 16));
  for (let i = 0; i < view.byteLength / 4; i++) view.setUint32(i * 4, address.words[i] as number);
  return new Uint8Array(view.buffer);
}
