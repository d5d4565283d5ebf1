/**
 * How strict a decoder is. `rfc4648`: stops at what is not in the alphabet. `rfc2045`: leaves it out, as MIME demands.
 * `strict`: anything that is not in the alphabet, or missing padding, spoils the whole.
 */
export type Base64Mode = "rfc2045" | "rfc4648" | "strict";

const PADDING = 64;
const OTHER = 255;
const VALUES = new Uint8Array(256).fill(OTHER);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/**
 * Bytes that `bytes[from..to)` stand for in base64 (RFC 4648 §4, RFC 2045 §6.8); the result is the caller's. Padding ends
 * a group of four, and decoding goes on behind it. A group that is cut off gives the whole bytes that it has.
 */
export function decodeBase64(bytes: Uint8Array, from: number, to: number, mode: Base64Mode): Uint8Array {
  if (to <= from || from < 0) return new Uint8Array(0);
  const out = new Uint8Array(Math.ceil((to - from) / 4) * 3);
  let size = 0;
  let group = 0;
  let digits = 0;
  let padding = 0;
  for (let at = from; at < Math.min(to, bytes.length); at++) {
    const value = VALUES[bytes[at] as number] as number;
    if (value === OTHER) {
      if (mode === "rfc2045") continue;
      if (mode === "strict") return new Uint8Array(0);
      // Suricata takes a single digit before what ends the text for a byte; at the end of the bytes it leaves it out.
      if (digits === 1) out[size++] = (group << 2) & 255;
      break;
    }
    if (value === PADDING) padding++;
    group = (group << 6) | (value & 63);
    if (++digits < 4) continue;
    const whole = Math.max(0, 3 - padding);
    for (let i = 0; i < whole; i++) out[size++] = (group >>> (16 - 8 * i)) & 255;
    group = 0;
    digits = 0;
    padding = 0;
  }
  if (digits > 0) {
    if (mode === "strict") return new Uint8Array(0);
    const bits = group << (6 * (4 - digits));
    for (let i = 0; i < digits - 1; i++) out[size++] = (bits >>> (16 - 8 * i)) & 255;
  }
  return out.subarray(0, size);
}
