import { type ClientHello, emptyHello } from "./client-hello.ts";
import { knownVersion } from "./records.ts";

/**
 * The hello of SSL 2.0, in which clients up to about 2010 also offered TLS (RFC 5246 E.2): two bytes of length with the
 * high bit set, type, version, three lengths, ciphers of three bytes each, session id, challenge.
 */
const TYPE = 2;
const VERSION = 3;
const CIPHER_BYTES = 5;
const SESSION_BYTES = 7;
const CHALLENGE_BYTES = 9;
export const SSL2_FIXED_BYTES = 11;
/** Length in the first two bytes does not count them. */
const LENGTH_BYTES = 2;
const CIPHERS_MAX = 200;

/** Bytes of the whole hello when all that is fixed in it is right; 0 when this is no such hello. Needs the fixed part. */
export function ssl2HelloBytes(view: DataView, at: number): number {
  if ((view.getUint8(at) & 0x80) === 0 || view.getUint8(at + TYPE) !== 1) return 0;
  const version = view.getUint16(at + VERSION);
  if (version !== 0x0002 && !knownVersion(version)) return 0;
  const ciphers = view.getUint16(at + CIPHER_BYTES);
  const session = view.getUint16(at + SESSION_BYTES);
  const challenge = view.getUint16(at + CHALLENGE_BYTES);
  if (ciphers === 0 || ciphers % 3 !== 0 || ciphers > CIPHERS_MAX * 3) return 0;
  if ((session !== 0 && session !== 16) || challenge < 16 || challenge > 32) return 0;
  const bytes = (view.getUint16(at) & 0x7fff) + LENGTH_BYTES;
  return bytes === SSL2_FIXED_BYTES + ciphers + session + challenge ? bytes : 0;
}

/** True when a server's hello of SSL 2.0 begins here: type 4, certificate type 1, version 2. Needs seven bytes. */
export const isSsl2ServerHello = (view: DataView, at: number): boolean =>
  (view.getUint8(at) & 0x80) !== 0 && view.getUint8(at + TYPE) === 4 && view.getUint16(at + 5) === 0x0002;

/** Reads a hello that `ssl2HelloBytes` has approved, all of it present. Ciphers of SSL 2.0 itself are left out. */
export function parseSsl2Hello(view: DataView, at: number): ClientHello {
  const hello = emptyHello(view.getUint16(at + VERSION));
  const start = at + SSL2_FIXED_BYTES;
  const stop = start + view.getUint16(at + CIPHER_BYTES);
  for (let i = start; i < stop; i += 3) if (view.getUint8(i) === 0) hello.ciphers.push(view.getUint16(i + 1));
  return hello;
}
