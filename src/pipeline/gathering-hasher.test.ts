import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toHex } from "#base/bytes.ts";
import { Hashers } from "./gathering-hasher.ts";

const hashers = new Hashers();
const message = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 31 + (i >> 7)) & 255);

const of = (from: number, to: number): string => createHash("sha256").update(message.subarray(from, to)).digest("hex");

test.each([
  ["nothing", []],
  ["one small piece", [100]],
  ["small pieces that are gathered", [1, 0, 500, 3000]],
  ["exactly what is gathered", [4095, 1]],
  ["one byte more", [4096, 1]],
  ["one large piece", [20_000]],
  ["a small and a large piece", [10, 9000, 10]],
  ["many small pieces", Array.from({ length: 150 }, () => 99)],
  ["large pieces between small ones", [1460, 1460, 1460, 1460, 5000, 1, 4096, 1, 4095]],
])("the digests of %s are OpenSSL's", (_case, pieces) => {
  const hasher = hashers.open(["md5", "sha1", "sha256"]);
  let at = 0;
  for (const piece of pieces) {
    hasher.update(message, at, at + piece);
    at += piece;
  }
  const digests = hasher.finish().map((digest) => toHex(digest));
  expect(digests).toEqual(["md5", "sha1", "sha256"].map((name) => createHash(name).update(message.subarray(0, at)).digest("hex")));
});

test("more messages at once than have memory to gather in", () => {
  const many = Array.from({ length: 1100 }, () => hashers.open(["sha256"]));
  for (const half of [0, 1]) for (const [i, hasher] of many.entries()) hasher.update(message, i + half * 50, i + half * 50 + 50);
  for (const [i, hasher] of many.entries()) expect(toHex(hasher.finish()[0] as Uint8Array)).toBe(of(i, i + 100));
});

test("messages that grow at the same time are kept apart", () => {
  const [one, other] = [hashers.open(["sha256"]), hashers.open(["sha256"])];
  for (let i = 0; i < 10; i++) {
    one.update(message, i * 10, i * 10 + 10);
    other.update(message, 1000 + i, 1001 + i);
  }
  expect(toHex(one.finish()[0] as Uint8Array)).toBe(of(0, 100));
  expect(toHex(other.finish()[0] as Uint8Array)).toBe(of(1000, 1010));
});
