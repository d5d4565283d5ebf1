import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressSteps, moveAddresses } from "./move-addresses.ts";

/** Sum of 16-bit words in one's complement, folded; 0 and 0xffff are the same number. */
function sum(data: Buffer): number {
  let total = 0;
  for (let at = 0; at + 1 < data.length; at += 2) total += data.readUInt16BE(at);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total % 0xffff;
}

const header = (...words: number[]): Buffer =>
  Buffer.from([...Array.from({ length: 12 }, () => 1), ...words.flatMap((word) => [word >> 8, word & 0xff])]);

test.each([
  ["IPv4", [0x0800], 12],
  ["IPv4 behind two tags", [0x88a8, 7, 0x8100, 9, 0x0800], 12],
  ["IPv6", [0x86dd], 8],
])("the checksum of %s stays valid and only addresses change", (_name, words, from) => {
  const head = header(...words);
  const body = fc.uint8Array({ minLength: 40, maxLength: 60 }).filter((bytes) => bytes.length % 2 === 0);
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 100_000 }), (bytes, k) => {
      const before = Buffer.concat([head, bytes]);
      const after = Buffer.from(before);
      moveAddresses(after, 0, after.length, addressSteps(k));
      expect(sum(after)).toBe(sum(before));
      expect(after.subarray(0, head.length + from)).toEqual(before.subarray(0, head.length + from));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("what is no IP, or cut, stays as it is", () => {
  for (const frame of [header(0x0806, 1, 2, 3), header(0x0800, 1, 2), header(0x8100), Buffer.alloc(5)]) {
    const after = Buffer.from(frame);
    moveAddresses(after, 0, after.length, 263);
    expect(after).toEqual(frame);
  }
});
