import type { Ends } from "./ends.ts";
import type { Scene } from "./scene.ts";

const ICMP = 1;
const IGMP = 2;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const IPV6_BYTES = 40;
const ICMP_BYTES = 8;
const UDP_BYTES = 8;

/** A part of some bytes. One is reused. */
export class Span {
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;

  set(bytes: Uint8Array, from: number, to: number): true {
    this.bytes = bytes;
    this.from = from;
    this.to = Math.max(from, to);
    return true;
  }
}

/** Shows the packet's own header that a buffer is. False when the packet has none. */
export function headerSpan(buffer: string, scene: Scene, span: Span): boolean {
  const { block, rows, row, ends } = scene;
  if (buffer === "ip.src" || buffer === "ip.dst") return ends.version !== 0 && addressSpan(ends, buffer === "ip.src" ? 0 : 4, span);
  if (block === undefined || rows === undefined || ends.version === 0) return false;
  const l3 = rows.l3[row] as number;
  const l4 = rows.l4[row] as number;
  const { bytes, view } = block;
  const end = Math.max(l3, l4, (rows.payload[row] as number) + (rows.payloadBytes[row] as number));
  const ipv4 = ends.version === 4;
  const { protocol } = ends;
  switch (buffer) {
    case "ip.hdr":
      return span.set(bytes, l3, ipv4 ? l3 + (view.getUint8(l3) & 15) * 4 : l4 >= 0 ? l4 : l3 + IPV6_BYTES);
    case "ipv4.hdr":
      return ipv4 && span.set(bytes, l3, l3 + (view.getUint8(l3) & 15) * 4);
    case "ipv6.hdr":
      return !ipv4 && span.set(bytes, l3, l4 >= 0 ? l4 : l3 + IPV6_BYTES);
    case "tcp.hdr":
      return protocol === TCP && l4 >= 0 && span.set(bytes, l4, Math.min(end, l4 + (view.getUint8(l4 + 12) >> 4) * 4));
    case "udp.hdr":
      return protocol === UDP && l4 >= 0 && span.set(bytes, l4, l4 + UDP_BYTES);
    case "icmpv4.hdr":
      return ipv4 && protocol === ICMP && l4 >= 0 && span.set(bytes, l4, Math.min(end, l4 + ICMP_BYTES));
    case "icmpv6.hdr":
      return !ipv4 && protocol === ICMPV6 && l4 >= 0 && span.set(bytes, l4, Math.min(end, l4 + ICMP_BYTES));
    case "igmp.hdr": {
      const at = l3 + (ipv4 ? (view.getUint8(l3) & 15) * 4 : IPV6_BYTES);
      return protocol === IGMP && span.set(bytes, at, Math.max(at, end));
    }
    default:
      return false;
  }
}

function addressSpan(ends: Ends, at: number, span: Span): true {
  const words = ends.version === 4 ? 1 : 4;
  const bytes = new Uint8Array(words * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words; i++) view.setInt32(i * 4, ends.words[at + i] as number);
  return span.set(bytes, 0, bytes.length);
}

/** Shows what the packet carries. False when that cannot be read. */
export function payloadSpan(scene: Scene, span: Span): boolean {
  const { block, rows, row } = scene;
  if (block === undefined || rows === undefined || !scene.isWhole) return false;
  const from = rows.payload[row] as number;
  const length = rows.payloadBytes[row] as number;
  return length > 0 && span.set(block.bytes, from, from + length);
}
