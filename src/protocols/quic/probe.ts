import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { publicContent } from "./google.ts";
import { isLong, LONG_BYTES_MIN, PacketType, readLongHeader, versionOf } from "./long-header.ts";
import { Dialect, dialectOf, isReserved } from "./versions.ts";

/** A client pads the datagram of its first packet to this (RFC 9000 §14.1). */
const FIRST_DATAGRAM_BYTES = 1200;
const FIXED_BIT = 0x40;
/** Bytes of an encrypted packet: its number, and the sample that header protection takes. */
const PACKET_BYTES_MIN = 20;

/** Looks for a long header of a known version whose lengths fit the datagram, or for Google's public header with a version. */
export function probe(_side: Side, input: ByteView, usualPort: boolean): Probe {
  const { view, at, end } = input;
  if (end - at < LONG_BYTES_MIN) return Probe.no;
  if (!isLong(view, at)) return publicContent(view, at, end) > 0 ? Probe.yes : Probe.no;
  const version = versionOf(view, at);
  if (version === 0) return probeNegotiation(view, at, end);
  const dialect = dialectOf(version);
  const header = readLongHeader(view, at, end);
  if (header === undefined) return Probe.no;
  if (dialect === Dialect.googleLong) return Probe.yes;
  if ((view.getUint8(at) & FIXED_BIT) === 0) return Probe.no;
  if (dialect === Dialect.googlePublic) return Probe.no;
  const sound = header.type === PacketType.retry || header.end - header.numberAt >= PACKET_BYTES_MIN;
  if (!sound) return Probe.no;
  if (dialect !== Dialect.unknown && (version !== 1 || header.fromEnd > header.to + 1)) return Probe.yes;
  if (dialect !== Dialect.unknown) return usualPort ? Probe.yes : Probe.maybe;
  return usualPort && end - at >= FIRST_DATAGRAM_BYTES && header.type === PacketType.initial && header.toEnd - header.to >= 8
    ? Probe.maybe
    : Probe.no;
}

/** A server's list of versions (RFC 9000 §17.2.1): one that is known, and nothing behind the list. */
function probeNegotiation(view: DataView, at: number, end: number): Probe {
  const header = readLongHeader(view, at, end);
  if (header === undefined || (end - header.numberAt) % 4 !== 0) return Probe.no;
  // Without identifiers there is too little to tell.
  if (header.fromEnd === header.to + 1) return Probe.no;
  for (let i = header.numberAt; i < end; i += 4) {
    const version = view.getUint32(i);
    if (dialectOf(version) !== Dialect.unknown && !isReserved(version)) return Probe.yes;
  }
  return Probe.no;
}
