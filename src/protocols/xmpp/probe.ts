import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

const lookBytesMax = 512;
const LESS = 0x3c;

/** A stream's beginning, or the answer to it. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  if (bytes[at] !== LESS) return Probe.no;
  const text = latin1(bytes, at, Math.min(end, at + lookBytesMax));
  if (/^(?:<\?xml[^>]*\?>\s*)?<(?:stream:stream|flash:stream)[\s>]/.test(text)) return Probe.yes;
  if (usualPort && /^<(?:starttls|proceed|stream:features|auth|iq|message|presence)[\s>/]/.test(text)) return Probe.yes;
  if (text.length >= lookBytesMax) return Probe.no;
  const open = /^<\?xml[^>]*(?:\?>\s*)?$/.test(text) || "<?xml ".startsWith(text);
  return open || /^(?:<\?xml[^>]*\?>\s*)?<[a-z:]{0,13}$/.test(text) ? Probe.more : Probe.no;
}
