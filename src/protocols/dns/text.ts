const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

/** RFC 4648 §4, with padding. */
export const base64 = (bytes: Uint8Array, from: number, to: number): string => {
  const digits = inDigits(bytes, from, to, 6, BASE64);
  return digits + "=".repeat((4 - (digits.length % 4)) % 4);
};

/** RFC 4648 §7 (extended hexadecimal alphabet), without padding, as NSEC3 wants it. */
export const base32 = (bytes: Uint8Array, from: number, to: number): string => inDigits(bytes, from, to, 5, BASE32);

function inDigits(bytes: Uint8Array, from: number, to: number, bits: number, alphabet: string): string {
  let text = "";
  let held = 0;
  let heldBits = 0;
  for (let i = from; i < to; i++) {
    held = ((held << 8) | (bytes[i] as number)) & 0xffff;
    heldBits += 8;
    while (heldBits >= bits) {
      heldBits -= bits;
      text += alphabet[(held >>> heldBits) & ((1 << bits) - 1)];
    }
  }
  if (heldBits > 0) text += alphabet[(held << (bits - heldBits)) & ((1 << bits) - 1)];
  return text;
}
