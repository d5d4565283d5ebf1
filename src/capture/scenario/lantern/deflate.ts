/** Lengths of RFC 1951 3.2.5: first length and extra bits of the codes from 257. */
const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const matchMax = 258;
const windowBytes = 32_768;
const endOfBlock = 256;

/** Bits in the order of RFC 1951 3.1.1: least significant first, Huffman codes the other way round. */
class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  bits(value: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#held |= ((value >>> i) & 1) << this.#count++;
      if (this.#count === 8) this.#flush();
    }
  }

  code(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.bits((value >>> i) & 1, 1);
  }

  done(): Uint8Array {
    if (this.#count > 0) this.#flush();
    return Uint8Array.from(this.#bytes);
  }

  #flush(): void {
    this.#bytes.push(this.#held);
    this.#held = 0;
    this.#count = 0;
  }
}

/**
 * Compresses to one block with fixed Huffman codes (RFC 1951 3.2.6). Of its own, since a library's output changes from
 * version to version, and the same seed has to give the same bytes.
 */
export function deflate(bytes: Uint8Array): Uint8Array {
  const out = new BitWriter();
  const seen = new Map<number, number>();
  out.bits(0b011, 3);
  for (let at = 0; at < bytes.length; ) {
    const key = at + 2 < bytes.length ? keyAt(bytes, at) : -1;
    const from = key < 0 ? undefined : seen.get(key);
    const length = from === undefined || at - from > windowBytes ? 0 : matchLength(bytes, from, at);
    if (length < 3) literal(out, bytes[at] as number);
    else match(out, length, at - (from as number));
    const next = at + Math.max(1, length);
    for (; at < next; at++) if (at + 2 < bytes.length) seen.set(keyAt(bytes, at), at);
  }
  literal(out, endOfBlock);
  return out.done();
}

const keyAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);

function matchLength(bytes: Uint8Array, from: number, at: number): number {
  const most = Math.min(matchMax, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length++;
  return length;
}

function literal(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function match(out: BitWriter, length: number, distance: number): void {
  let code = lengthBase.length - 1;
  while ((lengthBase[code] as number) > length) code--;
  literal(out, 257 + code);
  out.bits(length - (lengthBase[code] as number), lengthExtra[code] as number);
  // Distances double every two codes: code c stands for 2^(c/2) and, when c is odd, one and a half times that.
  const power = distance <= 2 ? 0 : 31 - Math.clz32(distance - 1);
  const upper = power === 0 ? 0 : ((distance - 1) >>> (power - 1)) & 1;
  out.code(power === 0 ? distance - 1 : power * 2 + upper, 5);
  if (power > 1) out.bits((distance - 1) & ((1 << (power - 1)) - 1), power - 1);
}
