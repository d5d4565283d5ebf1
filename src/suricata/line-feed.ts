const NEWLINE = 10;

/** Longest line that is read; longer ones are skipped and counted. */
export const lineBytesMax = 1_048_576;

/** Cuts pieces of a growing text into whole lines; the beginning of the next one is kept. */
export class LineFeed {
  /** Lines that were too long. */
  tooLong = 0;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #skipping: boolean;

  /** `skipFirst`: the text begins in the middle of a line, which is left out. */
  constructor(skipFirst = false) {
    this.#skipping = skipFirst;
  }

  /** The lines that are whole now, without their ends. Empty ones are left out. The piece may be used again afterwards. */
  *push(piece: Uint8Array): Generator<string> {
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, at)) {
      const line = this.#take(piece.subarray(at, end));
      at = end + 1;
      if (line !== undefined && line !== "") yield line;
    }
    this.#keep(piece.subarray(at));
  }

  /** The source begins anew: half a line is thrown away. Returns true when there was one. */
  reset(): boolean {
    const had = this.#restBytes > 0;
    this.#rest = [];
    this.#restBytes = 0;
    this.#skipping = false;
    return had;
  }

  #take(last: Uint8Array): string | undefined {
    const skip = this.#skipping;
    const bytes = this.#restBytes + last.length;
    const line = skip || bytes > lineBytesMax ? undefined : Buffer.concat([...this.#rest, last]).toString("utf8");
    if (!skip && bytes > lineBytesMax) this.tooLong++;
    this.reset();
    return line?.endsWith("\r") === true ? line.slice(0, -1) : line;
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0 || this.#skipping) return;
    this.#rest.push(Buffer.from(rest));
    this.#restBytes += rest.length;
    if (this.#restBytes <= lineBytesMax) return;
    this.tooLong++;
    this.reset();
    this.#skipping = true;
  }
}
