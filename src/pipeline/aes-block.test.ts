import { createCipheriv } from "node:crypto";
import { expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { aes128 } from "./aes-block.ts";

test.each([
  ["FIPS 197 appendix C.1", "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"],
  [
    "RFC 9001 A.2, the header's protection",
    "9f50449e04a0e810283a1e9933adedd2",
    "d1b1c98dd7689fb8ec11d242b123dc9b",
    "437b9aec36be423400cdd115d9db3241",
  ],
])("aes128: %s", (_case, key, block, sealed) => expect(toHex(aes128(fromHex(key), fromHex(block)))).toBe(sealed));

test("aes128 agrees with OpenSSL on blocks of all kinds", () => {
  for (let i = 0; i < 500; i++) {
    const key = Uint8Array.from({ length: 16 }, (_, k) => (i * 31 + k * 97 + i * k) & 255);
    const block = Uint8Array.from({ length: 16 }, (_, k) => (i * 17 + k * 59 + (i >> 3) * k) & 255);
    expect(toHex(aes128(key, block))).toBe(createCipheriv("aes-128-ecb", key, new Uint8Array(0)).update(block).toString("hex"));
  }
});
