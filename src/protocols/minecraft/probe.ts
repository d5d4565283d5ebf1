import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { isJson, PacketReader } from "./packets.ts";

/** Longest address in a handshake; proxies and mods put more behind it. */
export const addressBytesMax = 1024;
/** Length of a handshake: numbers of one to five bytes, address, port. */
const handshakeBytesMax = addressBytesMax + 16;

/** What old clients ask: `fe 01`, since 1.6 with `fa` and the name of a channel, `MC|PingHost`, in letters of two bytes. */
const OLD_PING = [0xfe, 0x01, 0xfa, 0x00, 0x0b, 0x00, 0x4d, 0x00, 0x43, 0x00, 0x7c];
/** `§1` and a zero, behind 0xff and the length. */
const OLD_ANSWER = [0x00, 0xa7, 0x00, 0x31, 0x00, 0x00];

export function probe(side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first === 0xfe) return probeOldPing(bytes, at, end, usualPort);
  if (first === 0xff) return probeOldAnswer(bytes, at, end);
  const reader = new PacketReader(bytes, view, at, end);
  const length = reader.varint();
  if (reader.short) return end - at < 3 ? Probe.more : Probe.no;
  if (length < 4) return Probe.no;
  if (reader.left === 0) return Probe.more;
  const start = reader.at;
  if (bytes[reader.at++] !== 0) return Probe.no;
  return side === 0 && length <= handshakeBytesMax ? probeHandshake(reader, start + length) : probeStatus(reader, start + length);
}

/** Version, address, port, what comes next: they fill the packet. */
function probeHandshake(reader: PacketReader, stop: number): Probe {
  const version = reader.varint();
  if (reader.short) return reader.end - reader.at < 5 && reader.at === reader.end ? Probe.more : Probe.no;
  if (version < -1 || (version > 0x1000 && version >>> 24 !== 0x40)) return Probe.no;
  const length = reader.varint();
  if (reader.short) return reader.at === reader.end ? Probe.more : Probe.no;
  if (length < 0 || length > addressBytesMax || reader.at + length + 3 !== stop) return Probe.no;
  for (let i = reader.at; i < Math.min(reader.at + length, reader.end); i++) {
    const letter = reader.bytes[i] as number;
    // Forge puts zero bytes behind the name.
    if (letter < 0x20 && letter !== 0) return Probe.no;
  }
  if (stop > reader.end) return Probe.more;
  const next = reader.bytes[stop - 1] as number;
  return next >= 1 && next <= 3 ? Probe.yes : Probe.no;
}

/** The server's answer: a text that fills the packet and is JSON. */
function probeStatus(reader: PacketReader, stop: number): Probe {
  const length = reader.varint();
  if (reader.short) return reader.at === reader.end ? Probe.more : Probe.no;
  if (length < 2 || reader.at + length !== stop) return Probe.no;
  if (reader.left < 2) return reader.left === 0 || reader.bytes[reader.at] === 0x7b ? Probe.more : Probe.no;
  return isJson(reader.bytes, reader.at, reader.end) ? Probe.yes : Probe.no;
}

function probeOldPing(bytes: Uint8Array, at: number, end: number, usualPort: boolean): Probe {
  for (let i = 0; i < OLD_PING.length && at + i < end; i++) if (bytes[at + i] !== OLD_PING[i]) return Probe.no;
  if (end - at >= OLD_PING.length) return Probe.yes;
  return usualPort && end - at <= 2 ? Probe.maybe : Probe.more;
}

function probeOldAnswer(bytes: Uint8Array, at: number, end: number): Probe {
  for (let i = 0; i < OLD_ANSWER.length && at + 3 + i < end; i++) if (bytes[at + 3 + i] !== OLD_ANSWER[i]) return Probe.no;
  return end - at >= 3 + OLD_ANSWER.length ? Probe.yes : Probe.more;
}
