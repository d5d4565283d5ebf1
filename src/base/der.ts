/** Tags of ASN.1 (X.690 §8), with class and constructed bit; the last two are of certificates. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/**
 * Steps over the elements of one level of a DER structure. It never steps down by itself, so depth is what the caller
 * writes, and never believes a length that leaves the level: after `next` says true, `start..stop` lies inside it.
 */
export class DerCursor {
  readonly bytes: Uint8Array;
  /** Where the next element begins. */
  at: number;
  readonly end: number;
  /** Tag of the current element; 0 before the first. */
  tag = 0;
  /** First byte of the current element with its header. */
  header = 0;
  /** Content of the current element. */
  start = 0;
  stop = 0;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  /** Moves to the next element; false at the end of the level or when the bytes are no element of it. */
  next(): boolean {
    const { bytes, at, end } = this;
    if (at + 2 > end) return false;
    const tag = bytes[at] as number;
    // What is read here (certificates, LDAP, Kerberos, SNMP) has no tags above 30 and no indefinite lengths.
    if ((tag & 0x1f) === 0x1f) return false;
    let length = bytes[at + 1] as number;
    let start = at + 2;
    if (length >= 0x80) {
      const lengthBytes = length & 0x7f;
      if (lengthBytes === 0 || lengthBytes > 4 || start + lengthBytes > end) return false;
      length = 0;
      for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[start + i] as number);
      start += lengthBytes;
    }
    if (length > end - start) return false;
    this.tag = tag;
    this.header = at;
    this.start = start;
    this.stop = start + length;
    this.at = this.stop;
    return true;
  }

  /** Moves to the next element when it has this tag; otherwise stays. */
  nextIs(tag: number): boolean {
    return this.at < this.end && this.bytes[this.at] === tag && this.next();
  }

  /** The current element as an integer (X.690 §8.3); `undefined` when it has no bytes or more than six. */
  integer(): number | undefined {
    const length = this.stop - this.start;
    if (length < 1 || length > 6) return undefined;
    let value = ((this.bytes[this.start] as number) << 24) >> 24;
    for (let i = this.start + 1; i < this.stop; i++) value = value * 256 + (this.bytes[i] as number);
    return value;
  }

  /** A cursor over the content of the current element. */
  inside(): DerCursor {
    return new DerCursor(this.bytes, this.start, this.stop);
  }
}

/** Answer of `elementBytes` when these bytes begin no element. */
export const NO_ELEMENT = -1;

/**
 * Bytes of the element that begins at `at`, header included, though it may reach beyond `end`: for messages of a
 * stream. 0 when its header is not there in full.
 */
export function elementBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return 0;
  if (((bytes[at] as number) & 0x1f) === 0x1f) return NO_ELEMENT;
  const first = bytes[at + 1] as number;
  if (first < 0x80) return 2 + first;
  const lengthBytes = first & 0x7f;
  if (lengthBytes === 0 || lengthBytes > 4) return NO_ELEMENT;
  if (end - at < 2 + lengthBytes) return 0;
  let length = 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 2 + i] as number);
  return 2 + lengthBytes + length;
}

/** Dotted text of an object identifier, `2.5.4.3`; at most 32 arcs. */
export function oidText(bytes: Uint8Array, start: number, stop: number): string {
  let text = "";
  let value = 0;
  let arcs = 0;
  for (let i = start; i < stop && arcs < 32; i++) {
    const byte = bytes[i] as number;
    // Beyond 2^46 the next step could leave the integers; such arcs exist only to do harm.
    value = (value < 2 ** 46 ? value * 128 : 0) + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs === 0) text = value < 80 ? `${Math.floor(value / 40)}.${value % 40}` : `2.${value - 80}`;
    else text += `.${value}`;
    value = 0;
    arcs++;
  }
  return text;
}
