/** Lower case of A to Z. */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/** True when the literal stands at `at`, which the caller knows to leave room for it. A `nocase` literal is lower case. */
export function standsAt(bytes: Uint8Array, at: number, literal: Uint8Array, nocase: boolean): boolean {
  const { length } = literal;
  if (nocase) {
    for (let i = 0; i < length; i++) if (LOWER[bytes[at + i] as number] !== literal[i]) return false;
  } else {
    for (let i = 0; i < length; i++) if (bytes[at + i] !== literal[i]) return false;
  }
  return true;
}

/** Where the literal first stands wholly in `bytes[from..to)`; -1 for nowhere. A `nocase` literal is lower case. */
export function indexOfLiteral(bytes: Uint8Array, from: number, to: number, literal: Uint8Array, nocase: boolean): number {
  const last = to - literal.length;
  if (literal.length === 0) return from <= to ? from : -1;
  const first = literal[0] as number;
  if (nocase) {
    for (let at = from; at <= last; at++) if (LOWER[bytes[at] as number] === first && standsAt(bytes, at, literal, true)) return at;
    return -1;
  }
  for (let at = from; at <= last; at++) if (bytes[at] === first && standsAt(bytes, at, literal, false)) return at;
  return -1;
}
