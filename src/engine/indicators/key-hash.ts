/**
 * 96 bits of a text in three words, so that a million indicators need twelve bytes each and no texts. For unequal texts
 * that nobody made for the purpose, the odds that one look-up is taken for one of a million are a million in 2^96,
 * 1.3 · 10^-23: a million look-ups a second for a year meet a false one with odds of 4 · 10^-10. Who makes a collision
 * on purpose gains an alert about himself; what is allowed is compared as text (`AllowList`).
 */
import { mix32 } from "#base/hash.ts";

/** Running state, reused: one for each table, as look-ups do not nest. */
export class KeyHash {
  a = 0;
  b = 0;
  c = 0;

  /** Starts anew; `salt` keeps the types of indicators apart. */
  begin(salt: number): void {
    this.a = mix32(salt + 0x9e3779b9);
    this.b = mix32(salt + 0x7f4a7c15);
    this.c = mix32(salt + 0x94d049bb);
  }

  /** Takes one character. The three words are multiplied differently, so that one's collisions are not the others'. */
  add(code: number): void {
    this.a = Math.imul(this.a ^ code, 0x01000193);
    const b = Math.imul(this.b + code, 0x85ebca6b);
    this.b = (b << 13) | (b >>> 19);
    const c = this.c ^ Math.imul(code + 0x3c6ef372, 0xcc9e2d51);
    this.c = (Math.imul((c << 15) | (c >>> 17), 5) + 0xe6546b64 + (this.b >>> 7)) | 0;
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
  }
}
