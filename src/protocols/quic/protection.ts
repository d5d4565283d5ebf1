import type { Ciphers, MacHash, SealCipher } from "#contract/platform.ts";
import { expandLabel, extract, nonceOf } from "#protocols/tls/hkdf.ts";
import { saltOf, VERSION_2 } from "./versions.ts";

/** Bytes behind the start of the packet number where the sample for header protection begins, and its length. */
const SAMPLE_AT = 4;
const SAMPLE_BYTES = 16;
const NONCE_BYTES = 12;

/** Keys of the packets of one side at one level. */
export interface PacketKeys {
  readonly cipher: SealCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly header: Uint8Array;
}

/** A packet's text and number. */
export interface OpenedPacket {
  readonly number: number;
  /** First byte without its protection. */
  readonly first: number;
  readonly text: Uint8Array;
}

/** Keys from a secret of TLS (RFC 9001 §5.1, RFC 9369 §3.3.2). `header` keeps the old key for header protection. */
export function packetKeys(
  ciphers: Ciphers,
  version: number,
  cipher: SealCipher,
  keyBytes: number,
  hash: MacHash,
  secret: Uint8Array,
  header?: Uint8Array,
): PacketKeys {
  const prefix = version === VERSION_2 ? "tls13 quicv2 " : "tls13 quic ";
  return {
    cipher,
    key: expandLabel(ciphers, hash, secret, `${prefix}key`, keyBytes),
    nonce: expandLabel(ciphers, hash, secret, `${prefix}iv`, NONCE_BYTES),
    header: header ?? expandLabel(ciphers, hash, secret, `${prefix}hp`, keyBytes),
  };
}

/**
 * Keys of the Initial packets, of the client and of the server: everybody can derive them who has seen the identifier
 * that the client made up for the server. `undefined` for versions whose salt is not known.
 */
export function initialKeys(ciphers: Ciphers, version: number, id: Uint8Array): readonly [PacketKeys, PacketKeys] | undefined {
  const salt = saltOf(version);
  if (salt === undefined) return undefined;
  const secret = extract(ciphers, "sha256", salt, id);
  // Both secrets first: what makes the codes keeps only the latest keys ready.
  const client = expandLabel(ciphers, "sha256", secret, "tls13 client in", 32);
  const server = expandLabel(ciphers, "sha256", secret, "tls13 server in", 32);
  return [packetKeys(ciphers, version, "aes-gcm", 16, "sha256", client), packetKeys(ciphers, version, "aes-gcm", 16, "sha256", server)];
}

/**
 * Takes the protection off the packet `bytes[at..end)`, whose number stands at `numberAt` (RFC 9001 §5). `expected` is
 * the number after the largest that was read. `undefined` when the keys do not fit.
 */
export function openPacket(
  ciphers: Ciphers,
  keys: PacketKeys,
  bytes: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
  expected: number,
): OpenedPacket | undefined {
  const sample = numberAt + SAMPLE_AT;
  if (sample + SAMPLE_BYTES > end) return undefined;
  const mask = ciphers.headerMask(keys.cipher, keys.header, bytes.subarray(sample, sample + SAMPLE_BYTES));
  const protectedFirst = bytes[at] as number;
  const first = protectedFirst ^ ((mask[0] as number) & ((protectedFirst & 0x80) === 0 ? 0x1f : 0x0f));
  const numberBytes = (first & 3) + 1;
  const header = bytes.slice(at, numberAt + numberBytes);
  header[0] = first;
  let truncated = 0;
  for (let i = 0; i < numberBytes; i++) {
    const byte = (header[numberAt - at + i] as number) ^ (mask[i + 1] as number);
    header[numberAt - at + i] = byte;
    truncated = truncated * 256 + byte;
  }
  const number = wholeNumber(truncated, numberBytes, expected);
  const nonce = nonceOf(keys.nonce, number);
  const text = ciphers.open(keys.cipher, keys.key, nonce, header, bytes.subarray(numberAt + numberBytes, end));
  return text === undefined ? undefined : { number, first, text };
}

/** The packet number whose last bytes are `truncated` and that is nearest to the expected one (RFC 9000 A.3). */
function wholeNumber(truncated: number, bytes: number, expected: number): number {
  const window = 2 ** (bytes * 8);
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}
