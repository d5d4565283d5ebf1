import { ipv4Text, ipv6Text } from "#base/address.ts";
import { ByteCache } from "#base/byte-cache.ts";
import { latin1, toHex } from "#base/bytes.ts";
import { DerCursor, oidText, Tag } from "#base/der.ts";
import type { Platform } from "#contract/platform.ts";
import { timeText } from "./certificate-time.ts";
import { nameText } from "./distinguished-name.ts";

/** Alternative names of a certificate that are told. */
export const alternativeNamesMax = 512;
/** Bytes of each of them. */
export const alternativeNameBytesMax = 255;
const extensionsMax = 64;
const serialBytesMax = 64;

/** What a certificate says (RFC 5280 §4.1). Nothing is verified. */
export interface Certificate {
  /** SHA-1, `aa:bb:…`. */
  readonly fingerprint: string;
  serial: string | undefined;
  issuer: string | undefined;
  subject: string | undefined;
  notBefore: string | undefined;
  notAfter: string | undefined;
  /** The same two as µs since 1970 UTC; NaN when they are missing. */
  validFrom: number;
  validUntil: number;
  readonly alternativeNames: string[];
  keyType: string | undefined;
  keyBits: number | undefined;
  /** The first broken rule, as Suricata names it. */
  trouble: string | undefined;
}

/** A server sends the same certificate to every client; the flows of a thread take turns with what is remembered. */
const certificates = new ByteCache<Certificate>(512, 8192);

/**
 * Reads the certificate in `bytes[at..end)` as far as it is well formed: what comes behind the first broken element is
 * missing.
 */
export function readCertificate(bytes: Uint8Array, at: number, end: number, platform: Platform): Certificate {
  const known = certificates.find(bytes, at, end);
  if (known !== undefined) return known;
  const certificate = parseCertificate(bytes, at, end, platform);
  certificates.keep(bytes, at, end, certificate);
  return certificate;
}

function parseCertificate(bytes: Uint8Array, at: number, end: number, platform: Platform): Certificate {
  const certificate: Certificate = {
    fingerprint: colons(toHex(platform.digest("sha1", bytes, at, end))),
    serial: undefined,
    issuer: undefined,
    subject: undefined,
    notBefore: undefined,
    notAfter: undefined,
    validFrom: Number.NaN,
    validUntil: Number.NaN,
    alternativeNames: [],
    keyType: undefined,
    keyBits: undefined,
    trouble: undefined,
  };
  certificate.trouble = readBody(certificate, new DerCursor(bytes, at, end));
  return certificate;
}

/** Reads the fields in their order; answers with the first trouble. */
function readBody(into: Certificate, outer: DerCursor): string | undefined {
  if (!outer.nextIs(Tag.sequence)) return "CERTIFICATE_INVALID_DER";
  const signed = outer.inside();
  if (!signed.nextIs(Tag.sequence)) return "CERTIFICATE_INVALID_DER";
  const body = signed.inside();
  body.nextIs(Tag.version);
  if (!body.nextIs(Tag.integer)) return "CERTIFICATE_INVALID_SERIAL";
  into.serial = colons(toHex(body.bytes, body.start, Math.min(body.stop, body.start + serialBytesMax)).toUpperCase());
  if (!body.nextIs(Tag.sequence)) return "CERTIFICATE_INVALID_ALGORITHMIDENTIFIER";
  if (!body.nextIs(Tag.sequence)) return "CERTIFICATE_INVALID_X509NAME";
  into.issuer = nameText(body);
  const issuerTrouble = into.issuer === undefined ? "CERTIFICATE_INVALID_ISSUER" : undefined;
  if (!body.nextIs(Tag.sequence)) return issuerTrouble ?? "CERTIFICATE_INVALID_DATE";
  const dateTrouble = readValidity(into, body.inside());
  if (!body.nextIs(Tag.sequence)) return issuerTrouble ?? dateTrouble ?? "CERTIFICATE_INVALID_X509NAME";
  into.subject = nameText(body);
  const subjectTrouble = into.subject === undefined ? "CERTIFICATE_INVALID_SUBJECT" : undefined;
  const trouble = issuerTrouble ?? dateTrouble ?? subjectTrouble;
  if (!body.nextIs(Tag.sequence)) return trouble ?? "CERTIFICATE_INVALID_ALGORITHMIDENTIFIER";
  readKey(into, body.inside());
  while (body.next()) if (body.tag === Tag.extensions) readExtensions(into, body.inside());
  return trouble ?? (body.at === body.end ? undefined : "CERTIFICATE_INVALID_EXTENSIONS");
}

function readValidity(into: Certificate, validity: DerCursor): string | undefined {
  if (validity.next()) into.notBefore = timeText(validity);
  if (into.notBefore !== undefined && validity.next()) into.notAfter = timeText(validity);
  into.validFrom = Date.parse(`${into.notBefore}Z`) * 1000;
  into.validUntil = Date.parse(`${into.notAfter}Z`) * 1000;
  return into.notAfter === undefined ? "CERTIFICATE_INVALID_DATE" : undefined;
}

function readKey(into: Certificate, key: DerCursor): void {
  if (!key.nextIs(Tag.sequence)) return;
  const algorithm = key.inside();
  if (!algorithm.nextIs(Tag.oid)) return;
  const type = oidText(key.bytes, algorithm.start, algorithm.stop);
  into.keyType = KEY_TYPES[type] ?? type;
  if (into.keyType === "EC" && algorithm.nextIs(Tag.oid)) into.keyBits = CURVE_BITS[oidText(key.bytes, algorithm.start, algorithm.stop)];
  else if (into.keyType === "DSA" && algorithm.nextIs(Tag.sequence)) into.keyBits = firstIntegerBits(algorithm);
  else if (into.keyType === "RSA" && key.nextIs(Tag.bitString)) {
    // Behind the count of unused bits stands an RSAPublicKey (RFC 8017 A.1.1).
    const content = new DerCursor(key.bytes, key.start + 1, key.stop);
    if (content.nextIs(Tag.sequence)) into.keyBits = firstIntegerBits(content);
  }
}

function firstIntegerBits(sequence: DerCursor): number | undefined {
  const numbers = sequence.inside();
  if (!numbers.nextIs(Tag.integer)) return undefined;
  let at = numbers.start;
  while (at < numbers.stop && numbers.bytes[at] === 0) at++;
  return at === numbers.stop ? 0 : (numbers.stop - at) * 8 - Math.clz32(numbers.bytes[at] as number) + 24;
}

function readExtensions(into: Certificate, explicit: DerCursor): void {
  if (!explicit.nextIs(Tag.sequence)) return;
  const list = explicit.inside();
  for (let i = 0; i < extensionsMax && list.next(); i++) {
    const extension = list.inside();
    if (!extension.nextIs(Tag.oid)) continue;
    if (oidText(extension.bytes, extension.start, extension.stop) !== "2.5.29.17") continue;
    extension.nextIs(Tag.boolean);
    if (!extension.nextIs(Tag.octetString)) continue;
    const value = extension.inside();
    if (value.nextIs(Tag.sequence)) readAlternativeNames(into.alternativeNames, value.inside());
  }
}

/** GeneralNames (RFC 5280 §4.2.1.6): e-mail addresses, DNS names, URIs and addresses; the rest has no short text. */
function readAlternativeNames(into: string[], names: DerCursor): void {
  while (into.length < alternativeNamesMax && names.next()) {
    const { bytes, start, stop } = names;
    const kind = names.tag & 0x1f;
    if (kind === 1 || kind === 2 || kind === 6) into.push(latin1(bytes, start, Math.min(stop, start + alternativeNameBytesMax)));
    else if (kind === 7) into.push(addressText(bytes, start, stop));
  }
}

function addressText(bytes: Uint8Array, start: number, stop: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, stop - start);
  if (view.byteLength === 4) return ipv4Text(view.getUint32(0));
  if (view.byteLength === 16) return ipv6Text(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
  return toHex(bytes, start, Math.min(stop, start + alternativeNameBytesMax));
}

const colons = (hex: string): string => hex.replace(/..(?=.)/g, "$&:");

const KEY_TYPES: { readonly [oid: string]: string } = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.10045.2.1": "EC",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};

const CURVE_BITS: { readonly [oid: string]: number } = {
  "1.2.840.10045.3.1.1": 192,
  "1.3.132.0.33": 224,
  "1.2.840.10045.3.1.7": 256,
  "1.3.132.0.10": 256,
  "1.3.132.0.34": 384,
  "1.3.132.0.35": 521,
};
