import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Coding, Inflation } from "#contract/platform.ts";
import { NodeInflaters } from "./node-inflater.ts";

const inflaters = new NodeInflaters();
const plain = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) >> 9);

function inflate(coding: Coding, bytes: Uint8Array, pieceBytes: number, bytesMax = Number.POSITIVE_INFINITY) {
  const inflater = inflaters.open(coding);
  const parts: number[] = [];
  let last: Inflation = "more";
  for (let at = 0; at < bytes.length && last === "more"; at += pieceBytes)
    last = inflater.push(bytes, at, Math.min(bytes.length, at + pieceBytes), (piece, from, to) => {
      for (let i = from; i < to; i++) parts.push(piece[i] as number);
      return parts.length < bytesMax;
    });
  inflater.close();
  return { parts: Uint8Array.from(parts), last };
}

const codings: readonly (readonly [Coding, (bytes: Uint8Array) => Uint8Array])[] = [
  ["gzip", gzipSync],
  ["zlib", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
];

describe.each(codings)("%s", (coding, compress) => {
  test.each([1, 1000, 1_000_000])("decodes pieces of %i bytes", (pieceBytes) => {
    const small = plain.subarray(0, pieceBytes === 1 ? 2000 : plain.length);
    expect(inflate(coding, compress(small), pieceBytes).parts).toEqual(Uint8Array.from(small));
  });

  test("gives what it can of a stream that is cut", () => {
    const packed = compress(plain);
    const { parts, last } = inflate(coding, packed.subarray(0, packed.length - 4), 700);
    expect(last).toBe("more");
    expect(plain.subarray(0, parts.length)).toEqual(parts);
    if (coding !== "br" && coding !== "zstd") expect(parts.length).toBeGreaterThan(100_000);
  });

  test("says when it is damaged, and the next stream is none the worse", () => {
    const packed = Uint8Array.from(compress(plain));
    packed.fill(0xff, 4, 400);
    expect(inflate(coding, packed, 5000).last).toBe("damaged");
    expect(inflate(coding, compress(plain), 5000).parts).toEqual(plain);
  });

  test("stops when the taker has enough", () => {
    const { parts, last } = inflate(coding, compress(new Uint8Array(10_000_000)), 1 << 20, 100_000);
    expect(last).toBe("refused");
    expect(parts.length).toBeLessThan(200_000);
  });
});
