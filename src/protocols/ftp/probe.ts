import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

const lookBytesMax = 200;
/** Commands that no other protocol begins with, and commands that the usual port must support. */
const OWN = /^(?:AUTH (?:TLS|SSL|TLS-[CP])|FEAT|SYST|PASV|EPSV|OPTS UTF8.*|CLNT .+)$/i;
const USUAL =
  /^(?:USER [^ ]+|PASS .*|ACCT .+|HOST .+|QUIT|NOOP|PWD|TYPE [AEIL]( .)?|CWD .+|LIST.*|PORT \d[\d,]+|EPRT .+|RETR .+|STOR .+)$/i;

/** A greeting that names the protocol, or a command that no other protocol has. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  const digit = first >= 0x31 && first <= 0x35;
  const letter = (first & 0xdf) >= 0x41 && (first & 0xdf) <= 0x55;
  if (!digit && !letter) return Probe.no;
  const text = latin1(bytes, at, Math.min(end, at + lookBytesMax));
  return digit ? probeReply(text, usualPort) : probeCommand(text, usualPort);
}

function probeReply(text: string, usualPort: boolean): Probe {
  if (!/^[1-5](?:[0-5](?:\d(?:[ -].*)?)?)?\r?$/s.test(text.slice(0, 4)) && !/^[1-5][0-5]\d[ -]/.test(text)) return Probe.no;
  const line = text.indexOf("\n");
  if (line < 0 && text.length < lookBytesMax) return Probe.more;
  const greeting = text.slice(0, line < 0 ? undefined : line);
  if (/\bE?SMTP\b/i.test(greeting)) return Probe.no;
  if (usualPort) return Probe.yes;
  if (!/^220[ -]/.test(greeting)) return Probe.no;
  return /FTP/i.test(greeting) ? Probe.yes : Probe.maybe;
}

function probeCommand(text: string, usualPort: boolean): Probe {
  if (!/^[A-Za-z]{1,4}(?:[ \r\n]|$)/.test(text.slice(0, 5))) return Probe.no;
  const line = text.indexOf("\n");
  const command = text.slice(0, line < 0 ? undefined : line).trimEnd();
  if (/[^\x20-\x7e\x80-\xff]/.test(command)) return Probe.no;
  if (line < 0) return text.length < lookBytesMax ? Probe.more : Probe.no;
  if (OWN.test(command)) return usualPort ? Probe.yes : Probe.maybe;
  return usualPort && USUAL.test(command) ? Probe.yes : Probe.no;
}
