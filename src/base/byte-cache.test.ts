import { expect, test } from "vitest";
import { ByteCache } from "./byte-cache.ts";

const of = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("what was kept is found by the same bytes, wherever they lie", () => {
  const cache = new ByteCache<number>(8, 100);
  cache.keep(of("--abc--"), 2, 5, 1);
  expect(cache.find(of("abc"), 0, 3)).toBe(1);
  expect(cache.find(of("abd"), 0, 3)).toBeUndefined();
  expect(cache.find(of("abcd"), 0, 4)).toBeUndefined();
});

test("bytes that differ only in the middle are told apart", () => {
  const cache = new ByteCache<string>(1, 1000);
  const one = new Uint8Array(500);
  const other = one.slice();
  other[250] = 1;
  cache.keep(one, 0, 500, "one");
  expect(cache.find(other, 0, 500)).toBeUndefined();
  cache.keep(other, 0, 500, "other");
  expect(cache.find(other, 0, 500)).toBe("other");
  expect(cache.find(one, 0, 500)).toBeUndefined();
});

test("the owner may overwrite the bytes afterwards", () => {
  const cache = new ByteCache<number>(4, 100);
  const bytes = of("abc");
  cache.keep(bytes, 0, 3, 7);
  bytes.fill(0);
  expect(cache.find(of("abc"), 0, 3)).toBe(7);
});

test("bytes beyond the limit are not kept", () => {
  const cache = new ByteCache<number>(4, 2);
  cache.keep(of("abc"), 0, 3, 7);
  expect(cache.find(of("abc"), 0, 3)).toBeUndefined();
});
