export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;

/** Space or tab. */
export const isBlank = (byte: number): boolean => byte === SPACE || byte === 9;

/** One past the line feed of the line at `at`; `end` when there is none. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === LF) return i + 1;
  return end;
}

/** The same for lines that may end with a carriage return alone. */
export function lenientLineEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] === CR) return i + 1 < end && bytes[i + 1] === LF ? i + 2 : i + 1;
  }
  return end;
}

/**
 * One past the empty line that ends a head, -1 when it has not come. The search begins at `from`, which lies behind
 * the head's first byte; lines may end with LF alone (RFC 9112 §2.2).
 */
export function headEnd(bytes: Uint8Array, from: number, end: number): number {
  // Every second byte is enough: of two line ends in a row one of the control characters is met.
  for (let i = from + 1; i <= end; i += 2) {
    if (i < end && (bytes[i] as number) > CR) continue;
    const stop = emptyLineEnd(bytes, i - 1, end);
    if (stop >= 0) return stop;
    const next = emptyLineEnd(bytes, i, end);
    if (next >= 0) return next;
  }
  return -1;
}

/** One past the empty line behind the line feed at `at`, -1 when there is none. */
function emptyLineEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || bytes[at] !== LF) return -1;
  if (bytes[at + 1] === LF) return at + 2;
  return at + 2 < end && bytes[at + 1] === CR && bytes[at + 2] === LF ? at + 3 : -1;
}
