import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { plausibleOption } from "./options.ts";

const IAC = 0xff;
const PROMPT = /(?:login|user ?name|password) ?: ?$/i;
const promptBytesMax = 1024;

/** Negotiations one behind the other; on the usual port one is enough, or a prompt. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  if (bytes[at] !== IAC) {
    if (!usualPort) return Probe.no;
    const text = latin1(bytes, at, Math.min(end, at + promptBytesMax));
    if (/[^\t\n\r\x20-\x7e\x80-\xfe]/.test(text.slice(0, 64))) return text.includes("\xff") ? Probe.maybe : Probe.no;
    return PROMPT.test(text) ? Probe.yes : end - at < promptBytesMax ? Probe.more : Probe.no;
  }
  let i = at;
  let found = 0;
  while (i + 3 <= end && bytes[i] === IAC && found < 3) {
    const command = bytes[i + 1] as number;
    const option = bytes[i + 2] as number;
    if (command < 0xfa || command > 0xfe || !plausibleOption(option)) return Probe.no;
    found++;
    if (command === 0xfa) break;
    i += 3;
  }
  if (found === 0)
    return end - at < 3 && (end - at === 1 || ((bytes[at + 1] as number) >= 0xfa && (bytes[at + 1] as number) <= 0xfe))
      ? Probe.more
      : Probe.no;
  if (usualPort || found >= 3) return Probe.yes;
  // Two of them, or one: a byte order mark and others begin like that.
  return i < end && bytes[i] !== IAC ? (found >= 2 ? Probe.maybe : Probe.no) : found >= 2 ? Probe.yes : Probe.maybe;
}
