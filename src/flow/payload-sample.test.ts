import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { sampleBits, sampleBytes, samplePayload, sampleText } from "./payload-sample.ts";

const ofText = (text: string): number => samplePayload(new TextEncoder().encode(text), 0, text.length);
const ofRandom = (size: number, seed: number): number => {
  const random = new Random(seed);
  return samplePayload(
    Uint8Array.from({ length: size }, () => Math.floor(random.unit() * 256)),
    0,
    size,
  );
};

test.each<[string, number, number, number, number]>([
  ["one byte again and again", ofText("a".repeat(50)), 50, 1, 0],
  ["two bytes, evenly", ofText("ab".repeat(64)), 128, 1, 1],
  ["a request", ofText("GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/8.1.2\r\n\r\n"), 75, 1, 5.2],
  ["zeros", samplePayload(new Uint8Array(40), 4, 32), 32, 0, 0],
])("%s", (_case, word, bytes, text, bits) => {
  expect(sampleBytes(word)).toBe(bytes);
  expect(sampleText(word)).toBe(text);
  expect(Math.abs(sampleBits(word) - bits)).toBeLessThan(0.15);
});

test("random bytes are told from text, whatever the size of the sample", () => {
  for (let seed = 1; seed < 50; seed++)
    for (const size of [48, 64, 128, 1400]) {
      const word = ofRandom(size, seed);
      expect(sampleBits(word)).toBeGreaterThan(5.7);
      expect(sampleText(word)).toBeLessThan(0.65);
    }
});

test("only the first 128 bytes count, and nothing is left over for the next", () => {
  const bytes = new TextEncoder().encode("x".repeat(128) + "abcdefgh".repeat(20));
  expect(samplePayload(bytes, 0, bytes.length)).toBe(ofText("x".repeat(128)));
  expect(samplePayload(bytes, 0, bytes.length)).toBe(ofText("x".repeat(128)));
});
