import { utf8Text } from "#base/loose-text.ts";

/** What Windows-1252 has where ISO 8859-1 has control characters (0x80 to 0x9f). */
const WINDOWS_1252 = "€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ";
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Text whose characters are bytes, from Base64 (RFC 4648); what is no digit is left out. */
export function base64Text(text: string): string {
  let out = "";
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0) continue;
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += String.fromCharCode((held >>> bits) & 0xff);
  }
  return out;
}

const percentText = (text: string, mark: RegExp): string =>
  text.replace(mark, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

const fromWindows = (bytes: string): string =>
  bytes.replace(/[\x80-\x9f]/g, (letter) => WINDOWS_1252[letter.charCodeAt(0) - 0x80] as string);

/** Text without a charset: UTF-8 when it is, else what most programs mean. */
export const bareText = (bytes: string): string => fromWindows(utf8Text(bytes));

/** Text of bytes in a charset; `undefined` for charsets that are not known here. */
function inCharset(bytes: string, charset: string): string | undefined {
  switch (charset.toLowerCase().replace(/\*.*$/, "")) {
    case "utf-8":
    case "utf8":
    case "us-ascii":
    case "":
      return utf8Text(bytes);
    case "iso-8859-1":
    case "iso-8859-15":
    case "latin1":
    case "windows-1252":
    case "cp1252":
      return fromWindows(bytes);
    default:
      return undefined;
  }
}

const WORD = /=\?([^?\s]{1,40})\?([bq])\?([^?\s]{0,1024})\?=/gi;

/**
 * A header's value as people read it: RFC 2047's encoded words decoded, other bytes read as UTF-8 when they are.
 * Words in a charset that is not known stay as they are.
 */
export function readableValue(value: string): string {
  if (!value.includes("=?")) return bareText(value);
  // White space between two encoded words is not part of the text (§6.2). A character may be split between them.
  let out = "";
  let at = 0;
  let bytes = "";
  let charset: string | undefined;
  const close = (): void => {
    if (charset !== undefined) out += inCharset(bytes, charset) ?? "";
    bytes = "";
    charset = undefined;
  };
  for (const match of value.matchAll(WORD)) {
    const [all, set, coding, text] = match as unknown as [string, string, string, string];
    const between = value.slice(at, match.index);
    if (charset === undefined || between.trim() !== "" || charset !== set) {
      const joins = charset !== undefined && between.trim() === "";
      close();
      if (!joins) out += bareText(between);
    }
    at = match.index + all.length;
    const decoded = coding.toLowerCase() === "b" ? base64Text(text) : percentText(text.replaceAll("_", " "), /=([0-9a-f]{2})/gi);
    if (inCharset("", set) === undefined) {
      close();
      out += all;
      continue;
    }
    charset = set;
    bytes += decoded;
  }
  close();
  return out + bareText(value.slice(at));
}

/** RFC 2231: `utf-8''na%C3%AFve.txt`. */
export function extendedValue(value: string): string {
  const [, charset, text] = /^([^']{0,40})'[^']*'(.*)$/s.exec(value) ?? ["", "", value];
  const bytes = percentText(text, /%([0-9a-f]{2})/gi);
  return inCharset(bytes, charset) ?? bytes;
}
