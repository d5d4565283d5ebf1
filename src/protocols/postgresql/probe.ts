import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { Startup, startupBytesMax, typedLength } from "./messages.ts";

/** Longest message by which a connection is known on unusual ports. */
const messageBytesLikely = 4096;

/** Looks for a client's start, a server's question for a password, or messages of a connection met in the middle. */
export function probe(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first === 0) return probeStart(view);
  // The rest begins with a letter.
  if (first < 0x31 || first > 0x7a) return Probe.no;
  // A server that accepts or refuses TLS, met without its client.
  if (end - at === 1) return Probe.more;
  return probeTyped(side, view, usualPort);
}

function probeStart({ bytes, view, at, end }: ByteView): Probe {
  if (end - at < 8) return bytes[at + 1] === 0 || end - at < 2 ? Probe.more : Probe.no;
  const length = view.getUint32(at);
  const code = view.getUint32(at + 4);
  if (code === Startup.ssl || code === Startup.gssenc) return length === 8 ? Probe.yes : Probe.no;
  if (code === Startup.cancel) return length === 16 ? Probe.yes : Probe.no;
  if (code >>> 16 !== Startup.version3 || (code & 0xffff) > 9 || length < 9 || length > startupBytesMax) return Probe.no;
  if (end - at < 9) return Probe.more;
  const letter = bytes[at + 8] as number;
  return (letter === 0 && length === 9) || (letter >= 0x61 && letter <= 0x7a) ? Probe.yes : Probe.no;
}

/** Whole messages up to the end: one on the usual port; elsewhere of a kind that nobody else has. */
function probeTyped(side: Side, view: ByteView, usualPort: boolean): Probe {
  let telling = false;
  for (let i = view.at; i < view.end; ) {
    const length = typedLength(side, view, i);
    if (length < 0) return Probe.no;
    if (length > messageBytesLikely && !usualPort) return Probe.no;
    if (length === 0 || i + length > view.end) return telling ? Probe.yes : Probe.more;
    telling ||= tells(side, view, i, length);
    i += length;
  }
  return telling || usualPort ? Probe.yes : Probe.more;
}

/** A question for a password, a query's text, or the server's readiness. */
function tells(side: Side, { bytes, view }: ByteView, at: number, length: number): boolean {
  const type = bytes[at];
  if (side === 0) return type === 0x51 && length > 8 && bytes[at + length - 1] === 0 && (bytes[at + 5] as number) >= 0x20;
  if (type === 0x5a) return "ITE".includes(String.fromCharCode(bytes[at + 5] as number));
  return type === 0x52 && length >= 9 && length < 1000 && view.getUint32(at + 5) <= 12;
}
