import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { HEADER_BYTES, packetLength } from "./parser.ts";
import { readPrelogin } from "./requests.ts";

/** Length of a packet that a server agrees to without being asked. */
const packetBytesUsual = 4096;

/** Looks for a prelogin or a login; on the usual port any packet will do. */
export function probe(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const type = bytes[at] as number;
  if (side === 0 ? type === 4 : type !== 4 && type !== 18) return Probe.no;
  if (!usualPort && type !== 18 && type !== 16) return Probe.no;
  const length = packetLength(view, at);
  if (length <= 0) return length < 0 ? Probe.no : Probe.more;
  const body = at + HEADER_BYTES;
  if (type === 18) return length > packetBytesUsual ? Probe.no : probePrelogin(view, body, at + length);
  if (type === 16) return probeLogin(view, body, at + length);
  return length <= 0x7fff ? Probe.yes : Probe.no;
}

function probePrelogin(view: ByteView, body: number, stop: number): Probe {
  if (view.end - body < 1) return Probe.more;
  // The first option is the version, and its place lies behind the list of options.
  if (view.bytes[body] !== 0) return Probe.no;
  if (view.end < stop) return Probe.more;
  return readPrelogin(view, body, stop) === undefined ? Probe.no : Probe.yes;
}

/** The login tells its own length, then a version 7. */
function probeLogin({ view, bytes, end }: ByteView, body: number, stop: number): Probe {
  if (end - body < 8) return Probe.more;
  const length = view.getUint32(body, true);
  const version = bytes[body + 7] as number;
  return length >= stop - body && length < 0x2_0000 && (version === 7 || (version >= 0x70 && version <= 0x74)) ? Probe.yes : Probe.no;
}
