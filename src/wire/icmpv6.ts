import { Verdict } from "./verdict.ts";

/** ICMP for IPv6 (RFC 4443). The fields are where ICMP has them. */
export const HEADER_BYTES = 8;

/** Once this says `ok`, the getters of `icmp.ts` are safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.icmpv6TooSmall : Verdict.ok;
}

/** Judges type, code and hop limit, and what an error quotes; the header at `at` has passed `check`. */
export function checkMessage(view: DataView, at: number, end: number, hopLimit: number): Verdict {
  const type = view.getUint8(at);
  if (isError(type)) return view.getUint8(at + 1) > codesMax(type) ? Verdict.icmpv6UnknownCode : checkQuote(view, at + HEADER_BYTES, end);
  if (type < 128) return type === 100 || type === 101 || type === 127 ? Verdict.icmpv6ExperimentationType : Verdict.icmpv6UnassignedType;
  if (type === 200 || type === 201 || type === 255) return Verdict.icmpv6ExperimentationType;
  if (type > 161) return Verdict.icmpv6UnassignedType;
  if (isListener(type) && hopLimit !== 1) return Verdict.icmpv6MldHopLimit;
  return hasOnlyCode0(type) && view.getUint8(at + 1) !== 0 ? Verdict.icmpv6UnknownCode : Verdict.ok;
}

function codesMax(type: number): number {
  if (type === 1) return 8;
  if (type === 3) return 1;
  return type === 4 ? 10 : 0;
}

function checkQuote(view: DataView, at: number, end: number): Verdict {
  if (end - at < 40) return Verdict.icmpv6QuoteTruncated;
  return view.getUint8(at) >>> 4 === 6 ? Verdict.ok : Verdict.icmpv6QuoteWrongVersion;
}

/** Multicast listener query, report, done (RFC 2710) and report v2 (RFC 3810). */
const isListener = (type: number): boolean => (type >= 130 && type <= 132) || type === 143;
/** Echo and neighbour discovery (RFC 4443, RFC 4861). */
const hasOnlyCode0 = (type: number): boolean => type <= 137;

/** True for messages that quote the packet they complain about, from `HEADER_BYTES` on. */
export const isError = (type: number): boolean => type >= 1 && type <= 4;
