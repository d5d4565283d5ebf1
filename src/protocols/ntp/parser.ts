import { ipv4Text } from "#base/address.ts";
import { type ByteView, latin1, toHex } from "#base/bytes.ts";
import { Probe, type Side, type Transaction } from "#contract/parser.ts";

/** RFC 5905 §7.3. */
const STRATUM = 1;
const POLL = 2;
const PRECISION = 3;
const ROOT_DELAY = 4;
const ROOT_DISPERSION = 8;
const REFERENCE = 12;
const TRANSMIT = 40;
const HEADER_BYTES = 48;
/** A key's number and a digest, MD5 or SHA-1. */
const SIGNATURES = new Set([20, 24]);

const CONTROL = 6;
const PRIVATE = 7;
const CONTROL_BYTES = 12;
const PRIVATE_BYTES = 8;
/** From the era's beginning, 1900 or 2036, to 1970. */
const SECONDS_TO_1970 = 2_208_988_800;

const versionOf = (first: number): number => (first >> 3) & 7;

/** On the usual port a known mode of sufficient length; elsewhere only what a client or a server with sane values sends. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  const length = end - at;
  const first = bytes[at] as number;
  const mode = first & 7;
  if (length < PRIVATE_BYTES || mode === 0 || versionOf(first) === 0 || versionOf(first) > 4) return Probe.no;
  if (usualPort) {
    if (mode === CONTROL) return length >= CONTROL_BYTES ? Probe.yes : Probe.no;
    return mode === PRIVATE || (length >= HEADER_BYTES && (bytes[at + STRATUM] as number) <= 16) ? Probe.yes : Probe.no;
  }
  if (length !== HEADER_BYTES || (mode !== 3 && mode !== 4) || versionOf(first) < 3) return Probe.no;
  const precision = view.getInt8(at + PRECISION);
  const sane = (bytes[at + STRATUM] as number) <= 15 && (bytes[at + POLL] as number) <= 17 && precision <= 0 && precision >= -32;
  return sane && view.getUint32(at + ROOT_DELAY) < 0x100000 && view.getUint32(at + ROOT_DISPERSION) < 0x100000 ? Probe.maybe : Probe.no;
}

export function read(window: ByteView): Transaction | undefined {
  const { bytes, view, at, end } = window;
  const length = end - at;
  if (length < PRIVATE_BYTES) return undefined;
  const first = bytes[at] as number;
  const mode = first & 7;
  const fields: Transaction = { version: versionOf(first), mode };
  if (mode === CONTROL) {
    // Response, error, more, operation; number; status … (RFC 9327 §2)
    fields["op_code"] = (bytes[at + 1] as number) & 0x1f;
    fields["response"] = ((bytes[at + 1] as number) & 0x80) !== 0;
    if (((bytes[at + 1] as number) & 0x40) !== 0) fields["status"] = bytes[at + 4];
  } else if (mode === PRIVATE) {
    // Response, more; sequence; implementation; request; error and number of items.
    fields["response"] = (first & 0x80) !== 0;
    fields["req_code"] = bytes[at + 3];
    if ((first & 0x80) !== 0) fields["status"] = view.getUint16(at + 4) >> 12;
  } else if (length < HEADER_BYTES) return undefined;
  else clock(fields, window);
  return fields;
}

function clock(fields: Transaction, { bytes, view, at, end }: ByteView): void {
  const stratum = bytes[at + STRATUM] as number;
  fields["stratum"] = stratum;
  fields["reference_id"] = (toHex(bytes, at + REFERENCE, at + REFERENCE + 4).match(/../g) ?? []).join(":");
  if (view.getUint32(at + REFERENCE) !== 0)
    fields["ref_id"] = stratum <= 1 ? clockName(bytes, at + REFERENCE) : ipv4Text(view.getUint32(at + REFERENCE));
  fields["leap"] = (bytes[at] as number) >> 6;
  fields["poll"] = 2 ** Math.max(-32, Math.min(32, view.getInt8(at + POLL)));
  fields["precision"] = 2 ** view.getInt8(at + PRECISION);
  fields["root_delay"] = rounded(view.getInt32(at + ROOT_DELAY) / 65_536);
  fields["root_disp"] = rounded(view.getUint32(at + ROOT_DISPERSION) / 65_536);
  const seconds = view.getUint32(at + TRANSMIT);
  // Times before 1968 are of the era that begins in 2036 (RFC 5905 §6).
  const era = seconds < 0x80000000 ? 2 ** 32 : 0;
  if (seconds !== 0) fields["xmt_time"] = rounded(seconds + era - SECONDS_TO_1970 + view.getUint32(at + TRANSMIT + 4) / 2 ** 32);
  if (SIGNATURES.has(end - at - HEADER_BYTES)) fields["key_id"] = view.getUint32(at + HEADER_BYTES);
}

/** Microseconds are exact enough. */
const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** Up to four letters, zero-padded. */
const clockName = (bytes: Uint8Array, at: number): string => latin1(bytes, at, at + 4).replace(/\0+$/, "");
