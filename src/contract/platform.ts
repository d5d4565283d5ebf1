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
  /** Begins to decode a compressed stream; `undefined` for a coding that the platform lacks. */
  readonly inflater?: (coding: Coding) => Inflater | undefined;
}

/** How bytes are compressed: RFC 1952, RFC 1950, RFC 1951 without a wrapper, RFC 7932, RFC 8878. */
export type Coding = "gzip" | "zlib" | "deflate" | "br" | "zstd";

/** What became of a piece: more may follow, the stream has ended, it is damaged, or the taker wants no more. */
export type Inflation = "more" | "end" | "damaged" | "refused";

/** Takes decoded bytes, which it reads during the call. False when it wants no more. */
export type InflatedTaker = (bytes: Uint8Array, from: number, to: number) => boolean;

/** Decodes one compressed stream, piece by piece, at once and with bounded memory. */
export interface Inflater {
  /** Decodes `bytes[from..to)`; the decoded bytes go to `take` in pieces, before this returns. */
  push(bytes: Uint8Array, from: number, to: number, take: InflatedTaker): Inflation;
  /** Gives the memory back. Later calls do nothing. */
  close(): void;
}
