import { assert, integer, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { TimeScale } from "./pcapng-time.ts";

const TWO_32 = 2n ** 32n;

/** The definition, in BigInt: ticks times 10^6, divided by the ticks in a second, rounded down. */
function exact(resolution: number, high: number, low: number): bigint {
  const ticks = BigInt(high) * TWO_32 + BigInt(low);
  const exponent = BigInt(resolution & 0x7f);
  return (ticks * 1_000_000n) / ((resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent);
}

describe("times of a pcapng interface", () => {
  test.each([
    ["microseconds", 6, 0, 1_234_567, 0, 1_234_567],
    ["nanoseconds, rounded down", 9, 0, 1999, 0, 1],
    ["milliseconds", 3, 0, 5, 0, 5000],
    ["seconds", 0, 0, 5, 0, 5_000_000],
    ["an offset in seconds", 6, 0, 5, -1, -999_995],
    ["1/2^32 of a second", 0x80 | 32, 1, 0x8000_0000, 0, 1_500_000],
    ["NTP's fraction rounded down", 0x80 | 32, 0, 0xffff_ffff, 0, 999_999],
  ])("%s", (_case, resolution, high, low, offset, expected) => {
    expect(new TimeScale(resolution, offset).micros(high, low)).toBe(expected);
  });

  test("every resolution is exact as long as the result is", () => {
    const word = oneof(
      integer({ min: 0, max: 0xffff_ffff }),
      integer({ min: 0xffff_fff0, max: 0xffff_ffff }),
      integer({ min: 0, max: 2 ** 20 }),
    );
    assert(
      property(integer({ min: 0, max: 255 }), word, word, (resolution, high, low) => {
        const expected = exact(resolution, high, low);
        if (expected <= BigInt(Number.MAX_SAFE_INTEGER)) expect(BigInt(new TimeScale(resolution, 0).micros(high, low))).toBe(expected);
      }),
      { numRuns: 5000, seed: 7 },
    );
  });
});
