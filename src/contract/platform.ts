import type { LiteralPlatform } from "#base/literal.ts";
import type { Places } from "#base/place.ts";

export type DigestAlgorithm = "md5" | "sha1" | "sha256";

/** Digests of bytes that come piece by piece. */
export interface Hasher {
  /** Takes `bytes[from..to)`; they are read during the call. */
  update(bytes: Uint8Array, from: number, to: number): void;
  /** The digests in the order in which they were asked for. Nothing may be added afterwards. Gives the memory back. */
  finish(): readonly Uint8Array[];
}

/** A file that is being written to the folder of extracted files. */
export interface FileCopy {
  /** Takes `bytes[from..to)`; false when they could not be written. */
  write(bytes: Uint8Array, from: number, to: number): boolean;
  /** The file is whole and gets its name, a digest in hexadecimal. False when it could not be kept. */
  keep(name: string): boolean;
  /** The file is not wanted. */
  drop(): void;
}

/**
 * What pure rooms need from the machine that they run on, synchronous: Node's crypto in the engine, a library in a
 * browser tab.
 */
export interface Platform {
  /** Digest of `bytes[from..to)`. The result is the caller's. */
  digest(algorithm: "md5" | "sha1" | "sha256" | "sha384", bytes: Uint8Array, from: number, to: number): Uint8Array;
  /**
   * The result of a pure function of `key`, from memory when it was asked for lately: digests of fingerprints, parsed
   * certificates. `what` names the function. Results are shared: nobody changes them. They are never `undefined`.
   */
  remember<T>(what: string, key: string, compute: () => T): T;
  /** Begins to decode a compressed stream; `undefined` for a coding that the platform lacks. */
  readonly inflater?: (coding: Coding) => Inflater | undefined;
  readonly ciphers: Ciphers;
  readonly secrets: Secrets;
  /** Digests that are made piece by piece, of all the algorithms at once. */
  hasher(algorithms: readonly DigestAlgorithm[]): Hasher;
  /** The machine's library for the search of many literals, when it has one; the engine has its own. */
  readonly literals?: LiteralPlatform;
  /** Where addresses belong, when the user brought a database of it. */
  readonly places?: Places;
  /** Begins a file in the folder of extracted files. `undefined` when there is no such folder. */
  copyFile?(): FileCopy | undefined;
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

export type MacHash = "md5" | "sha1" | "sha256" | "sha384";
/** Authenticated ciphers; the length of the key tells AES-128 from AES-256. */
export type SealCipher = "aes-gcm" | "aes-ccm" | "aes-ccm-8" | "chacha20-poly1305";

/** Ciphers, for what is encrypted with keys that everybody can derive (QUIC Initial) or that the user has. */
export interface Ciphers {
  /** HMAC (RFC 2104). */
  mac(hash: MacHash, key: Uint8Array, message: Uint8Array): Uint8Array;
  /** Text of a sealed message, its tag at the end; `undefined` when the tag is wrong or nothing fits. */
  open(cipher: SealCipher, key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** AES in CBC mode, padding included; `undefined` when it is not whole blocks. */
  openCbc(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array | undefined;
  /** What QUIC's header protection makes of a sample of 16 bytes (RFC 9001 §5.4): at least five bytes. */
  headerMask(cipher: SealCipher, key: Uint8Array, sample: Uint8Array): Uint8Array;
}

/** Secrets of connections that the user gave (a key log) or that the capture carries. */
export interface Secrets {
  /** True when there are none: then nothing has to be kept for decryption. */
  readonly empty: boolean;
  /** Secret of a label of the key log (`CLIENT_RANDOM`, `CLIENT_TRAFFIC_SECRET_0` …) for a client's random. */
  find(label: string, clientRandom: Uint8Array): Uint8Array | undefined;
  /** Adds the lines of a key log that came with the capture. */
  add(text: string): void;
}
