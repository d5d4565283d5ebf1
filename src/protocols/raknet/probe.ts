import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { countFrames, isAcknowledgement } from "./frames.ts";

/** Messages outside of a connection, by their first byte. Roblox has numbers of its own for four of them. */
export const Id = {
  ping: 0x01,
  pingIfOpen: 0x02,
  request1: 0x05,
  reply1: 0x06,
  request2: 0x07,
  reply2: 0x08,
  alreadyConnected: 0x12,
  full: 0x14,
  banned: 0x17,
  incompatible: 0x19,
  tooSoon: 0x1a,
  pong: 0x1c,
} as const;
export const robloxIds: { readonly [id: number]: number } = { 123: Id.request1, 126: Id.reply1, 120: Id.request2, 125: Id.reply2 };

const MAGIC_BYTES = 16;

/** The sixteen bytes that stand in every message outside of a connection. */
export const isMagic = (view: DataView, at: number, end: number): boolean =>
  end - at >= MAGIC_BYTES &&
  view.getUint32(at) === 0x00ffff00 &&
  view.getUint32(at + 4) === 0xfefefefe &&
  view.getUint32(at + 8) === 0xfdfdfdfd &&
  view.getUint32(at + 12) === 0x12345678;

/** Where the magic stands behind an identifier. */
export function magicAt(id: number): number {
  if (id === Id.ping || id === Id.pingIfOpen) return 9;
  if (id === Id.pong) return 17;
  return id === Id.incompatible ? 2 : 1;
}

/** Length of what Roblox puts before a message; 0 when there is nothing. */
export function prefixBytes(view: DataView, at: number, end: number): number {
  if (end - at < 24 || view.getUint16(at) !== 0x0100 || view.getUint8(at + 2) !== 0) return 0;
  const length = view.getUint8(at + 3);
  return length >= 16 && length < end - at - MAGIC_BYTES ? length : 0;
}

export function probe(_side: Side, { view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end - at < 7) return Probe.no;
  const first = view.getUint8(at);
  if (first <= Id.pong) {
    if (isMagic(view, at + magicAt(first), end)) return Probe.yes;
    // A game may have a magic of its own: the text must fill the answer then.
    if (first === Id.pong && end - at > 35 && view.getUint16(at + 33) === end - at - 35) return Probe.maybe;
    const prefix = first === Id.ping ? prefixBytes(view, at, end) : 0;
    return prefix > 0 && isMagic(view, at + prefix + 1, end) ? Probe.yes : Probe.no;
  }
  if (robloxIds[first] !== undefined) return isMagic(view, at + 1, end) ? Probe.yes : Probe.no;
  if (first === 0xc0 || first === 0xa0) return isAcknowledgement(view, at, end) ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
  if (first < 0x80 || first > 0x8f) return Probe.no;
  return countFrames(view, at, end) > 0 ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
}
