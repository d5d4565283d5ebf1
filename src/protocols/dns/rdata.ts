import { ipv4Text, ipv6FullText } from "#base/address.ts";
import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { NameReader } from "./name-reader.ts";
import { RecordType } from "./names.ts";
import { netbiosAddresses, netbiosStatus } from "./netbios.ts";
import {
  authorityText,
  delegationText,
  keyText,
  nextSecure3Text,
  nextSecureText,
  parameters3Text,
  signatureText,
  usageText,
} from "./rdata-security.ts";
import { serviceText } from "./rdata-service.ts";
import { addressPrefixes, hostInformation, locationText, naptrText, textAt, wellKnownServices } from "./rdata-text.ts";

/** Bytes of data without a meaning of its own (NULL, unknown types) that are told. */
export const rdataBytesMax = 4096;

/** What one record says: a text, or an object of its own for the types where Suricata has one. */
export interface RecordData {
  rdata?: string;
  soa?: { mname: string; rname: string; serial: number; refresh: number; retry: number; expire: number; minimum: number };
  srv?: { priority: number; weight: number; port: number; name: string };
  sshfp?: { fingerprint: string; algo: number; type: number };
  /** Preference of MX. */
  preference?: number;
  /** True when the data was longer than what is told. */
  rdata_truncated?: boolean;
}

type Names = NameReader;

/**
 * Reads the data of one record, `bytes[at..end)`, into `into`. Data that doesn't fit its type leaves `into` as it is
 * and returns false. TXT is told by the caller, since each of its strings is an entry.
 */
export function readData(
  type: number,
  netbios: boolean,
  names: Names,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  into: RecordData,
): boolean {
  const length = end - at;
  if (type === RecordType.a && length === 4) into.rdata = ipv4Text(view.getUint32(at));
  else if (type === RecordType.aaaa && length === 16)
    into.rdata = ipv6FullText(view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12));
  else if (type === RecordType.soa) return readAuthority(names, view, at, end, into);
  else if (type === RecordType.mx) return readExchange(names, view, at, end, into);
  else if (type === RecordType.srv && !netbios) return readService(names, view, at, end, into);
  else if (type === RecordType.sshfp) return readFingerprint(bytes, view, at, end, into);
  else if (type === RecordType.null) return readOpaque(looseText, bytes, at, end, into);
  else {
    const text = netbios ? netbiosData(type, bytes, view, at, end) : presentation(type, names, bytes, view, at, end);
    if (text === undefined) return readOpaque(toHex, bytes, at, end, into) && type !== RecordType.a && type !== RecordType.aaaa;
    into.rdata = text;
  }
  return true;
}

const netbiosData = (type: number, bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined =>
  type === RecordType.netbiosName
    ? netbiosAddresses(view, at, end)
    : type === RecordType.netbiosStatus
      ? netbiosStatus(bytes, view, at, end)
      : undefined;

/** Text of the data as a zone file writes it; `undefined` when the type is unknown or the data does not fit it. */
function presentation(type: number, names: Names, bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  switch (type) {
    case 2: // NS
    case 3: // MD
    case 4: // MF
    case 5: // CNAME
    case 7: // MB
    case 8: // MG
    case 9: // MR
    case 12: // PTR
    case 39: // DNAME
      return at < end ? names.read(at) : undefined;
    case 11:
      return wellKnownServices(bytes, view, at, end);
    case 13: // HINFO
    case 20: // ISDN
      return hostInformation(bytes, at, end);
    case 14: // MINFO
    case 17: // RP
      return twoNames(names, at, end);
    case 18: // AFSDB
    case 21: // RT
    case 36: // KX
    case 107: // LP
      return numberAndName(names, view, at, end);
    case 19: // X25
      return textAt(bytes, at, end);
    case 29:
      return locationText(view, at, end);
    case 35:
      return naptrText(names, bytes, view, at, end);
    case 42:
      return addressPrefixes(bytes, view, at, end);
    case 24: // SIG
    case 46: // RRSIG
      return signatureText(names, bytes, view, at, end);
    case 25: // KEY
    case 48: // DNSKEY
    case 60: // CDNSKEY
      return keyText(bytes, view, at, end);
    case 43: // DS
    case 59: // CDS
    case 32768: // TA
    case 32769: // DLV
      return delegationText(bytes, view, at, end);
    case 47:
      return nextSecureText(names, bytes, at, end);
    case 50:
      return nextSecure3Text(bytes, view, at, end);
    case 51:
      return parameters3Text(bytes, view, at, end);
    case 52: // TLSA
    case 53: // SMIMEA
      return usageText(bytes, view, at, end);
    case 64: // SVCB
    case 65: // HTTPS
      return serviceText(names, bytes, view, at, end);
    case 256: // URI
      return end - at >= 4 ? `${view.getUint16(at)} ${view.getUint16(at + 2)} "${looseText(bytes, at + 4, end)}"` : undefined;
    case 257:
      return authorityText(bytes, view, at, end);
    default:
      return undefined;
  }
}

function twoNames(names: Names, at: number, end: number): string | undefined {
  const first = at < end ? names.read(at) : undefined;
  const second = first !== undefined && names.next < end ? names.read(names.next) : undefined;
  return second === undefined ? undefined : `${first} ${second}`;
}

function numberAndName(names: Names, view: DataView, at: number, end: number): string | undefined {
  const name = at + 2 < end ? names.read(at + 2) : undefined;
  return name === undefined ? undefined : `${view.getUint16(at)} ${name}`;
}

/** RFC 1035 §3.3.13. */
function readAuthority(names: Names, view: DataView, at: number, end: number, into: RecordData): boolean {
  const mname = at < end ? names.read(at) : undefined;
  const rname = mname !== undefined && names.next < end ? names.read(names.next) : undefined;
  if (mname === undefined || rname === undefined || names.next + 20 > end) return false;
  const i = names.next;
  into.soa = {
    mname,
    rname,
    serial: view.getUint32(i),
    refresh: view.getUint32(i + 4),
    retry: view.getUint32(i + 8),
    expire: view.getUint32(i + 12),
    minimum: view.getUint32(i + 16),
  };
  return true;
}

/** RFC 1035 §3.3.9. */
function readExchange(names: Names, view: DataView, at: number, end: number, into: RecordData): boolean {
  const name = at + 2 < end ? names.read(at + 2) : undefined;
  if (name === undefined) return false;
  into.rdata = name;
  into.preference = view.getUint16(at);
  return true;
}

/** RFC 2782. */
function readService(names: Names, view: DataView, at: number, end: number, into: RecordData): boolean {
  const name = at + 6 < end ? names.read(at + 6) : undefined;
  if (name === undefined) return false;
  into.srv = { priority: view.getUint16(at), weight: view.getUint16(at + 2), port: view.getUint16(at + 4), name };
  return true;
}

/** RFC 4255 §3.1. */
function readFingerprint(bytes: Uint8Array, view: DataView, at: number, end: number, into: RecordData): boolean {
  if (end - at < 3 || end - at > rdataBytesMax) return false;
  const fingerprint = toHex(bytes, at + 2, end).replace(/(..)(?=.)/g, "$1:");
  into.sshfp = { fingerprint, algo: view.getUint8(at), type: view.getUint8(at + 1) };
  return true;
}

function readOpaque(
  toText: (bytes: Uint8Array, from: number, to: number) => string,
  bytes: Uint8Array,
  at: number,
  end: number,
  into: RecordData,
): boolean {
  if (end - at > rdataBytesMax) into.rdata_truncated = true;
  into.rdata = toText(bytes, at, Math.min(end, at + rdataBytesMax));
  return true;
}
