import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

const lookBytesMax = 160;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** A greeting that names the protocol, or commands that no other protocol has; on the usual port any of both. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first === PLUS || first === MINUS) return probeAnswer(latin1(bytes, at, Math.min(end, at + lookBytesMax)), usualPort);
  const upper = first & 0xdf;
  // A, C, S, U
  if (upper !== 0x41 && upper !== 0x43 && upper !== 0x53 && upper !== 0x55) return Probe.no;
  return probeCommand(latin1(bytes, at, Math.min(end, at + lookBytesMax)), usualPort);
}

function probeAnswer(text: string, usualPort: boolean): Probe {
  const mark = text.startsWith("+") ? "+OK" : "-ERR";
  if (!mark.startsWith(text.slice(0, mark.length))) return Probe.no;
  const line = text.indexOf("\n");
  if (line < 0 && text.length < lookBytesMax) return Probe.more;
  const greeting = text.slice(0, line < 0 ? undefined : line).trimEnd();
  if (/[^\x20-\x7e\x80-\xff]/.test(greeting)) return Probe.no;
  if (usualPort && /^(?:\+OK|-ERR)(?: |$)/.test(greeting)) return Probe.yes;
  if (!/^\+OK ./.test(greeting)) return Probe.no;
  // The time stamp is for APOP (RFC 1939 §7).
  return /\bPOP-?3?\b/i.test(greeting) || /<[^<>@\s]+\.[^<>@\s]+@[^<>@\s]+>$/.test(greeting) ? Probe.yes : Probe.maybe;
}

function probeCommand(text: string, usualPort: boolean): Probe {
  const line = text.indexOf("\n");
  const command = text.slice(0, line < 0 ? undefined : line).trimEnd();
  if (!/^(?:A(?:P(?:OP?)?|U(?:TH?)?)?|C(?:A(?:PA?)?)?|S(?:T(?:LS?)?)?|U(?:S(?:ER?)?)?)(?:$| )/i.test(command.slice(0, 5))) return Probe.no;
  if (line < 0) return text.length < lookBytesMax ? Probe.more : Probe.no;
  if (/^APOP [!-~]+ [0-9a-f]{32}$/i.test(command) || /^(?:STLS|CAPA)$/i.test(command)) return Probe.yes;
  if (!usualPort) return Probe.no;
  return /^(?:USER [!-~]+|AUTH(?: [-\w]+.*)?)$/i.test(command) ? Probe.yes : Probe.no;
}
