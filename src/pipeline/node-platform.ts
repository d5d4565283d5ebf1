import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHmac, hash } from "node:crypto";
import { type ByteTexts, setByteTexts } from "#base/bytes.ts";
import type { LiteralPlatform } from "#base/literal.ts";
import type { Places } from "#base/place.ts";
import type { Ciphers, MacHash, Platform, SealCipher, Secrets } from "#contract/platform.ts";
import { aes128 } from "./aes-block.ts";
import { FolderCopies } from "./folder-copies.ts";
import { Hashers } from "./gathering-hasher.ts";
import { HmacSha256 } from "./hmac-sha256.ts";
import { KeyLog } from "./key-log.ts";
import { NodeInflaters } from "./node-inflater.ts";

/** Results remembered of each kind; when there are more, all are forgotten. */
const resultsMax = 4096;
const tagBytes = (cipher: SealCipher): number => (cipher === "aes-ccm-8" ? 8 : 16);
const NO_BYTES = new Uint8Array(0);

/**
 * The platform seam over Node's own crypto. One for each shard. `extract` is the folder of extracted files, if any;
 * `literals` the machine's library for the search of literals, if any; `places` the user's databases of addresses, if any.
 */
export function createNodePlatform(secrets: Secrets = new KeyLog(), extract = "", literals?: LiteralPlatform, places?: Places): Platform {
  setByteTexts(nodeByteTexts);
  const copies = extract === "" ? undefined : new FolderCopies(extract);
  const inflaters = new NodeInflaters();
  const hashers = new Hashers();
  const hmac = new HmacSha256();
  const spaces = new Map<string, Map<string, unknown>>();
  return {
    digest: (algorithm, bytes, from, to) => hash(algorithm, bytes.subarray(from, to), "buffer"),
    hasher: (algorithms) => hashers.open(algorithms),
    copyFile: () => copies?.begin(),
    remember<T>(what: string, key: string, compute: () => T): T {
      let results = spaces.get(what) as Map<string, T> | undefined;
      if (results === undefined) {
        results = new Map();
        spaces.set(what, results);
      }
      const known = results.get(key);
      if (known !== undefined) return known;
      const result = compute();
      if (results.size >= resultsMax) results.clear();
      results.set(key, result);
      return result;
    },
    inflater: (coding) => inflaters.open(coding),
    ...(literals === undefined ? {} : { literals }),
    ...(places === undefined ? {} : { places }),
    ciphers: {
      ...nodeCiphers,
      mac: (algorithm, key, message) =>
        algorithm === "sha256" && hmac.fits(key, message) ? hmac.of(key, message) : mac(algorithm, key, message),
    },
    secrets,
  };
}

const { latin1Slice, hexSlice } = Buffer.prototype;

const nodeByteTexts: ByteTexts = {
  latin1: (bytes, from, to) => latin1Slice.call(bytes, from, to),
  hex: (bytes, from, to) => hexSlice.call(bytes, from, to),
};

/** A `Buffer` is no plain array: its `slice` shares memory. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

const nodeCiphers: Omit<Ciphers, "mac"> = {
  open(cipher, key, nonce, additional, sealed) {
    const length = sealed.length - tagBytes(cipher);
    if (length < 0) return undefined;
    // A key or nonce of the wrong length, and a wrong tag, are told by an exception.
    try {
      const name = cipher === "aes-gcm" && key.length === 16 ? "aes-128-gcm" : opensslName(cipher, key);
      const opener = createDecipheriv(name as "aes-128-gcm", key, nonce, { authTagLength: tagBytes(cipher) });
      opener.setAAD(additional, { plaintextLength: length });
      opener.setAuthTag(sealed.subarray(length));
      const text = opener.update(sealed.subarray(0, length));
      opener.final();
      return plain(text);
    } catch {
      return undefined;
    }
  },
  openCbc(key, iv, bytes) {
    if (bytes.length === 0 || bytes.length % 16 !== 0 || iv.length !== 16) return undefined;
    const opener = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv);
    return plain(opener.setAutoPadding(false).update(bytes));
  },
  headerMask(cipher, key, sample) {
    // The sample is counter and nonce of ChaCha20, and one block of AES.
    if (cipher === "chacha20-poly1305") return plain(createCipheriv("chacha20", key, sample).update(new Uint8Array(5)));
    if (key.length === 16) return aes128(key, sample);
    return plain(createCipheriv(`aes-${key.length * 8}-ecb`, key, NO_BYTES).update(sample));
  },
};

const opensslName = (cipher: SealCipher, key: Uint8Array): string =>
  cipher === "chacha20-poly1305" ? cipher : `aes-${key.length * 8}-${cipher.slice(4, 7)}`;

/**
 * HMAC (RFC 2104 §2) of two digests in one call each: half the cost of an object of Node's for the short messages that
 * keys are derived from.
 */
function mac(algorithm: MacHash, key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = algorithm === "sha384" ? 128 : 64;
  if (key.length > block) return plain(createHmac(algorithm, key).update(message).digest());
  const inside = new Uint8Array(block + message.length).fill(0x36, 0, block);
  for (let i = 0; i < key.length; i++) inside[i] = 0x36 ^ (key[i] as number);
  inside.set(message, block);
  const digest = hash(algorithm, inside, "buffer");
  const outside = new Uint8Array(block + digest.length).fill(0x5c, 0, block);
  for (let i = 0; i < key.length; i++) outside[i] = 0x5c ^ (key[i] as number);
  outside.set(digest, block);
  return plain(hash(algorithm, outside, "buffer"));
}
