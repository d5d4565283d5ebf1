import type { GuessedField } from "#schema/game.ts";

/** Fewer bodies may agree by chance: eight bits in six bodies are one in 2^48. */
const bodiesMin = 6;
/** Shorter bodies have nothing to sum up. */
const bodyBytesMin = 4;

type Sum = (bytes: Uint8Array) => number;

const crcTable = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc >>> 0;
  });
const crc32Table = crcTable(0xedb8_8320);
const crc32cTable = crcTable(0x82f6_3b78);
const modbusTable = crcTable(0xa001);

const reflected =
  (table: Uint32Array, start: number, end: number): Sum =>
  (bytes) => {
    let crc = start;
    for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
    return (crc ^ end) >>> 0;
  };

/** CRC-16 with the polynomial of CCITT, highest bit first. */
const ccitt =
  (start: number): Sum =>
  (bytes) => {
    let crc = start;
    for (const byte of bytes) {
      crc ^= byte << 8;
      for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
    }
    return crc;
  };

const adler32: Sum = (bytes) => {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
};

const plainSum: Sum = (bytes) => bytes.reduce((sum, byte) => sum + byte, 0);
const exclusiveOr: Sum = (bytes) => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** Sums that games and their libraries use, by width in bytes. */
const sums: readonly { readonly name: string; readonly bytes: 1 | 2 | 4; readonly of: Sum }[] = [
  { name: "CRC-32", bytes: 4, of: reflected(crc32Table, 0xffff_ffff, 0xffff_ffff) },
  { name: "CRC-32C", bytes: 4, of: reflected(crc32cTable, 0xffff_ffff, 0xffff_ffff) },
  { name: "Adler-32", bytes: 4, of: adler32 },
  { name: "CRC-16 (CCITT, from 0xffff)", bytes: 2, of: ccitt(0xffff) },
  { name: "CRC-16 (XMODEM)", bytes: 2, of: ccitt(0) },
  { name: "CRC-16 (Modbus)", bytes: 2, of: reflected(modbusTable, 0xffff, 0) },
  { name: "sum", bytes: 2, of: (bytes) => plainSum(bytes) & 0xffff },
  { name: "sum", bytes: 1, of: (bytes) => plainSum(bytes) & 0xff },
  { name: "negative sum", bytes: 1, of: (bytes) => -plainSum(bytes) & 0xff },
  { name: "exclusive or", bytes: 1, of: exclusiveOr },
];

/**
 * A checksum at the end or the beginning of whole bodies: one of the usual sums over all of the rest, in either byte order, right in
 * every body. `offset` is negative for one at the end, counted from there.
 */
export function guessChecksum(bodies: readonly Uint8Array[]): GuessedField | undefined {
  const long = bodies.filter(({ length }) => length >= bodyBytesMin);
  if (long.length < bodiesMin || long.length < bodies.length || long.length - new Set(long.map(String)).size > long.length / 2)
    return undefined;
  for (const { name, bytes, of } of sums)
    for (const atEnd of [true, false])
      for (const little of bytes === 1 ? [true] : [true, false]) {
        const values = new Set<number>();
        const fits = long.every((body) => {
          const at = atEnd ? body.length - bytes : 0;
          const rest = atEnd ? body.subarray(0, at) : body.subarray(bytes);
          const value = numberAt(body, at, bytes, little);
          values.add(value);
          return of(rest) === value;
        });
        // Bodies that are all the same, or all zero, agree with any sum.
        if (!fits || values.size < bodiesMin / 2) continue;
        const order = bytes === 1 || little ? "" : ", big endian";
        const why = `the ${name}${order} of the bytes ${atEnd ? "before" : "behind"} it, in all ${long.length} samples`;
        return { offset: atEnd ? -bytes : 0, bytes, looks_like: "checksum", why };
      }
  return undefined;
}

function numberAt(body: Uint8Array, at: number, bytes: number, little: boolean): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value = value * 256 + (body[at + (little ? bytes - 1 - i : i)] as number);
  return value;
}
