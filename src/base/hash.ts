/** One round of a 32-bit multiply-xorshift mixer (the finalizer of MurmurHash3, public domain). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Folds `word` into the running hash `h`; order matters. */
export function combine32(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const rotated = (k << 15) | (k >>> 17);
  const mixed = h ^ Math.imul(rotated, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** FNV-1a of a text, over its UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
