import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { Command, HEADER_BYTES } from "./packets.ts";

/** Longest greeting and version that count as such, bytes. */
const greetingBytesMax = 512;
const versionBytesMax = 80;
/** Longest query that a connection met in the middle is known by. */
const queryBytesMax = 2048;
const ERROR = 0xff;
/** Errors that a server may open with lie here. */
const ERROR_MIN = 1000;
const ERROR_MAX = 5000;

/** Looks for a server's greeting, a client's login, or a command met in the middle. */
export function probe(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end - at < HEADER_BYTES + 1) return mayBegin(view) ? Probe.more : Probe.no;
  const length = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
  const sequence = bytes[at + 3] as number;
  if (length === 0 || sequence > 1) return Probe.no;
  const body = at + HEADER_BYTES;
  if (side === 1) return sequence === 0 ? probeServer(view, body, length, usualPort) : Probe.no;
  return sequence === 1 ? probeLogin(view, body, length) : probeCommand(view, body, length, usualPort);
}

/** As far as the header is there: short, and the first or second packet. */
const mayBegin = ({ bytes, at, end }: ByteView): boolean =>
  (end - at < 2 || (bytes[at + 1] as number) < 2) &&
  (end - at < 3 || bytes[at + 2] === 0) &&
  (end - at < 4 || (bytes[at + 3] as number) < 2);

function probeServer({ bytes, view, end }: ByteView, body: number, length: number, usualPort: boolean): Probe {
  if (length > greetingBytesMax) return Probe.no;
  if (bytes[body] === ERROR) {
    if (end - body < 3) return Probe.more;
    const code = view.getUint16(body + 1, true);
    const stop = Math.min(end, body + length);
    if (code < ERROR_MIN || code >= ERROR_MAX || printable(bytes, body + 3, stop) < stop) return Probe.no;
    return stop < body + length ? Probe.more : usualPort ? Probe.yes : Probe.maybe;
  }
  if (bytes[body] !== 10 && bytes[body] !== 9) return Probe.no;
  const zero = printable(bytes, body + 1, Math.min(end, body + 1 + versionBytesMax));
  if (zero === end) return end - body < versionBytesMax ? Probe.more : Probe.no;
  if (bytes[zero] !== 0 || zero - body < 4 || ((bytes[body + 1] as number) - 0x30) >>> 0 > 9) return Probe.no;
  // The thread's number and eight bytes to mix with the password, then a zero.
  if (zero + 14 > body + length) return Probe.no;
  if (zero + 14 > end) return Probe.more;
  return bytes[zero + 13] === 0 ? Probe.yes : Probe.no;
}

/** Capabilities that name the protocol of today, and the zeros behind them. */
function probeLogin({ bytes, view, end }: ByteView, body: number, length: number): Probe {
  if (length < 32 || length > 4096) return Probe.no;
  if (end - body < 32) return Probe.more;
  if ((view.getUint32(body, true) & 0x200) === 0) return Probe.no;
  for (let i = body + 9; i < body + 28; i++) if (bytes[i] !== 0) return Probe.no;
  return Probe.yes;
}

function probeCommand({ bytes, end }: ByteView, body: number, length: number, usualPort: boolean): Probe {
  if (bytes[body] !== Command.query || length < 6 || length > queryBytesMax) return Probe.no;
  const stop = Math.min(end, body + length);
  if (printable(bytes, body + 1, stop) < stop) return Probe.no;
  return stop < body + length ? Probe.more : usualPort ? Probe.yes : Probe.maybe;
}

/** Where the text that begins at `at` ends. */
function printable(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 ? byte < 9 || byte > 13 : byte === 0x7f) break;
  }
  return i;
}
