import { fromHex } from "#base/bytes.ts";

/** How the packets of a version are built. */
export const Dialect = {
  /** Long headers as in RFC 9000, Initial packets encrypted with keys that everybody can derive. */
  ietf: 0,
  /** The same with the packet types of RFC 9369. */
  version2: 1,
  /** Google's frames, and in Q050 its own handshake, inside encrypted Initial packets (Q050, T050, T051). */
  googleSealed: 2,
  /** Google's handshake in the clear, behind a long header (Q044 to Q046). */
  googleLong: 3,
  /** Google's handshake in the clear, behind the public header (up to Q043). */
  googlePublic: 4,
  unknown: 5,
} as const;
export type Dialect = (typeof Dialect)[keyof typeof Dialect];

export const VERSION_1 = 1;
export const VERSION_2 = 0x6b3343cf;
const T050 = 0x54303530;
const T051 = 0x54303531;
/** `Q0` in the upper half of the word. */
const GOOGLE = 0x5130;
/** The first draft with connection identifiers of any length, and the last. */
const DRAFT_FIRST = 0xff000016;
const DRAFT_LAST = 0xff000022;

/** Versions that clients send so that servers learn to negotiate (RFC 9000 §15). */
export const isReserved = (version: number): boolean => (version & 0x0f0f0f0f) === 0x0a0a0a0a;

/** Number of a version of Google QUIC, 43 for `Q043`; 0 when it is none. */
export function googleNumber(version: number): number {
  if (version >>> 16 !== GOOGLE) return 0;
  const tens = ((version >>> 8) & 0xff) - 0x30;
  const ones = (version & 0xff) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 0;
}

export function dialectOf(version: number): Dialect {
  if (version === VERSION_1 || (version >= DRAFT_FIRST && version <= DRAFT_LAST)) return Dialect.ietf;
  if (version === VERSION_2) return Dialect.version2;
  if (version === T050 || version === T051) return Dialect.googleSealed;
  const google = googleNumber(version);
  if (google > 0) return google >= 50 ? Dialect.googleSealed : google >= 44 ? Dialect.googleLong : Dialect.googlePublic;
  return saltOf(version) === undefined ? Dialect.unknown : Dialect.ietf;
}

/** Salt of the Initial secret (RFC 9001 §5.2, RFC 9369 §3.3.1, the drafts of both). */
export function saltOf(version: number): Uint8Array | undefined {
  if (version >= DRAFT_FIRST && version <= DRAFT_LAST) return draftSalt(version & 0xff);
  // A reserved version has no keys of its own; implementations use those of the version that they would speak.
  return SALTS[version] ?? (isReserved(version) ? SALT_1 : undefined);
}

const draftSalt = (draft: number): Uint8Array => (draft >= 33 ? SALT_1 : draft >= 29 ? SALT_29 : draft >= 23 ? SALT_23 : SALT_22);

const SALT_1 = fromHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
const SALT_22 = fromHex("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a");
const SALT_23 = fromHex("c3eef712c72ebb5a11a7d2432bb46365bef9f502");
const SALT_29 = fromHex("afbfec289993d24c9e9786f19c6111e04390a899");

const SALTS: { readonly [version: number]: Uint8Array } = {
  [VERSION_1]: SALT_1,
  [VERSION_2]: fromHex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
  // Q050, T050 and T051 of Google.
  1362113840: fromHex("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45"),
  1412445488: fromHex("7ff579e5acd072915580304c43a2367c60488310"),
  1412445489: fromHex("7a4edef4e7ccee5fa4506c19124fc8ccda6e033d"),
  // Facebook's mvfst.
  4207849473: SALT_22,
  4207849474: SALT_23,
  4207849486: SALT_23,
  4207849487: SALT_23,
  4207849488: SALT_23,
  4207849489: SALT_23,
};

/** The version as Suricata's EVE writes it. */
export function versionText(version: number): string {
  if (version === VERSION_2) return "v2";
  const google = googleNumber(version);
  return (google >= 43 && google <= 46) || google === 39 ? letters(version) : version.toString(16);
}

/** The version as people name it: `v1`, `draft-29`, `Q050`; `undefined` when it has no name. */
export function versionName(version: number): string | undefined {
  if (version === VERSION_1) return "v1";
  if (version === VERSION_2) return "v2";
  if (version >= 0xff000001 && version <= DRAFT_LAST) return `draft-${version & 0xff}`;
  if (googleNumber(version) > 0 || version === T050 || version === T051) return letters(version);
  if (version >>> 8 === 0xfaceb0) return "mvfst";
  return isReserved(version) ? "reserved" : undefined;
}

const letters = (version: number): string =>
  String.fromCharCode(version >>> 24, (version >>> 16) & 0xff, (version >>> 8) & 0xff, version & 0xff);
