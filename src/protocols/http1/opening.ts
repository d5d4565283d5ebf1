import { CR, isBlank, LF, SPACE } from "./lines.ts";
import { knownMethod } from "./methods.ts";
import { isHttp, versionStart } from "./start-line.ts";

/** Longest method. */
const METHOD_BYTES = 32;

/** What the first line of a request is. */
export const Request = { no: 0, more: 1, versioned: 2, bare: 3 } as const;
export type Request = (typeof Request)[keyof typeof Request];

/**
 * Looks at the line at `at`: a method, a target, and the version when the line is complete. `bare` is a request
 * without version, as HTTP/0.9 has it, by a known method.
 */
export function requestOpening(bytes: Uint8Array, at: number, end: number): Request {
  let methodEnd = at;
  while (methodEnd < end && isMethodByte(bytes[methodEnd] as number)) methodEnd++;
  if (methodEnd - at > METHOD_BYTES) return Request.no;
  if (methodEnd === end) return methodEnd === at ? Request.no : Request.more;
  if (methodEnd === at || !isBlank(bytes[methodEnd] as number)) return Request.no;
  let lineStop = methodEnd;
  for (; lineStop < end; lineStop++) {
    const byte = bytes[lineStop] as number;
    if (byte === LF) break;
    if (byte < SPACE && byte !== CR && byte !== 9) return Request.no;
  }
  if (foreignTarget(bytes, methodEnd + 1, Math.min(lineStop, end))) return Request.no;
  if (lineStop === end) return Request.more;
  if (lineStop > methodEnd && bytes[lineStop - 1] === CR) lineStop--;
  while (lineStop > methodEnd && isBlank(bytes[lineStop - 1] as number)) lineStop--;
  const version = versionStart(bytes, methodEnd, lineStop);
  // `PRI * HTTP/2.0` begins HTTP/2.
  if (version >= 0) return version + 5 < lineStop && bytes[version + 5] === 0x32 ? Request.no : Request.versioned;
  return bareOpening(bytes, at, methodEnd, lineStop);
}

/** A function of its own: inside its caller, the rarely taken calls were compiled away and back again without end. */
function bareOpening(bytes: Uint8Array, at: number, methodEnd: number, lineStop: number): Request {
  if (foreignVersion(bytes, methodEnd, lineStop)) return Request.no;
  return knownMethod(bytes, at, methodEnd) ? Request.bare : Request.no;
}

/** What the first bytes of a response are; `other` is neither a status line nor its beginning. */
export const Response = { other: 0, more: 1, status: 2 } as const;
export type Response = (typeof Response)[keyof typeof Response];

export function responseOpening(bytes: Uint8Array, at: number, end: number): Response {
  if (end - at >= 8) return isHttp(bytes, at) && isDigit(bytes[at + 5]) && bytes[at + 5] !== 0x32 ? Response.status : Response.other;
  for (let i = at; i < end && i < at + 5; i++) if (((bytes[i] as number) & 0xdf) !== (HTTP[i - at] as number)) return Response.other;
  return Response.more;
}

/** `HTTP/` without the bit that makes small letters. */
const HTTP = [0x48, 0x54, 0x54, 0x50, 0x0f];

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const isMethodByte = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || byte === 0x5f || isDigit(byte);

/** `rtsp:`, `sip:` and `sips:` begin other protocols' targets. */
function foreignTarget(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false;
  const first = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  return (first === 0x736970 && (bytes[at + 3] === 0x3a || bytes[at + 3] === 0x73)) || (first === 0x727473 && bytes[at + 3] === 0x70);
}

/** True when the last word looks like a version of something else: `RTSP/1.0`, `SIP/2.0`, `ICE/1.0`. */
function foreignVersion(bytes: Uint8Array, from: number, to: number): boolean {
  let at = to;
  while (at > from && to - at < 16 && !isBlank(bytes[at - 1] as number)) at--;
  let slash = at;
  while (slash < to && (bytes[slash] as number) >= 0x41 && (bytes[slash] as number) <= 0x5a) slash++;
  return slash > at && slash + 1 < to && bytes[slash] === 0x2f && isDigit(bytes[slash + 1]);
}
