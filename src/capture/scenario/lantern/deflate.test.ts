import { inflateRawSync } from "node:zlib";
import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { deflate } from "./deflate.ts";

test.each([
  ["nothing", new Uint8Array(0)],
  ["one byte", Uint8Array.of(200)],
  ["a run longer than the longest match", new Uint8Array(1_000).fill(7)],
  ["all bytes", Uint8Array.from({ length: 512 }, (_, i) => i & 255)],
  ["matches far away", Uint8Array.from([...new Random(1).bytes(9_000), ...new Random(1).bytes(9_000)])],
])("inflate undoes deflate: %s", (_case, bytes) => {
  expect(Uint8Array.from(inflateRawSync(deflate(bytes)))).toEqual(bytes);
});

test("inflate undoes deflate for any bytes of a small alphabet", () => {
  assert(
    property(array(integer({ min: 0, max: 3 }), { maxLength: 600 }), (values) => {
      const bytes = Uint8Array.from(values);
      expect(Uint8Array.from(inflateRawSync(deflate(bytes)))).toEqual(bytes);
    }),
  );
});
