import type { ByteView } from "#base/bytes.ts";

/** Codes in the place of a version (PostgreSQL "Message Formats": SSLRequest, GSSENCRequest, CancelRequest). */
export const Startup = { version3: 3, cancel: 80_877_102, ssl: 80_877_103, gssenc: 80_877_104 } as const;
/** The server takes no longer start. */
export const startupBytesMax = 10_000;
/** Longest message that counts as one, bytes; the server's limit is 1 GiB. */
const messageBytesMax = 0x4000_0000;

/** Message types of either side, as letters. */
const CLIENT_TYPES = "BCDEFHPQSXcdfp";
const SERVER_TYPES = "123ACDEGHIKNRSTVWZcdnstv";

export const knownType = (side: number, type: number): boolean =>
  (side === 0 ? CLIENT_TYPES : SERVER_TYPES).includes(String.fromCharCode(type));

/**
 * Length of the message with its type byte; 0 when the bytes do not say yet, -1 when there is none of `side` here.
 * Messages of fixed length are held to it.
 */
export function typedLength(side: number, { view, end }: ByteView, at: number): number {
  if (end <= at) return 0;
  const type = view.getUint8(at);
  if (!knownType(side, type)) return -1;
  if (end - at < 5) return 0;
  const length = view.getUint32(at + 1);
  if (length < 4 || length > messageBytesMax) return -1;
  const letter = String.fromCharCode(type);
  if (side === 0 ? "HSXc".includes(letter) && length !== 4 : "123Icnst".includes(letter) && letter !== "t" && length !== 4) return -1;
  if (side === 1 && letter === "Z" && length !== 5) return -1;
  return length + 1;
}

/** Fields of errors and notices (PostgreSQL "Error and Notice Message Fields"). */
export const ERROR_FIELDS: { readonly [letter: string]: string } = {
  S: "severity_localizable",
  V: "severity_non_localizable",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
  P: "position",
  p: "internal_position",
  q: "internal_query",
  W: "where",
  s: "schema_name",
  t: "table",
  c: "column",
  d: "data_type",
  n: "constraint",
  F: "file",
  L: "line",
  R: "routine",
};

/** What the authentication codes ask for or say. 5 and 12 have members of their own. */
export const AUTHENTICATION: { readonly [code: number]: string } = {
  0: "authentication_ok",
  2: "authentication_kerb5",
  3: "authentication_cleartext_password",
  6: "authentication_scm_credential",
  7: "authentication_gss",
  8: "authentication_gss_continue",
  9: "authentication_sspi",
  10: "authentication_sasl",
  11: "authentication_sasl_continue",
};

/** Names that are written otherwise in events. */
export const PARAMETER_NAMES: { readonly [name: string]: string } = {
  DateStyle: "date_style",
  IntervalStyle: "interval_style",
  TimeZone: "time_zone",
};

/** Messages of the extended query. */
export const STEPS: { readonly [letter: string]: string } = {
  P: "parse",
  B: "bind",
  D: "describe",
  E: "execute",
  C: "close",
  H: "flush",
  S: "sync",
};
