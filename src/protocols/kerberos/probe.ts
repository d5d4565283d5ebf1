import type { ByteView } from "#base/bytes.ts";
import { elementBytes } from "#base/der.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { MessageType } from "./message.ts";

const LONGEST = 262_144;
const TYPES: readonly number[] = Object.values(MessageType);

/** UDP: a datagram is a message. */
export function probeDatagram(_side: Side, input: ByteView): Probe {
  const { bytes, at, end } = input;
  if (end - at < 16 || ((bytes[at] as number) & 0xe0) !== 0x60) return Probe.no;
  return elementBytes(bytes, at, end) === end - at && head(bytes, at, end) === Probe.yes ? Probe.yes : Probe.no;
}

/** TCP: its length stands in front of a message. */
export function probeStream(_side: Side, input: ByteView): Probe {
  const { bytes, view, at, end } = input;
  if (end === at) return Probe.more;
  if (bytes[at] !== 0) return Probe.no;
  if (end - at < 5) return Probe.more;
  const length = view.getUint32(at);
  if (length < 16 || length > LONGEST || !TYPES.includes((bytes[at + 4] as number) - 0x60)) return Probe.no;
  const element = elementBytes(bytes, at + 4, end);
  if (element === 0) return Probe.more;
  return element === length ? head(bytes, at + 4, end) : Probe.no;
}

/** Application tag, sequence, then version 5 and the type once more: nothing else begins so (RFC 4120 §5.4, §5.9). */
function head(bytes: Uint8Array, at: number, end: number): Probe {
  const type = (bytes[at] as number) - 0x60;
  if (!TYPES.includes(type)) return Probe.no;
  let i = behindLength(bytes, at + 1);
  if (i >= end) return Probe.more;
  if (bytes[i] !== 0x30) return Probe.no;
  if (end - i < 2) return Probe.more;
  i = behindLength(bytes, i + 1);
  const first = type === MessageType.asReq || type === MessageType.tgsReq ? 0xa1 : 0xa0;
  const wanted = [first, 3, 2, 1, 5, first + 1, 3, 2, 1, type];
  for (let n = 0; n < wanted.length; n++) {
    if (i + n >= end) return Probe.more;
    if (bytes[i + n] !== wanted[n]) return Probe.no;
  }
  return Probe.yes;
}

const behindLength = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at] ?? 0;
  return at + 1 + (first > 0x80 && first <= 0x84 ? first & 0x7f : 0);
};
