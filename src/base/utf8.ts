/** Text of UTF-8 bytes; `undefined` when they are not UTF-8 (RFC 3629: no surrogates, no overlong forms). */
export function decodeUtf8(bytes: Uint8Array, start: number, stop: number): string | undefined {
  let text = "";
  let i = start;
  while (i < stop) {
    const lead = bytes[i] as number;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      i++;
      continue;
    }
    const length = sequenceBytes(lead);
    if (length === 0 || i + length > stop) return undefined;
    const point = codePoint(bytes, i, length);
    if (point < 0) return undefined;
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
}

const sequenceBytes = (lead: number): number =>
  lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;

const SMALLEST = [0, 0, 0x80, 0x800, 0x10000] as const;

/** The code point of one sequence, -1 when it is malformed. */
function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] as number) & (0x7f >>> length);
  for (let k = 1; k < length; k++) {
    const byte = bytes[at + k] as number;
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (SMALLEST[length] as number) || point > 0x10ffff || surrogate ? -1 : point;
}
