import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Bytes of the first line that are looked at. */
const headBytes = 512;
const RESPONSE = /^SIP\/2\.0 [1-6]\d\d[ \r\n]/;
const RESPONSE_PREFIX = /^S(?:I(?:P(?:\/(?:2(?:\.(?:0(?: (?:[1-6](?:\d\d?)?)?)?)?)?)?)?)?)?$/;
/** A method, then an address of one of the schemes that SIP is asked for (RFC 3261 §25.1 lets methods be any token). */
const REQUEST = /^[A-Z][A-Z0-9_.!%*+`'~-]{1,31} (?:sips?|tel|urn|im|pres|mailto):[^ \r\n]* SIP\/2\.0\r?\n/i;
const REQUEST_PREFIX =
  /^[A-Z](?:[A-Z0-9_.!%*+`'~-]{1,31}(?: (?:(?:sips?|tel|urn|im|pres|mailto):[^ \r\n]*(?: (?:S(?:I(?:P(?:\/(?:2(?:\.(?:0\r?)?)?)?)?)?)?)?)?|[a-z]{0,6}))?)?$/i;
/** Words that keep a way through address translation open; white space does too. */
const KEEP_ALIVES = new Set(["hello", "jaK", "keep-alive"]);
const keepAliveBytesMax = 10;

/** Looks for the first line of a request or a response. */
export function probe(_side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first < 0x41 || first > 0x7a || (first > 0x5a && first < 0x61)) return Probe.no;
  const head = latin1(bytes, at, Math.min(end, at + headBytes));
  if (RESPONSE.test(head) || REQUEST.test(head)) return Probe.yes;
  if (RESPONSE_PREFIX.test(head)) return Probe.more;
  if (!REQUEST_PREFIX.test(head)) return Probe.no;
  // A first line longer than what is looked at.
  if (head.length === headBytes) return usualPort ? Probe.yes : Probe.no;
  return Probe.more;
}

/** The same for a datagram, which is whole. On the usual port, a few bytes that keep the way open are weak evidence. */
export function probeDatagram(side: Side, view: ByteView, usualPort: boolean): Probe {
  if (usualPort && isKeepAlive(view)) return Probe.maybe;
  return probe(side, view, usualPort) === Probe.yes ? Probe.yes : Probe.no;
}

/** Whether a datagram is nothing but a sign of life. */
export function isKeepAlive({ bytes, at, end }: ByteView): boolean {
  if (end - at > keepAliveBytesMax) return false;
  const text = latin1(bytes, at, end);
  return KEEP_ALIVES.has(text) || text.replaceAll("\0", "").trim() === "";
}
