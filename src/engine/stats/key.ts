import { combine32, mix32 } from "#base/hash.ts";

/*
 * Sketches count keys. A key is a whole number within ±2^53: an IPv4 word, a port, an index of the caller's own table.
 * Whatever is wider (IPv6 addresses, names) is folded into 53 bits first; among a million keys two then share a number
 * with a chance of 1 in 18,000. The seed keeps an attacker from choosing addresses that collide.
 */

const WORD = 4_294_967_296;
const HIGH_BITS = 0x1f_ffff;

/** What a summary keeps of its seed: seeds that follow each other give unrelated hashes. */
export const seedWord = (seed: number): number => mix32(seed + 0x9e3779b9);

/** 32 well-mixed bits of a key; `seed` is a seed word. Keys below 2^32 never share them. */
export function keyHash(key: number, seed: number): number {
  const low = mix32(key ^ seed);
  const high = (key / WORD) | 0;
  return high === 0 ? low : mix32(low ^ Math.imul(high, 0x9e3779b1));
}

/** The key of four words, such as an IPv6 address. */
export function wordsKey(a: number, b: number, c: number, d: number, seed = 0): number {
  const low = mix32(combine32(combine32(combine32(combine32(seed, a), b), c), d));
  const high = mix32(combine32(combine32(combine32(combine32(~seed, d), c), b), a));
  return (high & HIGH_BITS) * WORD + (low >>> 0);
}

/** The key of a text, such as a domain name. */
export function textKey(text: string, seed = 0): number {
  let low = seed;
  let high = ~seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = combine32(low, code);
    high = combine32(high, Math.imul(code, 0x85ebca77));
  }
  return (mix32(high ^ text.length) & HIGH_BITS) * WORD + (mix32(low ^ text.length) >>> 0);
}
