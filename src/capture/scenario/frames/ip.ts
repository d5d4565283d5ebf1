import { complement, pseudoSum4, pseudoSum6, sumBytes } from "#wire/checksum.ts";
import type { Path, Side } from "./endpoint.ts";
import type { FrameBuffer } from "./frame-buffer.ts";

const ETHERNET_BYTES = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const DONT_FRAGMENT = 0x4000;

/** Writes Ethernet (and the VLAN's tag) at `at`; returns where the payload begins. */
export function writeEthernet(frames: FrameBuffer, at: number, to: Uint8Array, from: Uint8Array, vlan: number, type: number): number {
  frames.bytes.set(to, at);
  frames.bytes.set(from, at + 6);
  if (vlan === 0) {
    frames.view.setUint16(at + 12, type);
    return at + ETHERNET_BYTES;
  }
  frames.view.setUint16(at + 12, VLAN);
  frames.view.setUint16(at + 14, vlan);
  frames.view.setUint16(at + 16, type);
  return at + ETHERNET_BYTES + 4;
}

/** Writes Ethernet and IP for a payload that ends the frame; returns where the payload begins. */
export function writeIp(frames: FrameBuffer, at: number, path: Path, side: Side, protocol: number, length: number, hops = 0): number {
  const from = path.ends[side];
  const to = path.ends[side ^ 1] as typeof from;
  const { view } = frames;
  if (path.version === 6) {
    const ip = writeEthernet(frames, at, to.mac, from.mac, from.vlan, IPV6);
    view.setUint32(ip, 0x60000000);
    view.setUint16(ip + 4, length);
    view.setUint8(ip + 6, protocol);
    view.setUint8(ip + 7, hops === 0 ? from.ttl : hops);
    for (let i = 0; i < 4; i++) {
      view.setUint32(ip + 8 + i * 4, from.ip6[i] as number);
      view.setUint32(ip + 24 + i * 4, to.ip6[i] as number);
    }
    return ip + 40;
  }
  const ip = writeEthernet(frames, at, to.mac, from.mac, from.vlan, IPV4);
  from.identification = (from.identification + 1) & 0xffff;
  view.setUint16(ip, 0x4500);
  view.setUint16(ip + 2, 20 + length);
  view.setUint16(ip + 4, from.identification);
  view.setUint16(ip + 6, DONT_FRAGMENT);
  view.setUint8(ip + 8, hops === 0 ? from.ttl : hops);
  view.setUint8(ip + 9, protocol);
  view.setUint16(ip + 10, 0);
  view.setUint32(ip + 12, from.ip4);
  view.setUint32(ip + 16, to.ip4);
  view.setUint16(ip + 10, complement(sumBytes(view, ip, ip + 20)));
  return ip + 20;
}

/** The transport checksum of `[l4, end)`, whose field holds 0; the IP header stands right before `l4`. */
export function transportChecksum(view: DataView, version: 4 | 6, protocol: number, l4: number, end: number): number {
  const length = end - l4;
  const pseudo = version === 4 ? pseudoSum4(view, l4 - 20, protocol, length) : pseudoSum6(view, l4 - 40, protocol, length);
  return complement(sumBytes(view, l4, end, pseudo));
}
