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

/**
 * One past the empty line that ends a head, -1 when it has not come. The search begins at `from`, which lies behind
 * the head's first byte; lines may end with LF alone (RFC 9112 §2.2).
 */
export function headEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    if (bytes[i] !== LF) continue;
    if (i + 1 < end && bytes[i + 1] === LF) return i + 2;
    if (i + 2 < end && bytes[i + 1] === CR && bytes[i + 2] === LF) return i + 3;
  }
  return -1;
}
