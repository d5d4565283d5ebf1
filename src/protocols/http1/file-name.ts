import { looseText } from "#base/loose-text.ts";

/** Longest name of a file that is told. */
export const fileNameBytesMax = 1024;

/** Name in a Content-Disposition (RFC 6266, RFC 7578 §4.2), `filename*` before `filename`; `undefined` without one. */
export function dispositionName(disposition: string | undefined): string | undefined {
  if (disposition === undefined) return undefined;
  const extended = /(?:^|[;\s])filename\*\s*=\s*(?:UTF-8|ISO-8859-1)'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  if (extended !== undefined) return percentDecoded(extended);
  const match = /(?:^|[;\s])filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/i.exec(disposition);
  if (match === null) return undefined;
  const name = match[1]?.replaceAll('\\"', '"') ?? (match[2] ?? "").trim();
  return name.slice(0, fileNameBytesMax);
}

/** Path of a request's target without authority and query, its escapes undone. */
export function targetName(target: string): string {
  let from = 0;
  const scheme = target.indexOf("://");
  if (scheme > 0 && scheme <= 8) {
    from = target.indexOf("/", scheme + 3);
    if (from < 0) return "/";
  }
  const query = target.indexOf("?", from);
  const fragment = target.indexOf("#", from);
  const to = Math.min(query < 0 ? target.length : query, fragment < 0 ? target.length : fragment, from + fileNameBytesMax);
  const path = target.slice(from, to);
  return path.includes("%") ? percentDecoded(path) : path;
}

/** `%41` becomes `A`; what is no escape stays. */
function percentDecoded(text: string): string {
  const bytes = new Uint8Array(Math.min(text.length, fileNameBytesMax) * 3);
  let length = 0;
  for (let i = 0; i < text.length && i < fileNameBytesMax; i++) {
    const hex = text[i] === "%" ? text.slice(i + 1, i + 3) : "";
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else length = putCharacter(bytes, length, text.charCodeAt(i));
  }
  return looseText(bytes, 0, length);
}

/** UTF-8 of a code unit; halves of pairs become question marks. */
function putCharacter(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) bytes[at++] = code;
  else if (code < 0x800) {
    bytes[at++] = 0xc0 | (code >> 6);
    bytes[at++] = 0x80 | (code & 0x3f);
  } else if (code >= 0xd800 && code < 0xe000) bytes[at++] = 0x3f;
  else {
    bytes[at++] = 0xe0 | (code >> 12);
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}
