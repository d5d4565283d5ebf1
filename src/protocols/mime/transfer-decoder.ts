const NONE = 0xff;
const PAD = 0xfe;
const SPACE = 0xfd;
/** Bits that no digit's value has, and all the others have. */
const NO_DIGIT = 0xc0;
const EQUALS = 0x3d;

/** Values of Base64's digits, and what else a byte may be there. Made when first needed, by each decoder. */
function digitTable(): Uint8Array {
  const table = new Uint8Array(256).fill(NONE);
  for (const [from, to, value] of [
    [0x41, 0x5a, 0],
    [0x61, 0x7a, 26],
    [0x30, 0x39, 52],
    [0x2b, 0x2b, 62],
    [0x2f, 0x2f, 63],
  ] as const)
    for (let code = from; code <= to; code++) table[code] = value + code - from;
  table[EQUALS] = PAD;
  for (const code of [0x20, 0x09, 0x0d, 0x0a]) table[code] = SPACE;
  return table;
}

/** Undoes one transfer encoding (RFC 2045 §6), line by line. The result of `line` is overwritten by the next call. */
export interface TransferDecoder {
  readonly bytes: Uint8Array;
  /** How many of `bytes` the line gave. `breakBytes` is the length of the line's end, 0 when it goes on. */
  line(input: Uint8Array, from: number, to: number, breakBytes: number): number;
  /** True when the end of the last line belongs to the content. */
  readonly breaks: boolean;
  /** True when something was not as the encoding demands. */
  readonly damaged: boolean;
}

export class Base64Decoder implements TransferDecoder {
  readonly bytes: Uint8Array;
  readonly breaks = false;
  damaged = false;
  readonly #table = digitTable();
  #held = 0;
  #bits = 0;

  constructor(lineBytesMax: number) {
    this.bytes = new Uint8Array(lineBytesMax);
  }

  line(input: Uint8Array, from: number, to: number): number {
    const { bytes } = this;
    const table = this.#table;
    let held = this.#held;
    let bits = this.#bits;
    let count = 0;
    let i = from;
    for (;;) {
      // Four digits at a time, as long as nothing else stands between them.
      if (bits === 0)
        for (; i + 4 <= to; i += 4) {
          const first = table[input[i] as number] as number;
          const second = table[input[i + 1] as number] as number;
          const third = table[input[i + 2] as number] as number;
          const fourth = table[input[i + 3] as number] as number;
          if (((first | second | third | fourth) & NO_DIGIT) !== 0) break;
          bytes[count] = (first << 2) | (second >>> 4);
          bytes[count + 1] = (second << 4) | (third >>> 2);
          bytes[count + 2] = (third << 6) | fourth;
          count += 3;
        }
      if (i >= to) break;
      const digit = table[input[i++] as number] as number;
      if (digit < 64) {
        held = ((held << 6) | digit) & 0x3fff;
        bits += 6;
        if (bits >= 8) {
          bits -= 8;
          bytes[count++] = held >>> bits;
        }
      } else if (digit === PAD) {
        // What follows the padding begins anew.
        bits = 0;
        held = 0;
      } else if (digit === NONE) this.damaged = true;
    }
    this.#held = held;
    this.#bits = bits;
    return count;
  }
}

const hexValue = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const upper = code & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
};

export class QuotedPrintableDecoder implements TransferDecoder {
  readonly bytes: Uint8Array;
  breaks = true;
  damaged = false;

  constructor(lineBytesMax: number) {
    this.bytes = new Uint8Array(lineBytesMax);
  }

  line(input: Uint8Array, from: number, to: number, breakBytes: number): number {
    const { bytes } = this;
    let end = to;
    // White space at the end of a line was put there on the way (§6.7 rule 3).
    if (breakBytes > 0) while (end > from && (input[end - 1] === 0x20 || input[end - 1] === 0x09)) end--;
    const soft = breakBytes > 0 && end > from && input[end - 1] === EQUALS;
    if (soft) end--;
    let count = 0;
    for (let i = from; i < end; i++) {
      const byte = input[i] as number;
      const high = byte === EQUALS && i + 2 < end ? hexValue(input[i + 1] as number) : -1;
      const low = high < 0 ? -1 : hexValue(input[i + 2] as number);
      if (low >= 0) {
        bytes[count++] = (high << 4) | low;
        i += 2;
      } else {
        if (byte === EQUALS) this.damaged = true;
        bytes[count++] = byte;
      }
    }
    this.breaks = !soft;
    return count;
  }
}
