/** Bytes of a side's first payload that are looked at. */
const sampleBytesMax = 128;
/** Less says nothing: the next segment or datagram of the side is taken. */
export const sampleBytesMin = 16;
/** Entropy is kept in thirty-seconds of a bit. */
const perBit = 32;

const counts = new Uint8Array(256);
/** What one more of a byte that was there `c` times adds to the sum of c·log2 c. */
const steps = Float64Array.from({ length: sampleBytesMax }, (_, c) => (c + 1) * Math.log2(c + 1) - (c === 0 ? 0 : c * Math.log2(c)));
const logs = Float64Array.from({ length: sampleBytesMax + 1 }, (_, n) => Math.log2(Math.max(1, n)));
/** 1 for bytes of text: printable ASCII, tab and the ends of lines. */
const text = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);

/**
 * What the first payload of a side looks like, in one word: bytes looked at, share of text, entropy. Entropy is Shannon's
 * of the bytes with the correction of Miller and Madow (1955), without which a short sample of random bytes would look
 * more orderly than a long one.
 */
export function samplePayload(bytes: Uint8Array, from: number, length: number): number {
  const size = length < sampleBytesMax ? length : sampleBytesMax;
  const end = from + size;
  let sum = 0;
  let distinct = 0;
  let texts = 0;
  for (let i = from; i < end; i++) {
    const byte = bytes[i] as number;
    const before = counts[byte] as number;
    counts[byte] = before + 1;
    if (before === 0) distinct++;
    else sum += steps[before] as number;
    texts += text[byte] as number;
  }
  for (let i = from; i < end; i++) counts[bytes[i] as number] = 0;
  const bits = (logs[size] as number) - sum / size + (distinct - 1) / (2 * Math.LN2 * size);
  return (size << 16) | (Math.round((texts / size) * 255) << 8) | Math.min(255, Math.round(bits * perBit));
}

/** Bytes that were looked at; 0 for none. */
export const sampleBytes = (word: number): number => word >>> 16;
/** Share of them that are text, 0 to 1. */
export const sampleText = (word: number): number => ((word >>> 8) & 0xff) / 255;
/** Bits of entropy of a byte, 0 to 8. */
export const sampleBits = (word: number): number => (word & 0xff) / perBit;
