import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { createNodePlatform } from "./node-platform.ts";

const { ciphers } = createNodePlatform();
const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("HMAC as RFC 4231 gives it, test case 2", () => {
  const mac = ciphers.mac("sha256", letters("Jefe"), letters("what do ya want for nothing?"));
  expect(toHex(mac)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

test.each(["sha1", "sha256", "sha384"] as const)("HMAC with keys of any length: %s", (algorithm) => {
  const message = fromHex("00ff80");
  for (const length of [0, 1, 20, 63, 64, 65, 127, 128, 129, 300]) {
    const key = new Uint8Array(length).fill(7);
    expect(toHex(ciphers.mac(algorithm, key, message)), `${length} bytes`).toBe(createHmac(algorithm, key).update(message).digest("hex"));
  }
});
