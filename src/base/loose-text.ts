import { latin1, toHex } from "./bytes.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Text of bytes that people usually fill with text: as it stands when it is UTF-8, otherwise with `\xc5` for each byte
 * from 0x80 on (as Suricata does). Control characters stay; JSON escapes them.
 */
export function looseText(bytes: Uint8Array, from: number, to: number): string {
  for (let i = from; i < to; i++) if ((bytes[i] as number) >= 0x80) return wideText(bytes, from, to);
  return latin1(bytes, from, to);
}

function wideText(bytes: Uint8Array, from: number, to: number): string {
  return decodeUtf8(bytes, from, to) ?? escaped(bytes, from, to);
}

/** UTF-8 of a text whose characters are bytes; the text itself when it is no UTF-8. */
export function utf8Text(text: string): string {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) < 0x80) i++;
  if (i === text.length) return text;
  let percents = "";
  for (i = 0; i < text.length; i++) percents += PERCENTS[text.charCodeAt(i)] ?? "";
  return decoded(percents) ?? text;
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
