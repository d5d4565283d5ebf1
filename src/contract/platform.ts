/**
 * What pure rooms need from the machine that they run on, synchronous: Node's crypto in the engine, a library in a
 * browser tab.
 */
export interface Platform {
  /** Digest of `bytes[from..to)`. The result is the caller's. */
  digest(algorithm: "md5" | "sha1" | "sha256", bytes: Uint8Array, from: number, to: number): Uint8Array;
}
