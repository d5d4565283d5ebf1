import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { HmacSha256, messageBytesMax } from "./hmac-sha256.ts";
import { finish, newState } from "./sha256.ts";

const bytes = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 73 + seed * 29 + i * seed) & 255);

test("SHA-256 of every length around the ends of blocks is OpenSSL's", () => {
  for (let length = 0; length < 200; length++) {
    const message = bytes(length, length);
    expect(toHex(finish(newState(), 0, message, 0, length))).toBe(createHash("sha256").update(message).digest("hex"));
  }
});

test("SHA-256 takes the range that it is given", () => {
  const message = bytes(100, 1);
  expect(toHex(finish(newState(), 0, message, 3, 80))).toBe(createHash("sha256").update(message.subarray(3, 80)).digest("hex"));
});

test("HMAC: RFC 4231 case 2", () => {
  const key = new TextEncoder().encode("Jefe");
  const code = new HmacSha256().of(key, new TextEncoder().encode("what do ya want for nothing?"));
  expect(toHex(code)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

test("HMAC: more keys than are kept, each again and again, are told apart", () => {
  const hmac = new HmacSha256();
  for (let i = 0; i < 600; i++) {
    const key = bytes((i * 7) % 65, i % 11);
    const message = bytes(i % (messageBytesMax + 1), i);
    expect(hmac.fits(key, message)).toBe(true);
    expect(toHex(hmac.of(key, message))).toBe(createHmac("sha256", key).update(message).digest("hex"));
  }
});

test.each([
  ["a key of more than a block", 65, 1],
  ["a long message", 32, messageBytesMax + 1],
])("HMAC leaves %s to others", (_case, key, message) => expect(new HmacSha256().fits(bytes(key, 1), bytes(message, 1))).toBe(false));

test("a key that its owner changes afterwards is another key", () => {
  const hmac = new HmacSha256();
  const key = fromHex("00112233");
  const before = toHex(hmac.of(key, key));
  key[0] = 1;
  expect(toHex(hmac.of(key, fromHex("00112233")))).not.toBe(before);
});
