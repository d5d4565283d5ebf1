/**
 * Variable-length integers (RFC 9000 §16). `at` is where the next one is read; behind the end it becomes NaN, and so
 * does every later number, so that one check at the end of a header is enough.
 */
export class VarintReader {
  readonly view: DataView;
  readonly end: number;
  at: number;

  constructor(view: DataView, at: number, end: number) {
    this.view = view;
    this.at = at;
    this.end = end;
  }

  /** The next number; NaN when it is not there. Those beyond 2^53 are rounded. */
  next(): number {
    const { view, at, end } = this;
    if (!(at < end)) return this.#short();
    const first = view.getUint8(at);
    const bytes = 1 << (first >>> 6);
    if (at + bytes > end) return this.#short();
    this.at = at + bytes;
    if (bytes === 1) return first;
    if (bytes === 2) return view.getUint16(at) & 0x3fff;
    const high = view.getUint32(at) & 0x3fff_ffff;
    return bytes === 4 ? high : high * 0x1_0000_0000 + view.getUint32(at + 4);
  }

  /** Steps over `bytes`. False when they are not there. */
  skip(bytes: number): boolean {
    if (this.at + bytes <= this.end) {
      this.at += bytes;
      return true;
    }
    this.#short();
    return false;
  }

  #short(): number {
    this.at = Number.NaN;
    return Number.NaN;
  }
}
