import { latin1 } from "#base/bytes.ts";
import { utf16Text } from "#base/utf16-text.ts";
import type { Transaction } from "#contract/parser.ts";
import type { Head } from "./connection.ts";
import { nameBytesMax } from "./wire.ts";

/** A command in a message of SMB 1: where its words and bytes stand. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** First byte of the header. */
  readonly at: number;
  readonly words: number;
  readonly wordBytes: number;
  /** First byte behind the byte count. */
  readonly data: number;
  readonly end: number;
  readonly command: number;
  readonly key: string;
  readonly head: Head;
  /** True when texts are UTF-16. */
  readonly wide: boolean;
  readonly failed: boolean;
}

/** Reads texts one behind the other, each up to its NUL. UTF-16 stands at even places, counted from the header. */
export class TextCursor {
  readonly #part: Part;
  #at: number;

  constructor(part: Part, at: number) {
    this.#part = part;
    this.#at = at;
  }

  text(wide: boolean): string {
    const { bytes, at, end } = this.#part;
    if (wide && ((this.#at - at) & 1) !== 0) this.#at++;
    const from = this.#at;
    const step = wide ? 2 : 1;
    let stop = from;
    const second = step - 1;
    while (stop + step <= end && (bytes[stop] !== 0 || bytes[stop + second] !== 0)) stop += step;
    this.#at = stop + step;
    const last = Math.min(stop, from + nameBytesMax);
    return wide ? utf16Text(bytes, from, last) : latin1(bytes, from, Math.max(from, last));
  }

  /** Steps over the byte that says what follows; false when another one stands there. */
  tagged(format: number): boolean {
    if (this.#at >= this.#part.end || this.#part.bytes[this.#at] !== format) return false;
    this.#at++;
    return true;
  }
}

/** Name in a transaction's parameters, up to its NUL. */
export const transactionName = (part: Part, at: number): string => new TextCursor(part, at).text(part.wide);

/** A text of so many bytes. */
export function narrowText({ bytes, end, wide }: Part, from: number, length: number): string {
  const to = Math.min(end, from + Math.min(length, nameBytesMax));
  return wide ? utf16Text(bytes, from, to) : latin1(bytes, from, to);
}

/** Two names, each behind a byte 4 (MS-CIFS §2.2.4.8). */
export function renamePair(part: Part, fields: Transaction): void {
  const cursor = new TextCursor(part, part.data);
  const from = cursor.tagged(4) ? cursor.text(part.wide) : "";
  const to = cursor.tagged(4) ? cursor.text(part.wide) : "";
  fields["rename"] = { from, to };
}
