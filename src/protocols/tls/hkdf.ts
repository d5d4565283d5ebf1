import type { Ciphers, MacHash } from "#contract/platform.ts";

/** Bytes of a digest. */
export const hashBytes = (hash: MacHash): number => ({ md5: 16, sha1: 20, sha256: 32, sha384: 48 })[hash];

/** HKDF-Extract (RFC 5869 §2.2). */
export const extract = (ciphers: Ciphers, hash: MacHash, salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  ciphers.mac(hash, salt, secret);

/** HKDF-Expand-Label without a context (RFC 8446 §7.1), for at most one digest's length. `label` has the prefix already. */
export function expandLabel(ciphers: Ciphers, hash: MacHash, secret: Uint8Array, label: string, bytes: number): Uint8Array {
  const info = new Uint8Array(label.length + 5);
  info[0] = bytes >>> 8;
  info[1] = bytes;
  info[2] = label.length;
  for (let i = 0; i < label.length; i++) info[3 + i] = label.charCodeAt(i);
  info[info.length - 1] = 1;
  return ciphers.mac(hash, secret, info).subarray(0, bytes);
}

/**
 * The pseudo-random function up to TLS 1.2 (RFC 5246 §5). Without a hash it is that of TLS 1.0, which mixes two
 * (RFC 2246 §5).
 */
export function prf(
  ciphers: Ciphers,
  hash: MacHash | undefined,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  bytes: number,
): Uint8Array {
  const labelled = new Uint8Array(label.length + seed.length);
  for (let i = 0; i < label.length; i++) labelled[i] = label.charCodeAt(i);
  labelled.set(seed, label.length);
  if (hash !== undefined) return stretched(ciphers, hash, secret, labelled, bytes);
  const half = Math.ceil(secret.length / 2);
  const mixed = stretched(ciphers, "md5", secret.subarray(0, half), labelled, bytes);
  const other = stretched(ciphers, "sha1", secret.subarray(secret.length - half), labelled, bytes);
  return mixed.map((byte, i) => byte ^ (other[i] as number));
}

function stretched(ciphers: Ciphers, hash: MacHash, secret: Uint8Array, seed: Uint8Array, bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let chain = seed;
  for (let at = 0; at < bytes; ) {
    chain = ciphers.mac(hash, secret, chain);
    const input = new Uint8Array(chain.length + seed.length);
    input.set(chain);
    input.set(seed, chain.length);
    const piece = ciphers.mac(hash, secret, input);
    all.set(piece.subarray(0, Math.min(piece.length, bytes - at)), at);
    at += piece.length;
  }
  return all;
}

/** The number of a record or packet, as 64 bits at the end, changes the nonce (RFC 8446 §5.3, RFC 9001 §5.3). */
export function nonceOf(base: Uint8Array, number: number): Uint8Array {
  const nonce = base.slice();
  let rest = number;
  for (let i = nonce.length - 1; rest > 0 && i >= 0; i--) {
    nonce[i] = (nonce[i] as number) ^ (rest & 0xff);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}
