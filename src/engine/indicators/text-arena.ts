import { latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";

/** Texts that are remembered while a list is read, so that equal ones stand there once. */
const knownMax = 65_536;
const textBytesMax = 512;

/**
 * Many short texts as UTF-8 in one array, by their place: a text of their own would take some fifty bytes more each, and
 * a piece of a list's text would keep the whole list.
 */
export class TextArena {
  #bytes = new Uint8Array(1024);
  #length = 1;
  #known = new Map<string, number>();

  get memoryBytes(): number {
    return this.#bytes.byteLength;
  }

  /** Place of the text; 0 for the empty one. What is longer than 512 bytes is cut. */
  add(text: string): number {
    if (text === "") return 0;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const place = this.#write(text);
    if (this.#known.size < knownMax) this.#known.set(text, place);
    return place;
  }

  at(place: number): string {
    if (place === 0) return "";
    const bytes = this.#bytes;
    const length = ((bytes[place] as number) << 8) | (bytes[place + 1] as number);
    return utf8Text(latin1(bytes, place + 2, place + 2 + length));
  }

  /** No more are added. */
  trim(): void {
    this.#known = new Map();
    this.#bytes = this.#bytes.slice(0, this.#length);
  }

  #write(text: string): number {
    if (this.#length + textBytesMax + 8 > this.#bytes.length) {
      const bytes = new Uint8Array(Math.ceil(this.#bytes.length * 1.5) + textBytesMax);
      bytes.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bytes;
    }
    const bytes = this.#bytes;
    const place = this.#length;
    let at = place + 2;
    for (const character of text) {
      if (at - place > textBytesMax) break;
      const point = character.codePointAt(0) as number;
      if (point < 0x80) bytes[at++] = point;
      else if (point < 0x800) {
        bytes[at++] = 0xc0 | (point >> 6);
        bytes[at++] = 0x80 | (point & 63);
      } else if (point < 0x10000) {
        bytes[at++] = 0xe0 | (point >> 12);
        bytes[at++] = 0x80 | ((point >> 6) & 63);
        bytes[at++] = 0x80 | (point & 63);
      } else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 63);
        bytes[at++] = 0x80 | ((point >> 6) & 63);
        bytes[at++] = 0x80 | (point & 63);
      }
    }
    bytes[place] = (at - place - 2) >> 8;
    bytes[place + 1] = (at - place - 2) & 0xff;
    this.#length = at;
    return place;
  }
}
