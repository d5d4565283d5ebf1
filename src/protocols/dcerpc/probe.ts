import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import * as datagram from "./datagram.ts";
import * as pdu from "./pdu.ts";

/** A header is eleven bytes of which most are fixed: as good as a magic number when the length fits the type. */
export function probe(_side: Side, input: ByteView, _usualPort: boolean): Probe {
  const { view, at, end } = input;
  if (end === at) return Probe.more;
  if (view.getUint8(at) !== 5) return Probe.no;
  if (end - at < pdu.HEADER_BYTES)
    return (end - at < 2 || view.getUint8(at + 1) <= 1) && (end - at < 3 || pdu.knownType(view.getUint8(at + 2))) ? Probe.more : Probe.no;
  if (!pdu.plausible(view, at)) return Probe.no;
  const type = pdu.type(view, at);
  const least = type === pdu.Pdu.bind || type === pdu.Pdu.alter ? 72 : type <= 3 ? 24 : pdu.HEADER_BYTES;
  return pdu.fragmentBytes(view, at) >= least ? Probe.yes : Probe.no;
}

/** Connectionless: an 80-byte header whose length is the datagram's. */
export function probeDatagram(_side: Side, input: ByteView, usualPort: boolean): Probe {
  const { view, at, end } = input;
  if (end - at < datagram.HEADER_BYTES || view.getUint8(at) !== 4 || !datagram.plausible(view, at)) return Probe.no;
  if (datagram.HEADER_BYTES + datagram.bodyBytes(view, at) > end - at) return Probe.no;
  return usualPort || datagram.interfaceKnown(view, at) ? Probe.yes : Probe.maybe;
}
