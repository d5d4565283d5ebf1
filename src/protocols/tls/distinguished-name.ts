import { toHex } from "#base/bytes.ts";
import { type DerCursor, oidText, Tag } from "#base/der.ts";
import { decodeUtf8 } from "#base/utf8.ts";

/** Attributes of a name that are told. */
export const attributesMax = 64;
/** Bytes of an attribute's value that are told. */
export const attributeBytesMax = 1024;

/**
 * One-line text of a Name (RFC 5280 §4.1.2.4) as Suricata writes it: `C=US, O=Example, CN=www.example.com`, attributes
 * of one set joined by ` + `. `name` stands on the element. `undefined` when it is no name, or holds a zero byte, which
 * is there only to make readers see different names.
 */
export function nameText(name: DerCursor): string | undefined {
  if (name.tag !== Tag.sequence) return undefined;
  const sets = name.inside();
  let text = "";
  let attributes = 0;
  while (sets.next()) {
    if (sets.tag !== Tag.set) return undefined;
    const set = sets.inside();
    let separator = text === "" ? "" : ", ";
    while (set.next()) {
      if (++attributes > attributesMax) return text;
      const attribute = attributeText(set);
      if (attribute === undefined) return undefined;
      text += separator + attribute;
      separator = " + ";
    }
    if (set.at !== set.end) return undefined;
  }
  return sets.at === sets.end ? text : undefined;
}

function attributeText(element: DerCursor): string | undefined {
  if (element.tag !== Tag.sequence) return undefined;
  const pair = element.inside();
  if (!pair.nextIs(Tag.oid)) return undefined;
  const type = oidText(pair.bytes, pair.start, pair.stop);
  if (!pair.next()) return undefined;
  const value = valueText(pair);
  return value.includes("\0") ? undefined : `${ATTRIBUTES[type] ?? type}=${value}`;
}

/** Text of a string; anything else as hexadecimal digits. */
function valueText(value: DerCursor): string {
  const stop = Math.min(value.stop, value.start + attributeBytesMax);
  if (isText(value.tag)) {
    const text = decodeUtf8(value.bytes, value.start, stop);
    if (text !== undefined) return text;
  }
  if (value.tag === Tag.bmpString) return utf16Text(value.bytes, value.start, stop);
  return toHex(value.bytes, value.start, stop).toUpperCase();
}

const isText = (tag: number): boolean =>
  tag === Tag.utf8String ||
  tag === Tag.printableString ||
  tag === Tag.ia5String ||
  tag === Tag.numericString ||
  tag === Tag.visibleString ||
  // T.61 says otherwise, but who writes it means ASCII or UTF-8.
  tag === Tag.t61String;

/** BMPString: two bytes for each character. */
function utf16Text(bytes: Uint8Array, start: number, stop: number): string {
  let text = "";
  for (let i = start; i + 2 <= stop; i += 2) text += String.fromCharCode(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  return text.toWellFormed();
}

const ATTRIBUTES: { readonly [oid: string]: string } = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "streetAddress",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.13": "description",
  "2.5.4.15": "businessCategory",
  "2.5.4.16": "postalAddress",
  "2.5.4.17": "postalCode",
  "2.5.4.18": "postOfficeBox",
  "2.5.4.41": "name",
  "2.5.4.42": "givenName",
  "2.5.4.43": "initials",
  "2.5.4.44": "generationQualifier",
  "2.5.4.45": "x500UniqueIdentifier",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "Email",
  "1.2.840.113549.1.9.2": "unstructuredName",
  "1.2.840.113549.1.9.8": "unstructuredAddress",
  "1.3.6.1.4.1.311.60.2.1.1": "msJurisdictionLocality",
  "1.3.6.1.4.1.311.60.2.1.2": "msJurisdictionStateOrProvince",
  "1.3.6.1.4.1.311.60.2.1.3": "msJurisdictionCountry",
};
