/**
 * A borrowed window on bytes. One `Uint8Array` and one `DataView` stand over the same memory; `at` and `end` say
 * which part is meant. The flow layer reuses one window for all packets: whoever receives it reads during the call
 * and copies what it wants to keep, because the memory behind it (a capture block, a reassembly buffer) is
 * overwritten afterwards.
 */
export class ByteView {
  bytes: Uint8Array;
  view: DataView;
  /** First byte that belongs to the window. */
  at: number;
  /** One past the last byte that belongs to the window. */
  end: number;

  constructor(bytes: Uint8Array = EMPTY_BYTES, view: DataView = EMPTY_VIEW, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.view = view;
    this.at = at;
    this.end = end;
  }

  /** Bytes in the window. */
  get length(): number {
    return this.end - this.at;
  }

  /** A window over a whole array, for tests and for data that the caller owns. */
  static over(bytes: Uint8Array): ByteView {
    // The view starts where the array starts, so that both are addressed by the same offsets.
    return new ByteView(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length);
  }
}

const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY_BYTES.buffer);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Both make a text of `bytes[from..to)`, and nothing else, as `latin1` and `toHex` do. */
export interface ByteTexts {
  readonly latin1: (bytes: Uint8Array, from: number, to: number) => string;
  readonly hex: (bytes: Uint8Array, from: number, to: number) => string;
}

/** Bytes from which on the machine is faster than what can be said in the language. */
const latin1BytesMin = 16;
const hexBytesMin = 7;

let machine: ByteTexts | undefined;

/** Long texts are made by the machine from now on: the texts stay the same, only their cost changes. */
export function setByteTexts(texts: ByteTexts | undefined): void {
  machine = texts;
}

/** Lower-case hexadecimal of `bytes[from..to)`. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (to - from >= hexBytesMin && machine !== undefined && to <= bytes.length) return machine.hex(bytes, from, to);
  let text = "";
  for (let i = from; i < to; i++) text += HEX[bytes[i] as number];
  return text;
}

/** Bytes of a hexadecimal text; white space and colons between the digits are allowed. Throws on anything else. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]+/g, "");
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) throw new TypeError(`not hexadecimal: ${text}`);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/**
 * Text of `bytes[from..to)` with one character per byte (ISO 8859-1), for protocol fields whose encoding is unknown.
 * Control characters stay as they are; JSON escapes them.
 */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  if (to - from >= latin1BytesMin && machine !== undefined && to <= bytes.length) return machine.latin1(bytes, from, to);
  let text = "";
  let i = from;
  // Eight at a time: two to three times faster than one by one.
  for (; i + 8 <= to; i += 8)
    text += String.fromCharCode(
      bytes[i] as number,
      bytes[i + 1] as number,
      bytes[i + 2] as number,
      bytes[i + 3] as number,
      bytes[i + 4] as number,
      bytes[i + 5] as number,
      bytes[i + 6] as number,
      bytes[i + 7] as number,
    );
  for (; i < to; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** How often a byte value occurs: with 10 the lines of a text. */
export function countByte(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}
