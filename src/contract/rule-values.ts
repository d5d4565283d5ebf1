import type { RuleTap } from "./inspector.ts";
import type { Side } from "./parser.ts";

/**
 * Gives rules a text as the value of a word, when some rule wants it: in UTF-8, or with a byte for each character when
 * it was read so. For values that a parser has as texts already; bytes as they came are better given themselves.
 */
export function giveText(
  rules: RuleTap | undefined,
  word: string,
  side: Side,
  txId: number,
  text: string | undefined,
  latin1 = false,
): void {
  if (rules === undefined || text === undefined || !rules.wants(word)) return;
  const bytes = latin1 ? latin1Bytes(text) : utf8Bytes(text);
  rules.value(word, side, txId, bytes, 0, bytes.length);
}

export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function utf8Bytes(text: string): Uint8Array {
  const plain = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return encoded(text);
    plain[i] = code;
  }
  return plain;
}

function encoded(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of text) {
    const code = letter.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}
