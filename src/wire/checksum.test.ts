import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as checksum from "./checksum.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

/** RFC 1071 as it is written. */
function slow(bytes: Uint8Array, running: number): number {
  let sum = running;
  for (let i = 0; i < bytes.length; i++) sum += i % 2 === 0 ? (bytes[i] as number) << 8 : (bytes[i] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

test("the example of RFC 1071", () => expect(checksum.sumBytes(view("0001f203f4f5f6f7"), 0, 8)).toBe(0xddf2));
test("a header with its checksum sums to 0xffff", () =>
  expect(checksum.sumBytes(view("4500 0073 0000 4000 40 11 b861 c0a80001 c0a800c7"), 0, 20)).toBe(0xffff));
test("a header without it gives it", () =>
  expect(checksum.complement(checksum.sumBytes(view("4500 0073 0000 4000 40 11 0000 c0a80001 c0a800c7"), 0, 20))).toBe(0xb861));

test("sum of any bytes at any offset is RFC 1071's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), fc.nat(0xffff), (bytes, offset, running) => {
      const padded = new Uint8Array(offset + bytes.length + 3).fill(0xa5);
      padded.set(bytes, offset);
      expect(checksum.sumBytes(new DataView(padded.buffer), offset, offset + bytes.length, running)).toBe(slow(bytes, running));
    }),
    { seed: 1071, numRuns: 500 },
  );
});

test("a packet of 65,535 bytes of 0xff does not overflow", () => {
  const bytes = new Uint8Array(65_535).fill(0xff);
  expect(checksum.sumBytes(new DataView(bytes.buffer), 0, bytes.length)).toBe(slow(bytes, 0));
});

test("pseudo headers", () => {
  const ipv4 = view("45000000000000000011 0000 c0a80001 c0a800c7");
  expect(checksum.pseudoSum4(ipv4, 0, 17, 8)).toBe(slow(fromHex("c0a80001c0a800c700110008"), 0));
  const ipv6 = view("60000000 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002");
  expect(checksum.pseudoSum6(ipv6, 0, 17, 70_000)).toBe(
    slow(fromHex("20010db800000000000000000000000120010db8000000000000000000000002 00011170 00000011"), 0),
  );
});

test("CRC32c of RFC 3720 B.4, and a field taken as 0", () => {
  const zeros = new DataView(new ArrayBuffer(32));
  expect(checksum.crc32c(zeros, 0, 32, -4) >>> 0).toBe(0x8a9136aa);
  zeros.setUint32(8, 0xffffffff);
  expect(checksum.crc32c(zeros, 0, 32, 8) >>> 0).toBe(0x8a9136aa);
});
