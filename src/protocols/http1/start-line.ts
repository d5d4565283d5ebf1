import { looseText } from "#base/loose-text.ts";
import { isBlank } from "./lines.ts";

/** Bytes of a method and of a request's target that are told. */
export const methodBytesMax = 64;
export const targetBytesMax = 16_384;

export interface RequestLine {
  readonly method: string;
  /** The target as it was sent; empty when there is none. */
  readonly target: string;
  /** `HTTP/1.1`; `undefined` for HTTP/0.9. */
  readonly protocol: string | undefined;
}

export interface StatusLine {
  readonly protocol: string;
  /** 0 when it is no number. */
  readonly status: number;
}

/** Bytes of `HTTP/1.1`. */
const VERSION_BYTES = 8;

/** Where the parts of a request's first line stand; `versionFrom` is -1 without a version. */
interface RequestPlaces {
  readonly methodFrom: number;
  readonly methodTo: number;
  readonly targetFrom: number;
  readonly targetTo: number;
  readonly versionFrom: number;
}

/** RFC 9112 §3: method, target, version. Blanks inside the target stay. */
export function requestPlaces(bytes: Uint8Array, from: number, to: number): RequestPlaces {
  let methodFrom = from;
  while (methodFrom < to && isBlank(bytes[methodFrom] as number)) methodFrom++;
  let methodTo = methodFrom;
  while (methodTo < to && !isBlank(bytes[methodTo] as number)) methodTo++;
  let targetFrom = methodTo;
  while (targetFrom < to && isBlank(bytes[targetFrom] as number)) targetFrom++;
  const versionFrom = versionStart(bytes, targetFrom, to);
  let targetTo = versionFrom < 0 ? to : versionFrom;
  while (targetTo > targetFrom && isBlank(bytes[targetTo - 1] as number)) targetTo--;
  return { methodFrom, methodTo, targetFrom, targetTo, versionFrom };
}

export function requestLine(bytes: Uint8Array, from: number, to: number): RequestLine {
  const { methodFrom, methodTo, targetFrom, targetTo, versionFrom } = requestPlaces(bytes, from, to);
  return {
    method: methodText(bytes, methodFrom, Math.min(methodTo, methodFrom + methodBytesMax)),
    target: looseText(bytes, targetFrom, Math.min(targetTo, targetFrom + targetBytesMax)),
    protocol: versionFrom < 0 ? undefined : protocolText(bytes, versionFrom, to),
  };
}

/** Where the last word begins when it is `HTTP/…`, else -1. */
export function versionStart(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && to - at < 16 && !isBlank(bytes[at - 1] as number)) at--;
  const behindBlank = at > from ? isBlank(bytes[at - 1] as number) : true;
  return behindBlank && to - at >= 5 && isHttp(bytes, at) ? at : -1;
}

/** RFC 9112 §4. */
export function statusLine(bytes: Uint8Array, from: number, to: number): StatusLine {
  let versionTo = from;
  while (versionTo < to && !isBlank(bytes[versionTo] as number)) versionTo++;
  let at = versionTo;
  while (at < to && isBlank(bytes[at] as number)) at++;
  let status = 0;
  let digits = 0;
  for (; at < to && digits < 4; at++, digits++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    status = status * 10 + digit;
  }
  return { protocol: protocolText(bytes, from, Math.min(versionTo, from + 16)), status: digits === 3 ? status : 0 };
}

/** Where the parts of a response's first line stand: version, digits, words. */
export function statusPlaces(
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly versionTo: number; readonly codeFrom: number; readonly codeTo: number; readonly messageFrom: number } {
  let versionTo = from;
  while (versionTo < to && !isBlank(bytes[versionTo] as number)) versionTo++;
  let codeFrom = versionTo;
  while (codeFrom < to && isBlank(bytes[codeFrom] as number)) codeFrom++;
  let codeTo = codeFrom;
  while (codeTo < to && !isBlank(bytes[codeTo] as number)) codeTo++;
  let messageFrom = codeTo;
  while (messageFrom < to && isBlank(bytes[messageFrom] as number)) messageFrom++;
  return { versionTo, codeFrom, codeTo, messageFrom };
}

/** `HTTP/` in any case at `at`; the caller has checked that five bytes are there. */
export const isHttp = (bytes: Uint8Array, at: number): boolean =>
  ((bytes[at] as number) | 0x20) === 0x68 &&
  ((bytes[at + 1] as number) | 0x20) === 0x74 &&
  ((bytes[at + 2] as number) | 0x20) === 0x74 &&
  ((bytes[at + 3] as number) | 0x20) === 0x70 &&
  bytes[at + 4] === 0x2f;

/** The two usual versions without a new string. */
function protocolText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from === VERSION_BYTES && bytes[from] === 0x48 && bytes[from + 5] === 0x31 && bytes[from + 6] === 0x2e) {
    if (bytes[from + 7] === 0x31) return "HTTP/1.1";
    if (bytes[from + 7] === 0x30) return "HTTP/1.0";
  }
  return looseText(bytes, from, to);
}

function methodText(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  const first = bytes[from];
  if (length === 3 && first === 0x47 && bytes[from + 1] === 0x45 && bytes[from + 2] === 0x54) return "GET";
  return looseText(bytes, from, to);
}
