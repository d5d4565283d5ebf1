import { toHex } from "#base/bytes.ts";
import { type MatchPlace, placesMax, type Scratch } from "#engine/rules/judge/scratch.ts";

/** Bytes of one match that an alert shows. */
const shownBytesMax = 64;

/** One literal or pattern that was found, as the alert tells it. */
export interface Match {
  readonly buffer: string;
  readonly offset: number;
  readonly length: number;
  /** The bytes as text when all are printable, otherwise in hexadecimal between bars as in rules; cut when long. */
  readonly bytes: string;
}

/** Remembers which bytes the places of the judge's scratch are in, so that they can be shown once a rule has matched. */
export class Evidence {
  readonly #scratch: Scratch;
  readonly #bytes: (Uint8Array | undefined)[] = [];
  readonly #from = new Int32Array(placesMax);

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /** The places from number `first` on are in `bytes`, counted from `from`. Undefined bytes are not shown. */
  note(first: number, bytes: Uint8Array | undefined, from: number): void {
    for (let i = first; i < this.#scratch.placeCount; i++) {
      this.#bytes[i] = bytes;
      this.#from[i] = from;
    }
  }

  /** What has matched, copied. */
  matches(): readonly Match[] {
    const matches: Match[] = [];
    for (let i = 0; i < this.#scratch.placeCount; i++) {
      const { buffer, offset, length } = this.#scratch.places[i] as MatchPlace;
      const bytes = this.#bytes[i];
      const at = (this.#from[i] as number) + offset;
      matches.push({ buffer, offset, length, bytes: bytes === undefined ? "" : shown(bytes, at, at + Math.min(length, shownBytesMax)) });
    }
    return matches;
  }
}

function shown(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte > 0x7e || byte === 0x7c) return `|${toHex(bytes, from, to)}|`;
    text += String.fromCharCode(byte);
  }
  return text;
}
