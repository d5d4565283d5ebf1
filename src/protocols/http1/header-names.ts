import { latin1 } from "#base/bytes.ts";

/** Headers whose value somebody wants, by the number that stands for them. */
export const Header = {
  other: 0,
  host: 1,
  userAgent: 2,
  referer: 3,
  contentType: 4,
  contentLength: 5,
  transferEncoding: 6,
  forwardedFor: 7,
  upgrade: 8,
  location: 9,
  server: 10,
  contentEncoding: 11,
  contentRange: 12,
  origin: 13,
  accept: 14,
  acceptLanguage: 15,
  authorization: 16,
  contentDisposition: 17,
  webSocketExtensions: 18,
  webSocketProtocol: 19,
} as const;
export type Header = (typeof Header)[keyof typeof Header];
/** One more than the largest number. */
export const HEADERS_WANTED = 20;

const wanted: { readonly [name: string]: Header } = {
  host: Header.host,
  "user-agent": Header.userAgent,
  referer: Header.referer,
  "content-type": Header.contentType,
  "content-length": Header.contentLength,
  "transfer-encoding": Header.transferEncoding,
  "x-forwarded-for": Header.forwardedFor,
  upgrade: Header.upgrade,
  location: Header.location,
  server: Header.server,
  "content-encoding": Header.contentEncoding,
  "content-range": Header.contentRange,
  origin: Header.origin,
  accept: Header.accept,
  "accept-language": Header.acceptLanguage,
  authorization: Header.authorization,
  "content-disposition": Header.contentDisposition,
  "sec-websocket-extensions": Header.webSocketExtensions,
  "sec-websocket-protocol": Header.webSocketProtocol,
};

/** Longest name that is told whole. */
export const headerNameBytesMax = 128;
/** Spellings that are remembered. A power of two; a newer one takes the place of an older. */
const SLOTS = 1024;
const LONGEST_WANTED = 24;

/**
 * Names of headers without a new string for each: spellings that were met before are found again by their bytes. What
 * it remembers changes nothing but the time that a look-up takes.
 */
export class HeaderNames {
  /** Set by `find`: the name as it was spelled. */
  text = "";
  /** The same in lower case. */
  key = "";
  readonly #texts: string[] = Array<string>(SLOTS).fill("");
  readonly #keys: string[] = Array<string>(SLOTS).fill("");
  readonly #numbers = new Uint8Array(SLOTS);

  /** The number of the name `bytes[from..to)`; its spelling is in `text`. */
  find(bytes: Uint8Array, from: number, to: number): Header {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const kept = this.#texts[slot] as string;
    if (kept.length === to - from && spells(kept, bytes, from)) {
      this.text = kept;
      this.key = this.#keys[slot] as string;
      return this.#numbers[slot] as Header;
    }
    return this.#learn(slot, bytes, from, to);
  }

  #learn(slot: number, bytes: Uint8Array, from: number, to: number): Header {
    this.text = latin1(bytes, from, Math.min(to, from + headerNameBytesMax));
    this.key = this.text.toLowerCase();
    const number = to - from > LONGEST_WANTED ? undefined : wanted[this.key];
    if (to - from <= headerNameBytesMax) {
      this.#texts[slot] = this.text;
      this.#keys[slot] = this.key;
      this.#numbers[slot] = number ?? Header.other;
    }
    return number ?? Header.other;
  }
}

function spells(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
