import { icmpCounterpart } from "./key.ts";
import * as R from "./record.generated.ts";

const BASE64 = Uint8Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", (digit) => digit.charCodeAt(0));
/** Length of the text: `1:` and 28 digits of base64. */
export const COMMUNITY_ID_BYTES = 30;

/**
 * Community ID v1 (github.com/corelight/community-id-spec) of flow records: SHA-1 over seed, addresses, protocol, a
 * zero and the ports, the smaller endpoint first. All of it fits one 64-byte block of SHA-1, so the hash is written
 * out here: a general digest costs more than the rest of the event.
 */
export class CommunityId {
  readonly #w = new Int32Array(80);
  readonly #seed: number;
  readonly #digest = new Uint8Array(21);

  constructor(seed = 0) {
    this.#seed = seed;
  }

  /** Writes the ID of the record at `words[at]` as ASCII to `out[to…]`: always 30 bytes. */
  write(words: Int32Array, at: number, ipv6: boolean, out: Uint8Array, to: number): void {
    const protocol = (words[at + R.KIND] as number) & 0xff;
    const ports = words[at + R.PORTS] as number;
    const client = at + R.CLIENT;
    const server = at + R.SERVER;
    const forward = isOrdered(words, client, server, ports, protocol);
    const ordered = forward ? ports : (ports << 16) | (ports >>> 16);
    this.#message(words, forward ? client : server, forward ? server : client, ipv6 ? 4 : 1, protocol, ordered);
    this.#sha1();
    out[to] = 0x31;
    out[to + 1] = 0x3a;
    this.#base64(out, to + 2);
  }

  /** Fills the block: addresses of `size` words each. */
  #message(words: Int32Array, first: number, second: number, size: number, protocol: number, ports: number): void {
    const w = this.#w;
    w.fill(0, 0, 16);
    // The two bytes of the seed shift everything by half a word.
    let carry = this.#seed & 0xffff;
    let n = 0;
    for (let i = 0; i < size * 2; i++) {
      const word = words[i < size ? first + i : second + i - size] as number;
      w[n++] = (carry << 16) | (word >>> 16);
      carry = word & 0xffff;
    }
    w[n++] = (carry << 16) | (protocol << 8);
    if (hasPorts(protocol)) w[n++] = ports;
    w[n] = 0x8000_0000 | 0;
    w[15] = n * 32;
  }

  /** FIPS 180-4 §6.1.2, one block. */
  #sha1(): void {
    const w = this.#w;
    for (let i = 16; i < 80; i++) {
      const x = (w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number);
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = 0x67452301;
    let b = 0xefcdab89 | 0;
    let c = 0x98badcfe | 0;
    let d = 0x10325476;
    let e = 0xc3d2e1f0 | 0;
    for (let i = 0; i < 80; i++) {
      let f: number;
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const t = (((a << 5) | (a >>> 27)) + f + e + (w[i] as number)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    this.#put(0, a + 0x67452301);
    this.#put(4, b + 0xefcdab89);
    this.#put(8, c + 0x98badcfe);
    this.#put(12, d + 0x10325476);
    this.#put(16, e + 0xc3d2e1f0);
  }

  #put(at: number, word: number): void {
    const digest = this.#digest;
    digest[at] = word >>> 24;
    digest[at + 1] = word >>> 16;
    digest[at + 2] = word >>> 8;
    digest[at + 3] = word;
  }

  #base64(out: Uint8Array, to: number): void {
    const digest = this.#digest;
    let at = to;
    for (let i = 0; i < 21; i += 3) {
      const three = ((digest[i] as number) << 16) | ((digest[i + 1] as number) << 8) | (digest[i + 2] as number);
      out[at++] = BASE64[three >>> 18] as number;
      out[at++] = BASE64[(three >>> 12) & 63] as number;
      out[at++] = BASE64[(three >>> 6) & 63] as number;
      out[at++] = BASE64[three & 63] as number;
    }
    // 20 bytes leave one byte of padding.
    out[at - 1] = 0x3d;
  }
}

/**
 * Protocols whose ports are hashed. ESP has none, and the specification says nothing of it; Arkime hashes two zeros,
 * and its sessions are where people go from here (docs/adr/0007).
 */
const hasPorts = (protocol: number): boolean =>
  protocol === 6 || protocol === 17 || protocol === 132 || protocol === 1 || protocol === 58 || protocol === 50;

/** True when the client is the smaller endpoint. ICMP messages without a counterpart keep their direction. */
function isOrdered(words: Int32Array, client: number, server: number, ports: number, protocol: number): boolean {
  if ((protocol === 1 || protocol === 58) && icmpCounterpart(protocol, ports >>> 16) < 0) return true;
  for (let i = 0; i < 4; i++) {
    const a = (words[client + i] as number) >>> 0;
    const b = (words[server + i] as number) >>> 0;
    if (a !== b) return a < b;
  }
  return ports >>> 16 <= (ports & 0xffff);
}
