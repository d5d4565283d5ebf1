import { looseText } from "#base/loose-text.ts";

/** Texts that are remembered. A power of two; a newer one takes the place of an older. */
const SLOTS = 1024;
/** Longest text that is remembered. */
const BYTES_MAX = 512;
/** Bytes at the beginning and at the end that go into the hash. */
const ENDS = 16;

/**
 * Texts of bytes, the same object for the same bytes as long as it is remembered: clients and servers say the same
 * again and again. What it remembers changes nothing but the time that a look-up takes.
 */
export class TextCache {
  readonly #texts: string[] = Array<string>(SLOTS).fill("");

  /** `looseText` of `bytes[from..to)`. */
  text(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length > BYTES_MAX) return looseText(bytes, from, to);
    const slot = slotOf(bytes, from, to);
    const kept = this.#texts[slot] as string;
    if (kept.length === length && spells(kept, bytes, from)) return kept;
    const text = looseText(bytes, from, to);
    this.#texts[slot] = text;
    return text;
  }
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  const head = Math.min(to, from + ENDS);
  for (let i = from; i < head; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  for (let i = Math.max(head, to - ENDS); i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}

/** True for ASCII alone: elsewhere a character stands for more than a byte, or for an escape. */
function spells(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[from + i] as number;
    if (byte !== text.charCodeAt(i) || byte >= 0x80) return false;
  }
  return true;
}
