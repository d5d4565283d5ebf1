import { latin1, toHex } from "./bytes.ts";

/**
 * Text of bytes that people usually fill with text: as it stands when it is UTF-8, otherwise with `\xc5` for each byte
 * from 0x80 on (as Suricata does). Control characters stay; JSON escapes them.
 */
export function looseText(bytes: Uint8Array, from: number, to: number): string {
  for (let i = from; i < to; i++) if ((bytes[i] as number) >= 0x80) return wideText(bytes, from, to);
  return latin1(bytes, from, to);
}

function wideText(bytes: Uint8Array, from: number, to: number): string {
  let percents = "";
  for (let i = from; i < to; i++) percents += `%${toHex(bytes, i, i + 1)}`;
  return decoded(percents) ?? escaped(bytes, from, to);
}

/** UTF-8 of a text whose characters are bytes; the text itself when it is no UTF-8. */
export function utf8Text(text: string): string {
  let percents = "";
  let wide = false;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    wide ||= byte >= 0x80;
    percents += PERCENTS[byte] ?? "";
  }
  return wide ? (decoded(percents) ?? text) : text;
}

const PERCENTS: readonly string[] = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, "0")}`);

function decoded(percents: string): string | undefined {
  try {
    return decodeURIComponent(percents);
  } catch {
    return undefined;
  }
}

function escaped(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${toHex(bytes, i, i + 1)}`;
  }
  return text;
}
