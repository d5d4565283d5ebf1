import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipv4Text, ipv6FullText } from "#base/address.ts";
import { type Micros, TimeText } from "#base/time.ts";
import { JsonBytes } from "./json-bytes.ts";

const written = (write: (json: JsonBytes) => void): string => {
  const json = new JsonBytes(4096);
  write(json);
  return new TextDecoder().decode(json.bytes.subarray(0, json.length));
};

describe("json bytes", () => {
  test.each([0, 9, 10, 99, 100, 999, 1000, 12_345, 4_294_967_295, 4_294_967_296, 10_000_000_001, 2 ** 53 - 1])("integer %d", (value) => {
    expect(written((json) => json.integer(value))).toBe(String(value));
  });

  test("any integer reads back", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(written((json) => json.integer(value))).toBe(String(value));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("any fixed number reads back within half of its last digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(2, 4, 6), (value, decimals) => {
        const text = written((json) => json.fixed(value, decimals));
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.51 * 10 ** -decimals + value * 1e-15);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test("any time is written as the slow way writes it", () => {
    const text = new TimeText();
    fc.assert(
      fc.property(fc.nat(4_102_444_800), fc.nat(999_999), (second, micro) => {
        const time = second * 1e6 + micro;
        expect(written((json) => json.time(time))).toBe(text.format(time as Micros));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test("addresses are written as the slow way writes them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 4, maxLength: 4 }),
        ([a = 0, b = 0, c = 0, d = 0]) => {
          expect(written((json) => json.ipv4(a))).toBe(ipv4Text(a));
          expect(written((json) => json.ipv6(Int32Array.of(a, b, c, d), 0))).toBe(ipv6FullText(a, b, c, d));
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  test("any string is valid JSON of itself in UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(JSON.parse(written((json) => json.string(text)))).toBe(text);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
