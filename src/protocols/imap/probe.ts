import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

const lookBytesMax = 200;
const STAR = 0x2a;

/** Commands that only this protocol has; the others need the usual port. */
const OWN =
  /^(?:CAPABILITY|STARTTLS|AUTHENTICATE [\w-]+|LOGIN \S+ \S+|LOGIN \{\d+\+?\}|NAMESPACE|UID (?:FETCH|SEARCH|STORE|COPY) \S+.*|SELECT "?[^"]+"?|EXAMINE .+)/i;
const ANY = /^(?:NOOP|LOGOUT|ID (?:NIL|\().*|LIST .+|LSUB .+|STATUS .+|FETCH \S+ .+|IDLE|CHECK|CLOSE|EXPUNGE|ENABLE .+|APPEND .+)/i;

/** The server's greeting and answers begin with a star, the client's commands with a tag. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  const tag = (first >= 0x30 && first <= 0x39) || (first >= 0x41 && first <= 0x5a) || (first >= 0x61 && first <= 0x7a) || first === 0x2e;
  if (first !== STAR && !tag) return Probe.no;
  const text = latin1(bytes, at, Math.min(end, at + lookBytesMax));
  return first === STAR ? probeServer(text, usualPort) : probeClient(text, usualPort);
}

function probeServer(text: string, usualPort: boolean): Probe {
  if (text.length > 1 && text[1] !== " ") return Probe.no;
  const line = text.indexOf("\n");
  const head = text.slice(0, line < 0 ? undefined : line).trimEnd();
  if (!/^\*(?: (?:O(?:K.*)?|P(?:R.*)?|B(?:Y.*)?|C(?:A.*)?|F(?:L.*)?|L(?:I.*)?|\d{1,10}(?: (?:[EFR].*)?)?)?)?$/s.test(head)) return Probe.no;
  if (line < 0 && text.length < lookBytesMax) return Probe.more;
  if (/^\* (?:OK|PREAUTH|BYE)\b.*(?:IMAP|\[CAPABILITY )/i.test(head) || /^\* CAPABILITY .*IMAP4/i.test(head)) return Probe.yes;
  if (/^\* \d+ (?:FETCH \(|EXISTS$|RECENT$)/i.test(head)) return Probe.yes;
  if (!/^\* (?:OK|PREAUTH|BYE|FLAGS|LIST)\b/.test(head)) return Probe.no;
  return usualPort ? Probe.yes : Probe.maybe;
}

function probeClient(text: string, usualPort: boolean): Probe {
  const line = text.indexOf("\n");
  const head = text.slice(0, line < 0 ? undefined : line).trimEnd();
  const tag = /^[A-Za-z0-9.$_-]{1,24}/.exec(head)?.[0] as string;
  if (tag.length === head.length) return line < 0 && head.length < 24 ? Probe.more : Probe.no;
  // Tags have a digit in them, or are a point; words of other protocols are neither.
  if (head[tag.length] !== " " || !/[\d.]/.test(tag)) return Probe.no;
  const command = head.slice(tag.length + 1);
  if (!/^[A-Za-z]{0,12}(?: |$)/.test(command)) return Probe.no;
  if (line < 0) return text.length < lookBytesMax ? Probe.more : Probe.no;
  if (OWN.test(command)) return /^(?:LOGIN|SELECT|EXAMINE)/i.test(command) && !usualPort ? Probe.maybe : Probe.yes;
  return ANY.test(command) && usualPort ? Probe.yes : Probe.no;
}
