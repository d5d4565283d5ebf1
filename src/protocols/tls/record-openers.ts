import type { Ciphers, MacHash, SealCipher } from "#contract/platform.ts";
import { expandLabel, hashBytes, nonceOf, prf } from "./hkdf.ts";
import { cipherName } from "./names.ts";
import { HEADER_BYTES } from "./records.ts";

/** What a cipher suite's name says of how records are sealed. */
export interface Suite {
  readonly cipher: SealCipher | "aes-cbc";
  readonly keyBytes: number;
  /** Hash of the key schedule. */
  readonly hash: MacHash;
  /** Hash of the records' MAC, with CBC. */
  readonly macHash: MacHash;
}

/** The suite of a number; `undefined` for one whose records are not opened. */
export function suiteOf(number: number): Suite | undefined {
  const name = cipherName(number);
  const keyBytes = name.includes("CHACHA20") || name.includes("AES_256") ? 32 : name.includes("AES_128") ? 16 : 0;
  if (keyBytes === 0) return undefined;
  const hash = name.endsWith("SHA384") ? "sha384" : "sha256";
  const macHash = name.endsWith("SHA") ? "sha1" : hash;
  if (name.includes("CHACHA20")) return { cipher: "chacha20-poly1305", keyBytes, hash, macHash };
  if (name.includes("GCM")) return { cipher: "aes-gcm", keyBytes, hash, macHash };
  if (name.includes("CCM")) return { cipher: name.includes("CCM_8") ? "aes-ccm-8" : "aes-ccm", keyBytes, hash, macHash };
  return name.includes("CBC") ? { cipher: "aes-cbc", keyBytes, hash, macHash } : undefined;
}

/** Opens the records of one side, one after the other. */
export interface RecordOpener {
  /** Text of the record `bytes[at..end)`, its header included; `undefined` when the keys do not fit. */
  open(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined;
}

/** TLS 1.3 (RFC 8446 §5.2): the text ends with its type and padding, which are left on it. */
export class Opener13 implements RecordOpener {
  readonly #ciphers: Ciphers;
  readonly #suite: Suite;
  #secret: Uint8Array;
  #key = new Uint8Array(0);
  #nonce = new Uint8Array(0);
  #sequence = 0;

  constructor(ciphers: Ciphers, suite: Suite, secret: Uint8Array) {
    this.#ciphers = ciphers;
    this.#suite = suite;
    this.#secret = secret;
    this.#derive();
  }

  open(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
    const body = at + HEADER_BYTES;
    const nonce = nonceOf(this.#nonce, this.#sequence);
    const { cipher } = this.#suite;
    if (cipher === "aes-cbc") return undefined;
    const text = this.#ciphers.open(cipher, this.#key, nonce, bytes.subarray(at, body), bytes.subarray(body, end));
    if (text !== undefined) this.#sequence++;
    return text;
  }

  /** The sender has taken new keys (RFC 8446 §7.2). */
  update(): void {
    const { hash } = this.#suite;
    this.#secret = expandLabel(this.#ciphers, hash, this.#secret, "tls13 traffic upd", hashBytes(hash));
    this.#derive();
  }

  #derive(): void {
    const { hash, keyBytes } = this.#suite;
    this.#key = expandLabel(this.#ciphers, hash, this.#secret, "tls13 key", keyBytes).slice();
    this.#nonce = expandLabel(this.#ciphers, hash, this.#secret, "tls13 iv", 12).slice();
    this.#sequence = 0;
  }
}

/** Sequence number, type, version, and the length of the text (RFC 5246 §6.2.3.3). */
function additional(sequence: number, bytes: Uint8Array, at: number, length: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, Math.floor(sequence / 0x1_0000_0000));
  view.setUint32(4, sequence % 0x1_0000_0000);
  data.set(bytes.subarray(at, at + 3), 8);
  view.setUint16(11, length);
  return data;
}

/** TLS 1.2 with an authenticated cipher (RFC 5288, RFC 6655, RFC 7905). */
class SealOpener implements RecordOpener {
  readonly #ciphers: Ciphers;
  readonly #cipher: SealCipher;
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array;
  #sequence = 0;

  constructor(ciphers: Ciphers, cipher: SealCipher, key: Uint8Array, nonce: Uint8Array) {
    this.#ciphers = ciphers;
    this.#cipher = cipher;
    this.#key = key;
    this.#nonce = nonce;
  }

  open(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
    const body = at + HEADER_BYTES;
    const explicit = this.#cipher === "chacha20-poly1305" ? 0 : 8;
    const tag = this.#cipher === "aes-ccm-8" ? 8 : 16;
    const length = end - body - explicit - tag;
    if (length < 0) return undefined;
    let nonce: Uint8Array;
    if (explicit === 0) nonce = nonceOf(this.#nonce, this.#sequence);
    else {
      nonce = new Uint8Array(12);
      nonce.set(this.#nonce);
      nonce.set(bytes.subarray(body, body + explicit), 4);
    }
    const data = additional(this.#sequence, bytes, at, length);
    const text = this.#ciphers.open(this.#cipher, this.#key, nonce, data, bytes.subarray(body + explicit, end));
    if (text !== undefined) this.#sequence++;
    return text;
  }
}

/** AES in CBC mode with a MAC inside or, when both sides agreed (RFC 7366), outside. TLS 1.0 goes on with the last block. */
class CbcOpener implements RecordOpener {
  readonly #ciphers: Ciphers;
  readonly #key: Uint8Array;
  readonly #macHash: MacHash;
  readonly #macKey: Uint8Array;
  readonly #macOutside: boolean;
  /** Last block of the record before, with TLS 1.0. */
  #chain: Uint8Array | undefined;
  #sequence = 0;

  constructor(ciphers: Ciphers, key: Uint8Array, suite: Suite, macKey: Uint8Array, macOutside: boolean, chain: Uint8Array | undefined) {
    this.#ciphers = ciphers;
    this.#key = key;
    this.#macHash = suite.macHash;
    this.#macKey = macKey;
    this.#macOutside = macOutside;
    this.#chain = chain;
  }

  open(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
    const body = at + HEADER_BYTES;
    const macBytes = hashBytes(this.#macHash);
    const stop = this.#macOutside ? end - macBytes : end;
    const start = this.#chain === undefined ? body + 16 : body;
    if (stop <= start) return undefined;
    const block = this.#chain ?? bytes.subarray(body, start);
    const padded = this.#ciphers.openCbc(this.#key, block, bytes.subarray(start, stop));
    if (padded === undefined) return undefined;
    const length = padded.length - (padded[padded.length - 1] as number) - 1 - (this.#macOutside ? 0 : macBytes);
    if (length < 0) return undefined;
    const sealed = this.#macOutside ? bytes.subarray(body, stop) : padded.subarray(0, length);
    const mac = this.#macOutside ? bytes.subarray(stop, end) : padded.subarray(length, length + macBytes);
    if (!this.#fits(bytes, at, sealed, mac)) return undefined;
    if (this.#chain !== undefined) this.#chain = bytes.slice(stop - 16, stop);
    this.#sequence++;
    return padded.subarray(0, length);
  }

  #fits(bytes: Uint8Array, at: number, text: Uint8Array, mac: Uint8Array): boolean {
    const head = additional(this.#sequence, bytes, at, text.length);
    const message = new Uint8Array(head.length + text.length);
    message.set(head);
    message.set(text, head.length);
    const wanted = this.#ciphers.mac(this.#macHash, this.#macKey, message);
    return wanted.length === mac.length && wanted.every((byte, i) => byte === mac[i]);
  }
}

/** What the openers of a connection up to TLS 1.2 follow from. */
export interface Agreement {
  readonly version: number;
  readonly suite: Suite;
  readonly master: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly macOutside: boolean;
}

/** Openers of the client's and of the server's records up to TLS 1.2 (RFC 5246 §6.3). */
export function openers12(ciphers: Ciphers, agreement: Agreement): readonly [RecordOpener, RecordOpener] {
  const { version, suite, macOutside } = agreement;
  const { cipher, keyBytes } = suite;
  const seed = new Uint8Array(64);
  seed.set(agreement.serverRandom);
  seed.set(agreement.clientRandom, 32);
  const macBytes = cipher === "aes-cbc" ? hashBytes(suite.macHash) : 0;
  const nonceBytes = cipher === "aes-cbc" ? (version <= 0x0301 ? 16 : 0) : cipher === "chacha20-poly1305" ? 12 : 4;
  const hash = version >= 0x0303 ? suite.hash : undefined;
  const block = prf(ciphers, hash, agreement.master, "key expansion", seed, 2 * (macBytes + keyBytes + nonceBytes));
  const part = (start: number, bytes: number, side: number): Uint8Array => block.slice(start + side * bytes, start + (side + 1) * bytes);
  const of = (side: number): RecordOpener => {
    const macKey = part(0, macBytes, side);
    const key = part(2 * macBytes, keyBytes, side);
    const nonce = part(2 * (macBytes + keyBytes), nonceBytes, side);
    if (cipher !== "aes-cbc") return new SealOpener(ciphers, cipher, key, nonce);
    return new CbcOpener(ciphers, key, suite, macKey, macOutside, nonceBytes === 0 ? undefined : nonce);
  };
  return [of(0), of(1)];
}
