/**
 * What pure rooms need from the machine that they run on, synchronous: Node's crypto in the engine, a library in a
 * browser tab.
 */
export interface Platform {
  /** Digest of `bytes[from..to)`. The result is the caller's. */
  digest(algorithm: "md5" | "sha1" | "sha256", bytes: Uint8Array, from: number, to: number): Uint8Array;
  /**
   * The result of a pure function of `key`, from memory when it was asked for lately: digests of fingerprints, parsed
   * certificates. `what` names the function. Results are shared: nobody changes them. They are never `undefined`.
   */
  remember<T>(what: string, key: string, compute: () => T): T;
}
