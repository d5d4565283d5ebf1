import type { Ciphers, MacHash } from "#contract/platform.ts";

/** Bytes of a digest. */
export const hashBytes = (hash: MacHash): number => (hash === "sha384" ? 48 : hash === "sha256" ? 32 : 20);

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
