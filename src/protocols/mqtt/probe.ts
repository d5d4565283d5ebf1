import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Flags that the first byte of each packet type must have (§2.1.3); -1 where any will do. */
const FLAGS = [-2, 0, 0, -1, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0];
/** Packets that are looked at in the middle of a connection. */
const packetsMax = 4;

/** CONNECT with the protocol's name and version is proof enough; in the middle of a connection, packets that fit each other. */
export function probe(side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  if (at === end) return Probe.more;
  const first = bytes[at] as number;
  if (first === 0x10) return side === 0 || usualPort ? connect(bytes, at, end) : Probe.no;
  return usualPort ? middle(bytes, at, end) : Probe.no;
}

function connect(bytes: Uint8Array, at: number, end: number): Probe {
  let next = at + 1;
  while (next < end && (bytes[next] as number) >= 0x80 && next < at + 4) next++;
  if (next + 1 >= end) return next < at + 4 ? Probe.more : Probe.no;
  const old = bytes[next + 2] === 6;
  const name = old ? "\0\x06MQIsdp" : "\0\x04MQTT";
  for (let i = 0; i < name.length; i++) {
    if (next + 1 + i >= end) return Probe.more;
    if (bytes[next + 1 + i] !== name.charCodeAt(i)) return Probe.no;
  }
  const version = next + 1 + name.length;
  if (version >= end) return Probe.more;
  // The highest bit says that a bridge connects.
  const number = (bytes[version] as number) & 0x7f;
  return old ? (number === 3 ? Probe.yes : Probe.no) : number === 4 || number === 5 ? Probe.yes : Probe.no;
}

function middle(bytes: Uint8Array, at: number, end: number): Probe {
  for (let i = 0; i < packetsMax && at < end; i++) {
    const byte = bytes[at] as number;
    const flags = FLAGS[byte >> 4] as number;
    if (flags === -2 || (flags >= 0 && flags !== (byte & 15)) || (flags === -1 && (byte & 6) === 6)) return Probe.no;
    let length = 0;
    let next = at + 1;
    for (let shift = 0; ; shift += 7) {
      if (shift > 21) return Probe.no;
      if (next >= end) return i > 0 ? Probe.maybe : Probe.more;
      const more = bytes[next++] as number;
      length += (more & 0x7f) * 2 ** shift;
      if (more < 0x80) break;
    }
    const type = byte >> 4;
    if ((type === 12 || type === 13) !== (length === 0) && type < 14) return Probe.no;
    if (type === 3 && next + 4 < end && (bytes[next] as number) * 256 + (bytes[next + 1] as number) + 2 > length) return Probe.no;
    at = next + length;
  }
  return Probe.maybe;
}
