import { latin1 } from "#base/bytes.ts";
import { HEADERS_WANTED, Header, HeaderNames, headerNameBytesMax } from "./header-names.ts";
import { CR, isBlank, LF, lenientLineEnd, lineEnd, SPACE } from "./lines.ts";
import { NameOrder } from "./name-order.ts";
import { isHttp } from "./start-line.ts";
import { TextCache } from "./text-cache.ts";
import type { Trouble } from "./troubles.ts";

/** Headers of one message that are read. */
export const headersMax = 256;
/** Names of one message that are told in their order. */
export const namesToldMax = 64;
/** Bytes of one line; longer ones are told cut. libhtp's limit. */
export const lineBytesMax = 18_000;
/** Bytes of one value that are told. */
export const valueBytesMax = 8192;

/** Codings of one message that are named, and bytes of each value that are looked at. */
const codingsMax = 8;
const codingBytesMax = 256;

const COLON = 0x3a;

/**
 * The head of a message: its first line and where the values of the wanted headers are. Valid until the next one is
 * read; the texts that are taken from it are the taker's.
 */
export class Head {
  /** First line, without its end. */
  lineFrom = 0;
  lineTo = 0;
  /** One past the empty line that ends it. */
  end = 0;
  trouble: Trouble | undefined = undefined;
  /** Some Transfer-Encoding has `chunked` in it. */
  isChunked = false;
  /** Values of Content-Encoding behind the first. */
  #codings = "";
  readonly #found = new HeaderNames();
  readonly #order = new NameOrder();
  readonly #texts = new TextCache();
  readonly #from = new Int32Array(HEADERS_WANTED);
  readonly #to = new Int32Array(HEADERS_WANTED);
  readonly #times = new Uint16Array(HEADERS_WANTED);
  #bytes: Uint8Array = new Uint8Array(0);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Reads a complete head, `bytes[at..end)`, whose first line begins at `at`. */
  read(bytes: Uint8Array, at: number, end: number): void {
    this.#bytes = bytes;
    this.#times.fill(0);
    this.#order.clear();
    this.trouble = undefined;
    this.isChunked = false;
    this.#codings = "";
    this.lineFrom = at;
    this.end = end;
    // A response's lines may end with a carriage return alone, as libhtp has it.
    const lines = isResponse(bytes, at, end) ? lenientLineEnd : lineEnd;
    let i = lines(bytes, at, end);
    this.lineTo = trimmedEnd(bytes, at, i);
    for (let count = 0; i < end; count++) {
      const from = i;
      i = fieldEnd(bytes, from, end, lines);
      const to = trimmedEnd(bytes, from, i);
      if (to === from) continue;
      if (count >= headersMax) {
        this.trouble ??= "tooManyHeaders";
        return;
      }
      this.#field(from, to);
    }
  }

  /** Names of the headers in their order and spelling, with commas between. */
  get names(): string {
    return this.#order.text();
  }

  /** The name that stands in the head at `from` to `to`, in lower case. */
  keyOf(from: number, to: number): string {
    if (to - from > headerNameBytesMax) return latin1(this.#bytes, from, to).toLowerCase();
    this.#found.find(this.#bytes, from, to);
    return this.#found.key;
  }

  /** How often the header stands in the head. */
  times(header: Header): number {
    return this.#times[header] as number;
  }

  /** The header's value; `undefined` when it is not there. Of several the first, but the last of Transfer-Encoding. */
  text(header: Header): string | undefined {
    if (this.#times[header] === 0) return undefined;
    const from = this.#from[header] as number;
    const to = this.#to[header] as number;
    let text = this.#texts.text(this.#bytes, from, Math.min(to, from + valueBytesMax));
    if (header === Header.contentEncoding) text += this.#codings;
    return text.includes("\n") ? text.replace(/[ \t\r]*\n[ \t\r\n]*/g, " ") : text;
  }

  /** Content-Length when it is plain digits, else -1; its text says the rest. */
  get plainLength(): number {
    let value = 0;
    const to = this.#to[Header.contentLength] as number;
    const from = this.#from[Header.contentLength] as number;
    if (this.#times[Header.contentLength] === 0 || to === from || to - from > 15) return -1;
    for (let i = from; i < to; i++) {
      const digit = (this.#bytes[i] as number) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /** Bytes that are zero are no part of a name for libhtp. */
  #findWithout0(bytes: Uint8Array, from: number, to: number): Header {
    const name = bytes.slice(from, Math.min(to, from + lineBytesMax)).filter((byte) => byte !== 0);
    return this.#found.find(name, 0, name.length);
  }

  #field(from: number, to: number): void {
    const bytes = this.#bytes;
    if (to - from > lineBytesMax) this.trouble ??= "fieldTooLong";
    let colon = from;
    while (colon < to && bytes[colon] !== COLON) colon++;
    if (colon === to) {
      this.trouble ??= "fieldMissingColon";
      return;
    }
    let nameEnd = colon;
    while (nameEnd > from && isNameless(bytes[nameEnd - 1] as number)) nameEnd--;
    if (nameEnd === from || nameEnd < colon) this.trouble ??= "headerInvalid";
    const nul = bytes.indexOf(0, from);
    const header = nul < 0 || nul >= nameEnd ? this.#found.find(bytes, from, nameEnd) : this.#findWithout0(bytes, from, nameEnd);
    if (this.#order.count < namesToldMax) this.#order.add(this.#found.text);
    if (header === Header.other) return;
    const seen = this.#times[header] as number;
    this.#times[header] = seen + 1;
    let value = colon + 1;
    while (value < to && isBlank(bytes[value] as number)) value++;
    if (header === Header.transferEncoding)
      this.isChunked ||= /c\0*h\0*u\0*n\0*k\0*e\0*d/i.test(latin1(bytes, value, Math.min(to, value + codingBytesMax)));
    else if (seen > 0) {
      if (header === Header.contentEncoding && seen < codingsMax)
        this.#codings += `, ${latin1(bytes, value, Math.min(to, value + codingBytesMax))}`;
      return;
    }
    this.#from[header] = value;
    this.#to[header] = to;
  }
}

/** `HTTP` in any case. */
const isResponse = (bytes: Uint8Array, at: number, end: number): boolean => end - at > 5 && isHttp(bytes, at);

/** What may stand between a name and its colon: blanks, zeros, and the end of a line that is folded. */
const isNameless = (byte: number): boolean => isBlank(byte) || byte === 0 || byte === CR || byte === LF;

/** One past the field's last line: lines that begin with a blank belong to the one before (RFC 9112 §5.2). */
export function fieldEnd(bytes: Uint8Array, at: number, end: number, lines: typeof lineEnd = lineEnd): number {
  let i = lines(bytes, at, end);
  while (i < end && (bytes[i] === SPACE || bytes[i] === 9)) i = lines(bytes, i, end);
  return i;
}

/** Without line end and blanks. */
export function trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const byte = bytes[end - 1] as number;
    if (byte !== LF && byte !== CR && !isBlank(byte)) break;
    end--;
  }
  return end;
}
