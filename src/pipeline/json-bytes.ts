import { Buffer } from "node:buffer";
import { MICROS_PER_SECOND, type Micros, TimeText } from "#base/time.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DAY = 86_400 * MICROS_PER_SECOND;

/** Two ASCII digits of 0 to 99, as one little-endian half-word. */
const TWO_DIGITS = Uint16Array.from({ length: 100 }, (_, n) => (0x30 + Math.floor(n / 10)) | ((0x30 + (n % 10)) << 8));

/** Text of the numbers 0 to 255 without leading zeros: three bytes and the length, in one word. */
const OCTETS = Int32Array.from({ length: 256 }, (_, n) => {
  const text = String(n);
  return (text.charCodeAt(0) | ((text.charCodeAt(1) || 0) << 8) | ((text.charCodeAt(2) || 0) << 16) | (text.length << 24)) >>> 0;
});

const HEX = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/**
 * ASCII text for pieces of JSON that are written many times: eight bytes to a double, which is one store each. No
 * ASCII text is the pattern of a NaN, so the bits stay as they are.
 */
export interface Piece {
  readonly size: number;
  readonly doubles: Float64Array;
}

/** The text as a piece. */
export function ascii(text: string): Piece {
  const doubles = new Float64Array(Math.ceil(text.length / 8));
  const view = new DataView(doubles.buffer);
  // The view that writes is little-endian on every machine, and so is this one.
  for (let i = 0; i < text.length; i++) view.setUint8(i, text.charCodeAt(i));
  for (let i = 0; i < doubles.length; i++) doubles[i] = view.getFloat64(i * 8, true);
  return { size: text.length, doubles };
}

/** Memory as Node sees it: writes UTF-8 at a place, without a view of it. */
interface Encoder {
  utf8Write(text: string, at: number, bytesMax: number): number;
}

const encoderOf = (memory: ArrayBufferLike): Encoder => Buffer.from(memory) as unknown as Encoder;

/** What a piece may write behind its end. */
const overshoot = 8;
/** Texts of this length and more are encoded by the platform, shorter ones here. */
const longText = 16;

/**
 * Writes JSON as UTF-8 straight into memory, because making strings first costs several times more. Whoever writes
 * calls `reserve` before, so that the single writes need no check.
 */
export class JsonBytes {
  bytes: Uint8Array;
  length = 0;
  #view: DataView;
  #encoder: Encoder;
  /** The memory that is lent out. */
  #other: Uint8Array | undefined;
  #day = Number.NaN;
  readonly #date = new Uint8Array(10);
  readonly #text = new TimeText();

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#encoder = encoderOf(this.bytes.buffer);
  }

  /** What was written, lent out until the next `swap`; writing goes on in other memory. */
  swap(): Uint8Array {
    const written = this.bytes.subarray(0, this.length);
    const other = this.#other ?? new Uint8Array(this.bytes.length);
    this.#other = this.bytes;
    this.bytes = other;
    this.#view = new DataView(other.buffer);
    this.#encoder = encoderOf(other.buffer);
    this.length = 0;
    return written;
  }

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    const needed = this.length + size + overshoot;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
    this.#encoder = encoderOf(grown.buffer);
  }

  raw(piece: Piece): void {
    const view = this.#view;
    const { doubles, size } = piece;
    const at = this.length;
    for (let i = 0; i < doubles.length; i++) view.setFloat64(at + i * 8, doubles[i] as number, true);
    this.length = at + size;
  }

  /** `size` bytes of ASCII that lie at `doubles[from…]`, eight to a double. */
  copy(doubles: Float64Array, from: number, size: number): void {
    const view = this.#view;
    const at = this.length;
    for (let i = 0; i * 8 < size; i++) view.setFloat64(at + i * 8, doubles[from + i] as number, true);
    this.length = at + size;
  }

  /** Bytes of any length, reserving their own room. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53. */
  integer(value: number): void {
    if (value < 10) this.bytes[this.length++] = 0x30 + value;
    else if (value < 100) {
      this.#view.setUint16(this.length, TWO_DIGITS[value] as number, true);
      this.length += 2;
    } else this.#digits(value);
  }

  #digits(value: number): void {
    let size = 3;
    for (let limit = 1000; value >= limit && size < 16; limit *= 10) size++;
    let at = this.length + size;
    this.length = at;
    let rest = value;
    while (rest > 0xffff_ffff) {
      const upper = Math.floor(rest / 100);
      at -= 2;
      this.#view.setUint16(at, TWO_DIGITS[rest - upper * 100] as number, true);
      rest = upper;
    }
    while (rest >= 10) {
      const upper = (rest / 100) >>> 0;
      at -= 2;
      if (at < this.length - size) {
        this.bytes[at + 1] = 0x30 + rest;
        return;
      }
      this.#view.setUint16(at, TWO_DIGITS[rest - upper * 100] as number, true);
      rest = upper;
    }
    if (at > this.length - size) this.bytes[at - 1] = 0x30 + rest;
  }

  /** A number of at least 0 with `decimals` (even, at most 6) digits behind the point. */
  fixed(value: number, decimals: number): void {
    const scale = 10 ** decimals;
    const scaled = Math.round(value * scale);
    const whole = Math.floor(scaled / scale);
    this.integer(whole);
    let rest = scaled - whole * scale;
    if (rest === 0) return;
    this.bytes[this.length] = 0x2e;
    for (let i = decimals; i > 0; i -= 2) {
      const upper = Math.floor(rest / 100);
      this.#view.setUint16(this.length + i - 1, TWO_DIGITS[rest - upper * 100] as number, true);
      rest = upper;
    }
    this.length += decimals + 1;
  }

  /** A time as EVE writes it, without quotes. */
  time(time: number): void {
    const day = Math.floor(time / DAY);
    if (day !== this.#day) this.#newDay(day, time);
    const view = this.#view;
    const at = this.length;
    this.bytes.set(this.#date, at);
    const inDay = time - day * DAY;
    const second = Math.floor(inDay / MICROS_PER_SECOND);
    const micro = inDay - second * MICROS_PER_SECOND;
    const minute = (second / 60) | 0;
    const hour = (minute / 60) | 0;
    this.bytes[at + 10] = 0x54;
    view.setUint16(at + 11, TWO_DIGITS[hour] as number, true);
    this.bytes[at + 13] = 0x3a;
    view.setUint16(at + 14, TWO_DIGITS[minute - hour * 60] as number, true);
    this.bytes[at + 16] = 0x3a;
    view.setUint16(at + 17, TWO_DIGITS[second - minute * 60] as number, true);
    this.bytes[at + 19] = 0x2e;
    const high = (micro / 10_000) | 0;
    const middle = ((micro / 100) | 0) - high * 100;
    view.setUint16(at + 20, TWO_DIGITS[high] as number, true);
    view.setUint16(at + 22, TWO_DIGITS[middle] as number, true);
    view.setUint16(at + 24, TWO_DIGITS[micro % 100] as number, true);
    // "+0000" little-endian.
    view.setUint32(at + 26, 0x3030302b, true);
    this.bytes[at + 30] = 0x30;
    this.length = at + 31;
  }

  #newDay(day: number, time: number): void {
    this.#day = day;
    const text = this.#text.format(Math.floor(time) as Micros);
    for (let i = 0; i < 10; i++) this.#date[i] = text.charCodeAt(i);
  }

  ipv4(word: number): void {
    this.#octet(word >>> 24);
    this.bytes[this.length++] = 0x2e;
    this.#octet((word >>> 16) & 255);
    this.bytes[this.length++] = 0x2e;
    this.#octet((word >>> 8) & 255);
    this.bytes[this.length++] = 0x2e;
    this.#octet(word & 255);
  }

  #octet(value: number): void {
    const packed = OCTETS[value] as number;
    // Up to two bytes too many are written; the next write covers them.
    this.#view.setUint32(this.length, packed & 0xff_ffff, true);
    this.length += packed >>> 24;
  }

  /** An IPv6 address of four words with all its digits, as EVE writes it. */
  ipv6(words: Int32Array, at: number): void {
    for (let i = 0; i < 8; i++) {
      if (i > 0) this.bytes[this.length++] = 0x3a;
      const word = words[at + (i >> 1)] as number;
      this.hex16((i & 1) === 0 ? word >>> 16 : word & 0xffff);
    }
  }

  hex16(value: number): void {
    this.hex8(value >>> 8);
    this.hex8(value & 255);
  }

  hex8(value: number): void {
    this.bytes[this.length++] = HEX[value >>> 4] as number;
    this.bytes[this.length++] = HEX[value & 15] as number;
  }

  /** A MAC address of three 16-bit words. */
  mac(a: number, b: number, c: number): void {
    this.#pair(a, 0x3a);
    this.#pair(b, 0x3a);
    this.#pair(c, 0);
  }

  /** Two octets with a colon between them, and `behind` when it is not 0. */
  #pair(word: number, behind: number): void {
    this.hex8(word >>> 8);
    this.bytes[this.length++] = 0x3a;
    this.hex8(word & 255);
    if (behind !== 0) this.bytes[this.length++] = behind;
  }

  /** Text that is JSON already, or ASCII without quotes: encoded as UTF-8, reserving its own room. */
  text(text: string): void {
    const size = text.length;
    this.reserve(size * 3);
    if (size >= longText) {
      this.length += this.#encoder.utf8Write(text, this.length, size * 3);
      return;
    }
    const bytes = this.bytes;
    let at = this.length;
    for (let i = 0; i < size; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x80) bytes[at++] = code;
      else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 63);
      } else if (code >= 0xd800 && code < 0xdc00 && i + 1 < size) {
        const point = 0x10000 + ((code - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 63);
        bytes[at++] = 0x80 | ((point >> 6) & 63);
        bytes[at++] = 0x80 | (point & 63);
      } else {
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 63);
        bytes[at++] = 0x80 | (code & 63);
      }
    }
    this.length = at;
  }

  /** A quoted and escaped JSON string. */
  string(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x20 && code < 0x7f && code !== QUOTE && code !== BACKSLASH) continue;
      this.text(JSON.stringify(text));
      return;
    }
    this.reserve(text.length + 2);
    this.byte(QUOTE);
    this.text(text);
    this.byte(QUOTE);
  }
}
