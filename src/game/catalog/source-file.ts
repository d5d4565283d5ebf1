/** A comment of a header. Offsets are those of the text as it stands in the file. */
export interface Comment {
  readonly from: number;
  readonly to: number;
  /** Without its marks. */
  readonly text: string;
  /** True when nothing but blanks stands before it in its line. */
  readonly ownLine: boolean;
}

/** The text of one header. */
export class SourceFile {
  /** Relative to the catalog, for people. */
  readonly path: string;
  /** Where it lies; what `#include` starts from. */
  readonly absolute: string;
  readonly text: string;
  comments: readonly Comment[] = [];
  #lines: number[] | undefined;

  constructor(path: string, absolute: string, text: string) {
    this.path = path;
    this.absolute = absolute;
    this.text = text;
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const lines = this.#lineStarts();
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((lines[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (lines[low] as number) + 1 };
  }

  line(offset: number): number {
    return this.position(offset).line;
  }

  #lineStarts(): number[] {
    if (this.#lines === undefined) {
      this.#lines = [0];
      for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) this.#lines.push(at + 1);
    }
    return this.#lines;
  }
}
