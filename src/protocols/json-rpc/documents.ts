/** Bytes of one JSON document; longer ones are gone past. */
export const documentBytesMax = 262_144;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LF = 0x0a;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === LF || byte === 0x0d || byte === 9 || byte === 0;

/** What stands at a place of a stream of documents. */
export type Step =
  /** Everything up to `next` is done with. */
  | { readonly what: "skipped"; readonly next: number }
  /** A document, `at` to `next`; `whole` is false when it was too long. */
  | { readonly what: "document"; readonly next: number; readonly whole: boolean }
  /** No document begins here. */
  | { readonly what: "foreign" };

/**
 * Finds where JSON documents end in a stream: by their brackets, so that it does not matter what stands between them.
 * Lines of header fields (`Content-Length: 20`), as the language server protocol has them, are gone past.
 */
export class DocumentCutter {
  /** Bytes of an incomplete document that were looked at. */
  #seen = 0;
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** The beginning of the document was given up. */
  #dropped = false;
  /** Looking for the next line behind a gap. */
  #lost = false;

  /** Bytes are missing: documents are looked for from the next line on. */
  lose(): void {
    this.#begin();
    this.#lost = true;
  }

  /** Looks at `bytes[at..end)`. A step that goes nowhere waits for more. */
  step(bytes: Uint8Array, at: number, end: number): Step {
    if (this.#depth > 0) return this.#inside(bytes, at, end);
    if (this.#lost) {
      const line = bytes.indexOf(LF, at);
      if (line < 0 || line >= end) return { what: "skipped", next: end };
      this.#lost = false;
      return { what: "skipped", next: line + 1 };
    }
    let from = at;
    while (from < end && isSpace(bytes[from] as number)) from++;
    if (from > at || from === end) return { what: "skipped", next: from };
    const first = bytes[from] as number;
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#inside(bytes, from, end);
    return this.#headerLine(bytes, from, end);
  }

  #headerLine(bytes: Uint8Array, at: number, end: number): Step {
    const line = bytes.indexOf(LF, at);
    if (line < 0 || line >= end)
      return end - at > 256 || (bytes[at] as number) !== 0x43 ? { what: "foreign" } : { what: "skipped", next: at };
    let colon = at;
    while (colon < line && ((bytes[colon] as number) === 0x2d || ((bytes[colon] as number) | 0x20) >= 0x61)) colon++;
    return bytes[at] === 0x43 && bytes[colon] === 0x3a ? { what: "skipped", next: line + 1 } : { what: "foreign" };
  }

  #inside(bytes: Uint8Array, at: number, end: number): Step {
    for (let i = at + this.#seen; i < end; i++) {
      const byte = bytes[i] as number;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inText = false;
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --this.#depth === 0) return this.#end(at, i + 1);
    }
    this.#seen = end - at;
    if (this.#seen <= documentBytesMax && !this.#dropped) return { what: "skipped", next: at };
    this.#dropped = true;
    this.#seen = 0;
    return { what: "skipped", next: end };
  }

  #end(at: number, next: number): Step {
    const whole = !this.#dropped && next - at <= documentBytesMax;
    this.#begin();
    return { what: "document", next, whole };
  }

  #begin(): void {
    this.#seen = 0;
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
    this.#dropped = false;
  }
}
