import type { ByteView } from "./bytes.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts one side of a text protocol into lines. Lines that are longer than `lineBytesMax` come in pieces, which are cut
 * at places that do not depend on how the bytes arrive. A line that is not there in full stays in the view; how far it
 * was looked through is remembered, so that slow bytes cost no more than fast ones.
 */
export class LineCutter {
  /** Set by `next`: one past the text of the line, and where the following one begins. */
  end = 0;
  following = 0;
  /** True when the line goes on in the next piece. */
  goesOn = false;
  /** True when the piece continues a line. */
  continues = false;
  readonly #lineBytesMax: number;
  #scanned = 0;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /**
   * True when a line, or a piece of a long one, begins at `at`. When false, the bytes from `at` on must come again.
   * Nothing is looked at from `end` on.
   */
  next(view: ByteView, at: number, end = view.end): boolean {
    const { bytes } = view;
    const limit = Math.min(end, at + this.#lineBytesMax);
    let i = at + this.#scanned;
    while (i < limit && bytes[i] !== LF) i++;
    if (i >= limit && limit - at < this.#lineBytesMax) {
      this.#scanned = limit - at;
      return false;
    }
    this.#scanned = 0;
    this.continues = this.goesOn;
    this.goesOn = i >= limit;
    this.following = this.goesOn ? limit : i + 1;
    this.end = this.goesOn ? limit : i > at && bytes[i - 1] === CR ? i - 1 : i;
    return true;
  }

  /** Bytes of a line that is not there in full, when `next` has returned false. */
  get waiting(): number {
    return this.#scanned;
  }

  /** Bytes were taken without being cut, or are missing: the next byte begins a line. */
  reset(): void {
    this.#scanned = 0;
    this.goesOn = false;
  }
}
