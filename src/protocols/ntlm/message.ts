import { latin1 } from "#base/bytes.ts";
import { utf16Text } from "#base/utf16-text.ts";

/** NTLMSSP messages (MS-NLMP §2.2.1), offsets from the signature. */
const TYPE = 8;
const CHALLENGE_TARGET = 12;
const CHALLENGE_FLAGS = 20;
const CHALLENGE_TARGET_INFO = 40;
const CHALLENGE_VERSION = 48;
const NEGOTIATE_FLAGS = 12;
const NEGOTIATE_DOMAIN = 16;
const NEGOTIATE_HOST = 24;
const NEGOTIATE_VERSION = 32;
const DOMAIN = 28;
const USER = 36;
const HOST = 44;
const AUTHENTICATE_FLAGS = 60;
const AUTHENTICATE_VERSION = 64;
/** Least bytes of a message of each type. */
const LEAST_BYTES = [0, 16, 32, 52] as const;

const UNICODE = 0x1;
const HAS_VERSION = 0x0200_0000;

/** Longest name that is told, bytes. */
const nameBytesMax = 512;
/** Bytes that are searched for a signature: tokens of SPNEGO begin with a short list of mechanisms. */
const searchBytesMax = 4096;
const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00] as const;

export const MessageType = { negotiate: 1, challenge: 2, authenticate: 3 } as const;

/** What a message says; the response to the challenge, from which a password can be guessed, is not told. */
export interface NtlmMessage {
  readonly type: 1 | 2 | 3;
  /** Domain of the user; name of the target in a challenge. */
  readonly domain: string;
  readonly user: string;
  /** Workstation of the client. */
  readonly host: string;
  /** `10.0 build 17763 rev 15`. */
  readonly version: string | undefined;
  /** DNS name of the server's computer, in a challenge. */
  readonly dnsComputer: string | undefined;
  /** DNS name of the server's domain, in a challenge. */
  readonly dnsDomain: string | undefined;
}

/** Where a message begins in a token, bare or inside SPNEGO; -1 when there is none. */
export function findMessage(bytes: Uint8Array, from: number, to: number): number {
  const last = Math.min(to - SIGNATURE.length - 4, from + searchBytesMax);
  for (let at = bytes.indexOf(0x4e, from); at >= 0 && at <= last; at = bytes.indexOf(0x4e, at + 1)) {
    let same = 1;
    while (same < SIGNATURE.length && bytes[at + same] === SIGNATURE[same]) same++;
    if (same === SIGNATURE.length) return at;
  }
  return -1;
}

/** Reads the message at `at`, where a signature stands; `undefined` when it is none. */
export function readMessage(bytes: Uint8Array, view: DataView, at: number, end: number): NtlmMessage | undefined {
  if (end - at < TYPE + 4) return undefined;
  const type = view.getUint32(at + TYPE, true);
  if ((type !== 1 && type !== 2 && type !== 3) || end - at < LEAST_BYTES[type]) return undefined;
  const message = { type, domain: "", user: "", host: "", version: undefined, dnsComputer: undefined, dnsDomain: undefined } as const;
  if (type === MessageType.negotiate) {
    const flags = view.getUint32(at + NEGOTIATE_FLAGS, true);
    // Names of the first message are always in the OEM character set (§2.2.1.1).
    const name = (offset: number) => (end - at >= offset + 8 ? field(bytes, view, at, end, offset, false) : "");
    return {
      ...message,
      domain: name(NEGOTIATE_DOMAIN),
      host: name(NEGOTIATE_HOST),
      version: version(view, at, end, NEGOTIATE_VERSION, flags),
    };
  }
  if (type === MessageType.challenge) return readChallenge(bytes, view, at, end, message);
  const flags = end - at >= AUTHENTICATE_FLAGS + 4 ? view.getUint32(at + AUTHENTICATE_FLAGS, true) : UNICODE;
  const wide = (flags & UNICODE) !== 0;
  return {
    ...message,
    domain: field(bytes, view, at, end, DOMAIN, wide),
    user: field(bytes, view, at, end, USER, wide),
    host: field(bytes, view, at, end, HOST, wide),
    version: version(view, at, end, AUTHENTICATE_VERSION, flags),
  };
}

function readChallenge(bytes: Uint8Array, view: DataView, at: number, end: number, message: NtlmMessage): NtlmMessage {
  const flags = view.getUint32(at + CHALLENGE_FLAGS, true);
  const wide = (flags & UNICODE) !== 0;
  let dnsComputer: string | undefined;
  let dnsDomain: string | undefined;
  if (end - at >= CHALLENGE_TARGET_INFO + 8) {
    let i = at + view.getUint32(at + CHALLENGE_TARGET_INFO + 4, true);
    const stop = Math.min(end, i + view.getUint16(at + CHALLENGE_TARGET_INFO, true));
    // Pairs of a number and a text (§2.2.2.1), the last has number 0.
    while (i + 4 <= stop) {
      const id = view.getUint16(i, true);
      const next = i + 4 + view.getUint16(i + 2, true);
      if (id === 0 || next > stop) break;
      if (id === 3) dnsComputer = utf16Text(bytes, i + 4, Math.min(next, i + 4 + nameBytesMax));
      else if (id === 4) dnsDomain = utf16Text(bytes, i + 4, Math.min(next, i + 4 + nameBytesMax));
      i = next;
    }
  }
  return {
    ...message,
    domain: field(bytes, view, at, end, CHALLENGE_TARGET, wide),
    version: version(view, at, end, CHALLENGE_VERSION, flags),
    dnsComputer,
    dnsDomain,
  };
}

/** A name that a descriptor (length, room, offset) points at. */
function field(bytes: Uint8Array, view: DataView, at: number, end: number, descriptor: number, wide: boolean): string {
  const length = Math.min(view.getUint16(at + descriptor, true), nameBytesMax);
  const start = at + view.getUint32(at + descriptor + 4, true);
  if (length === 0 || start + length > end) return "";
  return wide ? utf16Text(bytes, start, start + length) : latin1(bytes, start, start + length);
}

function version(view: DataView, at: number, end: number, offset: number, flags: number): string | undefined {
  if ((flags & HAS_VERSION) === 0 || end - at < offset + 8) return undefined;
  const i = at + offset;
  return `${view.getUint8(i)}.${view.getUint8(i + 1)} build ${view.getUint16(i + 2, true)} rev ${view.getUint8(i + 7)}`;
}
