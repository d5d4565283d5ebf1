import type { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";

/** Transaction, protocol (0), length of what follows, unit (Modbus/TCP 1.0b §3.1.3), and the function. */
export const HEADER_BYTES = 7;
/** The length counts the unit, a function, and at most 252 bytes. */
export const LENGTH_MIN = 2;
export const LENGTH_MAX = 254;

/** Functions that are in use, and how long their requests and responses are at least, from the function on. */
const KNOWN = new Map<number, number>([
  [1, 2],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 5],
  [6, 5],
  [7, 1],
  [8, 3],
  [11, 1],
  [12, 1],
  [15, 5],
  [16, 5],
  [17, 1],
  [20, 3],
  [21, 3],
  [22, 7],
  [23, 3],
  [24, 3],
  [43, 3],
]);

/**
 * A header of protocol 0 with a known function; elsewhere than on the usual port the next header has to follow, or
 * the message to end with the bytes.
 */
export function probe(_side: number, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  for (let i = 2; i < 5 && at + i < end; i++) if (bytes[at + i] !== 0) return Probe.no;
  if (end - at < HEADER_BYTES + 1) return Probe.more;
  const length = view.getUint16(at + 4);
  if (length < LENGTH_MIN || length > LENGTH_MAX) return Probe.no;
  const code = bytes[at + HEADER_BYTES] as number;
  const least = code >= 128 ? 2 : (KNOWN.get(code) ?? -1);
  if (!KNOWN.has(code & 127) || length - 1 < least || (code >= 128 && length !== 3)) return Probe.no;
  if (usualPort) return Probe.yes;
  return length <= 16 && end - at === 6 + length ? Probe.maybe : end - at < 6 + length ? Probe.more : Probe.no;
}
