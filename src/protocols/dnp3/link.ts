import type { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";

/** Start, length, control, destination, source, CRC (IEEE 1815 §9.2). */
export const HEADER_BYTES = 10;
const LENGTH = 2;
export const CONTROL = 3;
export const DESTINATION = 4;
export const SOURCE = 6;
/** The length counts control and addresses. */
export const LENGTH_MIN = 5;
const BLOCK_BYTES = 16;
const CRC_BYTES = 2;

/** Bytes of user data of the frame at `at`. */
export const userBytes = (bytes: Uint8Array, at: number): number => (bytes[at + LENGTH] as number) - LENGTH_MIN;

/** Length of the whole frame with this many bytes of user data: every 16 of them have a CRC. */
export const frameBytes = (user: number): number => HEADER_BYTES + user + Math.ceil(user / BLOCK_BYTES) * CRC_BYTES;

export const isStart = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x05 && bytes[at + 1] === 0x64;

/** CRC-16/DNP of `bytes[at..end)`. */
export function crc(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i++) {
    value ^= bytes[i] as number;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xa6bc : value >>> 1;
  }
  return ~value & 0xffff;
}

/** Whether the CRC behind `bytes[at..end)` is right. */
const holds = (bytes: Uint8Array, at: number, end: number): boolean =>
  crc(bytes, at, end) === ((bytes[end] as number) | ((bytes[end + 1] as number) << 8));

export const headerHolds = (bytes: Uint8Array, at: number): boolean => holds(bytes, at, at + HEADER_BYTES - CRC_BYTES);

/** User data of the frame at `at` without its CRCs; `undefined` when one of them is wrong. */
export function userData(bytes: Uint8Array, at: number, user: number): Uint8Array | undefined {
  const data = new Uint8Array(user);
  let from = at + HEADER_BYTES;
  for (let done = 0; done < user; done += BLOCK_BYTES) {
    const length = Math.min(BLOCK_BYTES, user - done);
    if (!holds(bytes, from, from + length)) return undefined;
    data.set(bytes.subarray(from, from + length), done);
    from += length + CRC_BYTES;
  }
  return data;
}

/** The start bytes, and a header whose CRC is right. */
export function probe({ bytes, at, end }: ByteView): Probe {
  if (at < end && bytes[at] !== 0x05) return Probe.no;
  if (at + 1 < end && bytes[at + 1] !== 0x64) return Probe.no;
  if (end - at < HEADER_BYTES) return Probe.more;
  return (bytes[at + LENGTH] as number) >= LENGTH_MIN && headerHolds(bytes, at) ? Probe.yes : Probe.no;
}
