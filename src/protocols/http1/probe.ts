import type { ByteView } from "#base/bytes.ts";
import { Probe, Side } from "#contract/parser.ts";
import { CR, isBlank, LF } from "./lines.ts";
import { knownMethod } from "./methods.ts";
import { Request, Response, requestOpening, responseOpening } from "./opening.ts";

/** Bytes of a first line behind which a known method and the beginning of a target are enough. */
const ENOUGH = 1024;
const ENOUGH_ON_USUAL_PORT = 16;
const SLASH = 0x2f;

/** Looks for a request or, when the connection was met in the middle, a status line. */
export function probe(side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  let first = at;
  while (first < end && first < at + 8 && (bytes[first] === LF || bytes[first] === CR)) first++;
  if (first === end) return Probe.more;
  const response = responseOpening(bytes, first, end);
  if (response === Response.status) return statusFollows(bytes, first, end);
  const request = requestOpening(bytes, first, end);
  if (request === Request.versioned) return Probe.yes;
  // Without a version there is little evidence: only where HTTP is usual, only from the client.
  if (request === Request.bare) return usualPort && side === Side.toServer && slashed(bytes, first, end) ? Probe.yes : Probe.no;
  if (request === Request.more) return longLine(bytes, first, end, usualPort ? ENOUGH_ON_USUAL_PORT : ENOUGH);
  return response === Response.more ? Probe.more : Probe.no;
}

/** `HTTP/1.1 200`: blank and a digit behind the version. */
function statusFollows(bytes: Uint8Array, at: number, end: number): Probe {
  let i = at + 5;
  while (i < end && i < at + 12 && !isBlank(bytes[i] as number)) i++;
  while (i < end && i < at + 16 && isBlank(bytes[i] as number)) i++;
  if (i === end) return Probe.more;
  const digit = (bytes[i] as number) - 0x30;
  return digit >= 1 && digit <= 9 ? Probe.yes : Probe.no;
}

function longLine(bytes: Uint8Array, at: number, end: number, enough: number): Probe {
  if (end - at < enough) return Probe.more;
  if (slashed(bytes, at, end)) return Probe.yes;
  return end - at < ENOUGH ? Probe.more : Probe.no;
}

/** A known method and a target that begins with a slash or is a URI of HTTP. */
function slashed(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && !isBlank(bytes[i] as number)) i++;
  if (!knownMethod(bytes, at, i)) return false;
  while (i < end && isBlank(bytes[i] as number)) i++;
  return bytes[i] === SLASH || ((bytes[i] ?? 0) | 0x20) === 0x68;
}
