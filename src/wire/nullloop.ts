import { Verdict } from "./verdict.ts";

/** BSD loopback (LINKTYPE_NULL, LINKTYPE_LOOP): an address family of four bytes. */
export const HEADER_BYTES = 4;

/** Once this says `ok`, the getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.nullTooSmall;
  return ipVersion(view, at) === 0 ? Verdict.nullUnsupportedType : Verdict.ok;
}

/**
 * 4, 6, or 0 for other families. LINKTYPE_NULL is in the byte order of the machine that captured, so both orders are
 * tried; the families of IPv6 are those of Linux and Windows, NetBSD, FreeBSD and macOS.
 */
export function ipVersion(view: DataView, at: number): number {
  const big = view.getUint32(at);
  const family = big > 0xffff ? view.getUint32(at, true) : big;
  if (family === 2) return 4;
  return family === 10 || family === 23 || family === 24 || family === 28 || family === 30 ? 6 : 0;
}
