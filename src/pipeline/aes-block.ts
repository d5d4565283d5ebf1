/** The S-box of AES (FIPS 197 §5.1.1), and four tables that join it with the mixing of columns. */
const SBOX = new Uint8Array(256);
const TABLE = new Int32Array(256);
/** Round constants (FIPS 197 §5.2). */
const RCON = new Uint8Array(11);

const doubled = (byte: number): number => ((byte << 1) ^ ((byte & 0x80) === 0 ? 0 : 0x1b)) & 0xff;

function fill(): void {
  // Powers of 3 and their inverses go through all bytes but 0.
  let p = 1;
  let q = 1;
  do {
    p = p ^ doubled(p);
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if ((q & 0x80) !== 0) q ^= 0x09;
    SBOX[p] = (q ^ rotated(q, 1) ^ rotated(q, 2) ^ rotated(q, 3) ^ rotated(q, 4) ^ 0x63) & 0xff;
  } while (p !== 1);
  SBOX[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = SBOX[i] as number;
    const d = doubled(s);
    TABLE[i] = (d << 24) | (s << 16) | (s << 8) | (d ^ s);
  }
  for (let i = 1, c = 1; i < 11; i++, c = doubled(c)) RCON[i] = c;
}

const rotated = (byte: number, bits: number): number => (byte << bits) | (byte >>> (8 - bits));

fill();

const KEY_BYTES = 16;
const ROUNDS = 10;
const schedule = new Int32Array(4 * (ROUNDS + 1));

/**
 * One block of AES-128 (FIPS 197): for a single block a cipher object of a library costs ten times the work. Answers
 * for a key of 16 bytes and a block of 16.
 */
export function aes128(key: Uint8Array, block: Uint8Array): Uint8Array {
  expand(key);
  const w = schedule;
  let a = wordAt(block, 0) ^ (w[0] as number);
  let b = wordAt(block, 4) ^ (w[1] as number);
  let c = wordAt(block, 8) ^ (w[2] as number);
  let d = wordAt(block, 12) ^ (w[3] as number);
  for (let round = 1; round < ROUNDS; round++) {
    const at = round * 4;
    const e = mixed(a, b, c, d) ^ (w[at] as number);
    const f = mixed(b, c, d, a) ^ (w[at + 1] as number);
    const g = mixed(c, d, a, b) ^ (w[at + 2] as number);
    d = mixed(d, a, b, c) ^ (w[at + 3] as number);
    a = e;
    b = f;
    c = g;
  }
  const out = new Uint8Array(KEY_BYTES);
  put(out, 0, substituted(a, b, c, d) ^ (w[40] as number));
  put(out, 4, substituted(b, c, d, a) ^ (w[41] as number));
  put(out, 8, substituted(c, d, a, b) ^ (w[42] as number));
  put(out, 12, substituted(d, a, b, c) ^ (w[43] as number));
  return out;
}

function expand(key: Uint8Array): void {
  const w = schedule;
  for (let i = 0; i < 4; i++) w[i] = wordAt(key, i * 4);
  for (let i = 4; i < w.length; i++) {
    let last = w[i - 1] as number;
    if ((i & 3) === 0) last = substituted(last << 8, last << 8, last << 8, last >>> 24) ^ ((RCON[i >> 2] as number) << 24);
    w[i] = (w[i - 4] as number) ^ last;
  }
}

/** A column behind a round without its key: bytes of four columns, shifted, substituted, mixed. */
function mixed(a: number, b: number, c: number, d: number): number {
  const y = TABLE[(b >>> 16) & 0xff] as number;
  const z = TABLE[(c >>> 8) & 0xff] as number;
  const u = TABLE[d & 0xff] as number;
  return (TABLE[a >>> 24] as number) ^ ((y >>> 8) | (y << 24)) ^ ((z >>> 16) | (z << 16)) ^ ((u >>> 24) | (u << 8));
}

/** The same in the last round, which mixes nothing. */
function substituted(a: number, b: number, c: number, d: number): number {
  return (
    ((SBOX[a >>> 24] as number) << 24) |
    ((SBOX[(b >>> 16) & 0xff] as number) << 16) |
    ((SBOX[(c >>> 8) & 0xff] as number) << 8) |
    (SBOX[d & 0xff] as number)
  );
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);

function put(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
