import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Enough for a command or for a greeting that says what it is. */
const lookBytesMax = 200;

const VERBS = ["EHLO", "HELO", "LHLO", "MAIL FROM:", "RCPT TO:", "STARTTLS", "XCLIENT "];

/** A greeting that names the protocol, or a command that no other protocol has. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first >= 0x32 && first <= 0x35) return probeReply(latin1(bytes, at, Math.min(end, at + lookBytesMax)), usualPort);
  const upper = first & 0xdf;
  // E, H, L, M, R, S, X
  if (upper !== 0x45 && upper !== 0x48 && upper !== 0x4c && upper !== 0x4d && upper !== 0x52 && upper !== 0x53 && upper !== 0x58)
    return Probe.no;
  return probeCommand(latin1(bytes, at, Math.min(end, at + lookBytesMax)), usualPort);
}

function probeReply(text: string, usualPort: boolean): Probe {
  if (!/^(?:[245](?:\d(?:\d(?:[ -]|\r?\n|\r?$|$)|$)|$)|3(?:3(?:4(?:[ -]|$)|$)|5(?:4(?:[ -]|$)|$)|$))/.test(text)) return Probe.no;
  const line = text.indexOf("\n");
  if (line < 0 && text.length < lookBytesMax) return Probe.more;
  const greeting = line < 0 ? text : text.slice(0, line);
  if (/^(?:220|554|421)[ -].*\bE?SMTP\b/i.test(greeting)) return Probe.yes;
  if (!usualPort || /\bFTP\b/i.test(greeting)) return Probe.no;
  return /^(?:220|221|235|250|334|354|421|4[25]\d|5[025]\d)[ -]/.test(greeting) ? Probe.yes : Probe.no;
}

function probeCommand(text: string, usualPort: boolean): Probe {
  const upper = text.toUpperCase();
  const verb = VERBS.find((one) => upper.startsWith(one) || one.startsWith(upper));
  if (verb === undefined) return Probe.no;
  const line = text.indexOf("\n");
  if (line < 0 && text.length < lookBytesMax) return Probe.more;
  const command = text.slice(0, line < 0 ? undefined : line).trimEnd();
  if (/[^\x20-\x7e\x80-\xff]/.test(command)) return Probe.no;
  if (/^(?:EHLO|HELO|LHLO) +\S+$/i.test(command) || /^(?:MAIL FROM|RCPT TO): *\S/i.test(command)) return Probe.yes;
  if (/^XCLIENT +\w+=/i.test(command)) return Probe.yes;
  return /^(?:EHLO|HELO|STARTTLS)$/i.test(command) ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
}
