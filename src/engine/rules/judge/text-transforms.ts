const COLON = 0x3a;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** What C's `isspace` takes for white space: blank, tab, line feed, vertical tab, form feed, carriage return. */
const isSpace = (byte: number): boolean => byte === SPACE || (byte >= 9 && byte <= 13);
const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

export function stripWhitespace(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => !isSpace(byte));
}

/** Of several blanks the first one stays. */
export function compressWhitespace(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !isSpace(byte) || at === 0 || !isSpace(bytes[at - 1] as number));
}

export function toLower(bytes: Uint8Array): Uint8Array {
  return bytes.map(lower);
}

export function toUpper(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte & 0xdf : byte));
}

/** Lower case for what stands before the colon of each line; values stay. */
export function lowerHeaderNames(bytes: Uint8Array): Uint8Array {
  let inName = true;
  return bytes.map((byte) => {
    if (byte === COLON) inName = false;
    else if (byte === NEWLINE) inName = true;
    return inName ? lower(byte) : byte;
  });
}

/** Leaves out lines that begin with a colon: pseudo headers of HTTP/2 (RFC 9113 §8.3). */
export function stripPseudoHeaders(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    if (bytes[at] !== COLON) {
      out.set(bytes.subarray(at, end), size);
      size += end - at;
    }
    at = end;
  }
  return out.subarray(0, size);
}

/** `%XX` and `+`; a per cent sign that no two hexadecimal digits follow stays. */
export function decodeUrl(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const high = byte === 0x25 ? digit(bytes[at + 1]) : -1;
    const low = high >= 0 ? digit(bytes[at + 2]) : -1;
    if (low >= 0) {
      out[size++] = high * 16 + low;
      at += 2;
    } else out[size++] = byte === 0x2b ? SPACE : byte;
  }
  return out.subarray(0, size);
}

/** The key is repeated as often as it takes. An empty one changes nothing. */
export function xor(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length === 0) return bytes;
  return bytes.map((byte, at) => byte ^ (key[at % key.length] as number));
}

function digit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
