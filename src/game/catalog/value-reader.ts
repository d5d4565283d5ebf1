import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { ScalarType } from "./data-model.ts";
import { catalogLimits } from "./limits.ts";
import type { Member } from "./types.ts";

/**
 * What a field may be: a number; text for what no number says exactly (64 bit numbers beyond 2^53 as decimal digits,
 * `NaN`, `Infinity`, names of enums, strings, bytes as hex); true or false; lists and objects of these.
 */
export type FieldValue = number | string | boolean | readonly FieldValue[] | { readonly [name: string]: FieldValue };

/** The bytes of one packet while it is read. Views are borrowed for the call. */
export interface PacketBytes {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

/** Reads a value that stands at an offset; the caller has checked that its bytes are there. */
export type ReadValue = (packet: PacketBytes, at: number) => FieldValue;

const finite = (value: number): FieldValue => (Number.isFinite(value) ? value : String(value));
const exact = (value: bigint): FieldValue =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();

const twoTo32 = 4_294_967_296;

const signedReaders: Readonly<Record<number, (little: boolean) => ReadValue>> = {
  1:
    () =>
    ({ view }, at) =>
      view.getInt8(at),
  2:
    (little) =>
    ({ view }, at) =>
      view.getInt16(at, little),
  4:
    (little) =>
    ({ view }, at) =>
      view.getInt32(at, little),
  8:
    (little) =>
    ({ view }, at) =>
      exact(view.getBigInt64(at, little)),
  16:
    (little) =>
    ({ view }, at) =>
      exact((view.getBigInt64(at + (little ? 8 : 0), little) << 64n) | view.getBigUint64(at + (little ? 0 : 8), little)),
};

const unsignedReaders: Readonly<Record<number, (little: boolean) => ReadValue>> = {
  1:
    () =>
    ({ view }, at) =>
      view.getUint8(at),
  2:
    (little) =>
    ({ view }, at) =>
      view.getUint16(at, little),
  4:
    (little) =>
    ({ view }, at) =>
      view.getUint32(at, little),
  8:
    (little) =>
    ({ view }, at) => {
      const high = view.getUint32(at + (little ? 4 : 0), little);
      const low = view.getUint32(at + (little ? 0 : 4), little);
      return high < 0x20_0000 ? high * twoTo32 + low : view.getBigUint64(at, little).toString();
    },
  16:
    (little) =>
    ({ view }, at) =>
      exact((view.getBigUint64(at + (little ? 8 : 0), little) << 64n) | view.getBigUint64(at + (little ? 0 : 8), little)),
};

/** Reads a scalar. */
export function scalarReader({ format, size }: ScalarType, bigEndian: boolean): ReadValue {
  const little = !bigEndian;
  if (format === "boolean") return ({ view }, at) => view.getUint8(at) !== 0;
  if (format === "x87") return ({ bytes }, at) => finite(extended(bytes, at));
  if (format === "pointer") return size === 4 ? hexReader(4, little) : hexReader(8, little);
  if (format === "float")
    return size === 4 ? ({ view }, at) => finite(view.getFloat32(at, little)) : ({ view }, at) => finite(view.getFloat64(at, little));
  const readers = format === "signed" || format === "character" ? signedReaders : unsignedReaders;
  return (readers[size] as (little: boolean) => ReadValue)(little);
}

const hexReader =
  (size: 4 | 8, little: boolean): ReadValue =>
  ({ view }, at) =>
    `0x${(size === 4 ? view.getUint32(at, little) : view.getBigUint64(at, little)).toString(16)}`;

/** Value of an 80 bit number of x86, which is always little endian: sign, 15 bits of exponent, 64 of mantissa. */
function extended(bytes: Uint8Array, at: number): number {
  let mantissa = 0;
  for (let i = 7; i >= 0; i--) mantissa = mantissa * 256 + (bytes[at + i] as number);
  const exponent = (((bytes[at + 9] as number) & 0x7f) << 8) | (bytes[at + 8] as number);
  const sign = (bytes[at + 9] as number) & 0x80 ? -1 : 1;
  if (exponent === 0x7fff) return mantissa === 2 ** 63 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // In two steps, since 2^-16445 alone is below what a number can hold.
  const power = exponent - 16_383 - 63;
  const half = Math.trunc(power / 2);
  return sign * mantissa * 2 ** half * 2 ** (power - half);
}

/**
 * Reads bits. Little endian: the first bit is the lowest of the first byte; big endian: the highest. `first` counts
 * from the record's beginning.
 */
export function bitsReader({ bits }: Member, scalar: ScalarType, bigEndian: boolean): ReadValue {
  const { offset: first, width } = bits as { offset: number; width: number };
  const start = Math.floor(first / 8);
  const count = Math.ceil(((first % 8) + width) / 8);
  const shift = bigEndian ? count * 8 - (first % 8) - width : first % 8;
  const signed = scalar.format === "signed" || scalar.format === "character";
  if (scalar.format === "boolean") return ({ bytes }, at) => (((bytes[at + start] as number) >> shift) & 1) !== 0;
  if (count <= 4) return smallBits(start, count, shift, width, signed, bigEndian);
  return ({ bytes }, at) => {
    let word = 0n;
    for (let i = 0; i < count; i++) word = (word << 8n) | BigInt(bytes[at + start + (bigEndian ? i : count - 1 - i)] as number);
    word >>= BigInt(shift);
    return exact(signed ? BigInt.asIntN(width, word) : BigInt.asUintN(width, word));
  };
}

function smallBits(start: number, count: number, shift: number, width: number, signed: boolean, bigEndian: boolean): ReadValue {
  const up = 32 - shift - width;
  return ({ bytes }, at) => {
    let word = 0;
    for (let i = 0; i < count; i++) word = (word << 8) | (bytes[at + start + (bigEndian ? i : count - 1 - i)] as number);
    return signed ? (word << up) >> (32 - width) : (word << up) >>> (32 - width);
  };
}

/** Text in a field of `room` bytes, up to its first zero; bytes that are no UTF-8 as `\xc5`. */
export function text({ bytes }: PacketBytes, at: number, room: number): string {
  const end = at + Math.min(room, catalogLimits.textBytesMax);
  let to = at;
  while (to < end && bytes[to] !== 0) to++;
  return looseText(bytes, at, to);
}

/** Text of characters of 2 or 4 bytes. */
export function wideText({ view }: PacketBytes, at: number, count: number, size: number, bigEndian: boolean): string {
  let out = "";
  for (let i = 0; i < count && out.length < catalogLimits.textBytesMax; i++) {
    const code = size === 2 ? view.getUint16(at + i * 2, !bigEndian) : view.getUint32(at + i * 4, !bigEndian);
    if (code === 0) break;
    out += size === 2 ? String.fromCharCode(code) : code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  }
  return out.toWellFormed();
}

/** Bytes as hex; what is beyond the limit is only marked. */
export function hexText({ bytes }: PacketBytes, at: number, count: number): string {
  const shown = Math.min(count, catalogLimits.textBytesMax);
  return toHex(bytes, at, at + shown) + (shown < count ? "…" : "");
}
