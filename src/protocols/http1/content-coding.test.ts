import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { testPlatform } from "#test/protocol/drive.ts";
import { bombBytesMin, ContentDecoder, codingsOf } from "./content-coding.ts";

describe("Content-Encoding", () => {
  test.each<readonly [string | undefined, object]>([
    [undefined, { names: [], unknown: false }],
    ["gzip", { names: ["gzip"] }],
    ["x-gzip, br", { names: ["br", "gzip"], tooMany: false }],
    ["gzip, gzip, gzip", { names: ["gzip", "gzip", "gzip"], tooMany: true }],
    ["gzip\u007f", { names: ["gzip"], unknown: true }],
    ["rot13, gzip", { names: [], unknown: true }],
    ["identity", { names: [], unknown: true }],
  ])("%s", (header, wanted) => expect(codingsOf(header)).toMatchObject(wanted));
});

describe("a decompression bomb", () => {
  test.each([
    ["gzip", gzipSync(new Uint8Array(40_000_000))],
    ["br", brotliCompressSync(new Uint8Array(40_000_000))],
  ] as const)("%s stops", (name, packed) => {
    let given = 0;
    const decoder = new ContentDecoder(testPlatform, name, (_bytes, from, to) => {
      given += to - from;
      return true;
    });
    for (let at = 0; at < packed.length; at += 1400) decoder.data(packed, at, Math.min(packed.length, at + 1400));
    decoder.close();
    expect(decoder.state).toBe("bomb");
    expect(given).toBeLessThanOrEqual(bombBytesMin + 40_000);
  });
});
