import type { NumberFormat } from "#engine/rules/signature.ts";

/** Most digits that a number in text may have, sign and blanks included. */
export const digitsMax = 23;
const WORD = 4_294_967_296;
const UINT64_MAX = 2n ** 64n - 1n;

/**
 * Reads a number out of bytes as `byte_test` and its siblings do: unsigned, up to eight bytes of either order, or text
 * as C's `strtoull` reads it. One object is reused; a bigint is only made for what a number cannot hold.
 */
export class NumberReader {
  value: number | bigint = 0;
  /** Bytes that the number takes: fewer than asked for when its text ends earlier. */
  consumed = 0;

  /** Reads `count` bytes at `at`, which the caller has checked to be there. False when they are no number. */
  read(format: NumberFormat, little: boolean, bytes: Uint8Array, at: number, count: number): boolean {
    if (format.text !== undefined) return this.#text(format.text, bytes, at, count);
    if (count > 8) return false;
    this.consumed = count;
    let low = 0;
    let high = 0;
    for (let i = 0; i < count; i++) {
      const byte = bytes[little ? at + count - 1 - i : at + i] as number;
      high = ((high << 8) | (low >>> 24)) >>> 0;
      low = ((low << 8) | byte) >>> 0;
    }
    this.value = high < 0x20_0000 ? high * WORD + low : (BigInt(high) << 32n) | BigInt(low);
    return true;
  }

  #text(kind: "hex" | "dec" | "oct" | "auto", bytes: Uint8Array, from: number, count: number): boolean {
    if (count > digitsMax) return false;
    const end = from + count;
    let at = from;
    while (at < end && isBlank(bytes[at] as number)) at++;
    const sign = at < end ? (bytes[at] as number) : 0;
    if (sign === 0x2b || sign === 0x2d) at++;
    let base = kind === "hex" ? 16 : kind === "oct" ? 8 : 10;
    const prefixed =
      at + 2 < end && bytes[at] === 0x30 && ((bytes[at + 1] as number) | 0x20) === 0x78 && digit(bytes[at + 2] as number) < 16;
    if (prefixed && (kind === "hex" || kind === "auto")) {
      base = 16;
      at += 2;
    } else if (kind === "auto" && bytes[at] === 0x30) base = 8;
    const first = at;
    let value = 0;
    while (at < end && digit(bytes[at] as number) < base) {
      value = value * base + digit(bytes[at] as number);
      at++;
    }
    if (at === first) return false;
    this.consumed = at - from;
    if (value <= Number.MAX_SAFE_INTEGER && sign !== 0x2d) {
      this.value = value;
      return true;
    }
    let exact = 0n;
    for (let i = first; i < at; i++) exact = exact * BigInt(base) + BigInt(digit(bytes[i] as number));
    if (exact > UINT64_MAX) return false;
    this.value = narrow(sign === 0x2d ? BigInt.asUintN(64, -exact) : exact);
    return true;
  }
}

/** The number that a bigint stands for, when a number can hold it. */
export const narrow = (value: bigint): number | bigint => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value);

const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13);

/** Value of a digit in any base up to 36; 99 for what is no digit. */
function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x57 : 99;
}
