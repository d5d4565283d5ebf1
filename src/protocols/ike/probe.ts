import type { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";

/** Two numbers, next payload, version, exchange, flags, message, length (RFC 7296 §3.1). */
export const HEADER_BYTES = 28;
export const NEXT = 16;
export const VERSION = 17;
export const EXCHANGE = 18;
export const FLAGS = 19;
export const MESSAGE = 20;
export const LENGTH = 24;
/** Four zero bytes tell IKE from ESP on port 4500 (RFC 3948 §2.2). */
export const MARKER_BYTES = 4;

const EXCHANGES_1 = new Set([1, 2, 3, 4, 5, 6, 32, 33]);

/** Where the header begins; -1 when there is none. */
export function headerAt({ bytes, view, at, end }: ByteView): number {
  const marked = end - at >= HEADER_BYTES + MARKER_BYTES && view.getUint32(at) === 0 && bytes[at + MARKER_BYTES + VERSION] !== 0;
  const start = marked ? at + MARKER_BYTES : at;
  if (end - start < HEADER_BYTES || view.getUint32(start + LENGTH) !== end - start) return -1;
  const version = bytes[start + VERSION] as number;
  return version >> 4 === 1 || version >> 4 === 2 ? start : -1;
}

/** A length that is the datagram's, and what each version knows. */
export function probe(window: ByteView): Probe {
  const start = headerAt(window);
  if (start < 0) return Probe.no;
  const { bytes, view } = window;
  const isOld = (bytes[start + VERSION] as number) >> 4 === 1;
  const exchange = bytes[start + EXCHANGE] as number;
  const next = bytes[start + NEXT] as number;
  if (view.getUint32(start) === 0 && view.getUint32(start + 4) === 0) return Probe.no;
  if (isOld) return EXCHANGES_1.has(exchange) && next >= 1 && next <= 21 ? Probe.yes : Probe.no;
  return exchange >= 34 && exchange <= 43 && (next === 0 || (next >= 33 && next <= 54)) ? Probe.yes : Probe.no;
}
