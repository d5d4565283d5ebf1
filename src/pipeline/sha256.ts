/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
// biome-ignore format: a table of eight to a line is what the standard prints.
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** State before the first block (FIPS 180-4 §5.3.3). */
const INITIAL = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

export const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** The last block ends with 0x80 and the length. */
const TRAILER_BYTES = 9;

/** Blocks are put together here, and its words. One call at a time uses them. */
const block = new Uint8Array(BLOCK_BYTES);
const words = new DataView(block.buffer);
const schedule = new Int32Array(64);

/**
 * SHA-256 of messages of a few blocks: for them, a call into a library costs more than the work. A state is eight
 * words; whoever hashes many messages with the same beginning keeps the state behind it.
 */
export function newState(): Int32Array {
  return INITIAL.slice();
}

/** Takes the one block that `bytes[0..length)`, mixed with `mask`, begins; the rest of it is `mask`. */
export function takeMasked(state: Int32Array, bytes: Uint8Array, mask: number): void {
  block.fill(mask);
  for (let i = 0; i < bytes.length; i++) block[i] = (bytes[i] as number) ^ mask;
  compress(state);
}

/**
 * The digest of what `state` has taken, `before` bytes in whole blocks, and `bytes[from..to)`. The state is used up.
 */
export function finish(state: Int32Array, before: number, bytes: Uint8Array, from: number, to: number): Uint8Array {
  let at = from;
  for (; to - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
    for (let i = 0; i < BLOCK_BYTES; i++) block[i] = bytes[at + i] as number;
    compress(state);
  }
  const rest = to - at;
  for (let i = 0; i < rest; i++) block[i] = bytes[at + i] as number;
  block[rest] = 0x80;
  for (let i = rest + 1; i < BLOCK_BYTES; i++) block[i] = 0;
  if (rest > BLOCK_BYTES - TRAILER_BYTES) {
    compress(state);
    block.fill(0);
  }
  // Short messages only: the upper half of the length in bits stays 0.
  words.setUint32(BLOCK_BYTES - 4, (before + to - from) * 8);
  compress(state);
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let i = 0; i < 8; i++) {
    const word = state[i] as number;
    digest[i * 4] = word >>> 24;
    digest[i * 4 + 1] = word >>> 16;
    digest[i * 4 + 2] = word >>> 8;
    digest[i * 4 + 3] = word;
  }
  return digest;
}

/** One block (FIPS 180-4 §6.2.2). */
function compress(state: Int32Array): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = words.getInt32(i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
  state[4] = ((state[4] as number) + e) | 0;
  state[5] = ((state[5] as number) + f) | 0;
  state[6] = ((state[6] as number) + g) | 0;
  state[7] = ((state[7] as number) + h) | 0;
}
