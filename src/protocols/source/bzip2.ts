/** Symbols of a Huffman table: 256 bytes, two for runs, one for the end. */
const symbolsMax = 258;
const codeBitsMax = 20;
/** Symbols that share a Huffman table before the next is chosen. */
const GROUP = 50;

class Failed extends Error {}

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  bit(): number {
    if (this.#count === 0) {
      if (this.#at >= this.#bytes.length) throw new Failed();
      this.#held = this.#bytes[this.#at++] as number;
      this.#count = 8;
    }
    return (this.#held >>> --this.#count) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }
}

/** First code and place of its symbol, for each length. */
interface Table {
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

/**
 * Plain text of a bzip2 stream at `at`, of at most `bytesMax` bytes; `undefined` when it is none or longer. Server
 * answers are compressed so (a few hundred bytes), which is why this is short rather than fast. Check sums are not
 * looked at.
 */
export function bunzip2(bytes: Uint8Array, at: number, bytesMax: number): Uint8Array | undefined {
  if (bytes.length - at < 14 || bytes[at] !== 0x42 || bytes[at + 1] !== 0x5a || bytes[at + 2] !== 0x68) return undefined;
  const level = (bytes[at + 3] as number) - 0x30;
  if (level < 1 || level > 9) return undefined;
  const bits = new Bits(bytes, at + 4);
  const out = new Uint8Array(bytesMax);
  // Four equal bytes are followed by a count, which may be 0.
  const blockBytesMax = Math.min(Math.ceil(bytesMax * 1.25), level * 100_000);
  let length = 0;
  try {
    while (bits.bits(48) === 0x314159265359) length = block(bits, out, length, blockBytesMax);
  } catch (error) {
    if (error instanceof Failed) return undefined;
    throw error;
  }
  return out.subarray(0, length);
}

function block(bits: Bits, out: Uint8Array, from: number, blockBytesMax: number): number {
  bits.bits(32);
  if (bits.bit() !== 0) throw new Failed();
  const origin = bits.bits(24);
  const letters = usedBytes(bits);
  const tables: Table[] = [];
  const tableCount = bits.bits(3);
  const selectorCount = bits.bits(15);
  if (tableCount < 2 || tableCount > 6 || selectorCount === 0) throw new Failed();
  const order = Array.from({ length: tableCount }, (_, index) => index);
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    let place = 0;
    while (bits.bit() !== 0) if (++place >= tableCount) throw new Failed();
    const [chosen] = order.splice(place, 1) as [number];
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  for (let i = 0; i < tableCount; i++) tables.push(readTable(bits, letters.length + 2));
  const last = new Uint8Array(blockBytesMax);
  const count = moveToFront(bits, letters, tables, selectors, last);
  return unsort(last, count, origin, out, from);
}

function usedBytes(bits: Bits): number[] {
  const ranges = bits.bits(16);
  const used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if ((ranges & (0x8000 >>> i)) === 0) continue;
    for (let j = 0; j < 16; j++) if (bits.bit() !== 0) used.push(i * 16 + j);
  }
  if (used.length === 0) throw new Failed();
  return used;
}

function readTable(bits: Bits, symbolCount: number): Table {
  const lengths = new Uint8Array(symbolsMax);
  const counts = new Int32Array(codeBitsMax + 2);
  let length = bits.bits(5);
  for (let i = 0; i < symbolCount; i++) {
    for (;;) {
      if (length < 1 || length > codeBitsMax) throw new Failed();
      if (bits.bit() === 0) break;
      length += bits.bit() === 0 ? 1 : -1;
    }
    lengths[i] = length;
    counts[length] = (counts[length] as number) + 1;
  }
  const limit = new Int32Array(codeBitsMax + 1).fill(-1);
  const base = new Int32Array(codeBitsMax + 1);
  const symbols = new Uint16Array(symbolCount);
  let code = 0;
  let place = 0;
  for (let bitCount = 1; bitCount <= codeBitsMax; bitCount++) {
    base[bitCount] = code - place;
    for (let i = 0; i < symbolCount; i++) if (lengths[i] === bitCount) symbols[place++] = i;
    code += counts[bitCount] as number;
    if ((counts[bitCount] as number) > 0) limit[bitCount] = code - 1;
    code *= 2;
  }
  return { limit, base, symbols };
}

function symbol(bits: Bits, { limit, base, symbols }: Table): number {
  let code = 0;
  for (let length = 1; length <= codeBitsMax; length++) {
    code = code * 2 + bits.bit();
    const place = code - (base[length] as number);
    if (code <= (limit[length] as number) && place >= 0 && place < symbols.length) return symbols[place] as number;
  }
  throw new Failed();
}

/** Undoes Huffman, runs and move-to-front; fills `last` and returns how many bytes there are. */
function moveToFront(bits: Bits, letters: number[], tables: readonly Table[], selectors: Uint8Array, last: Uint8Array): number {
  const end = letters.length + 1;
  let count = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const group = Math.floor(i / GROUP);
    if (group >= selectors.length) throw new Failed();
    const next = symbol(bits, tables[selectors[group] as number] as Table);
    if (next <= 1) {
      run += weight * (next + 1);
      weight *= 2;
      if (run > last.length) throw new Failed();
      continue;
    }
    if (count + run + 1 > last.length) throw new Failed();
    last.fill(letters[0] as number, count, count + run);
    count += run;
    run = 0;
    weight = 1;
    if (next === end) return count;
    const [letter] = letters.splice(next - 1, 1) as [number];
    letters.unshift(letter);
    last[count++] = letter;
  }
}

/** Undoes the block sort and the first runs. */
function unsort(last: Uint8Array, count: number, origin: number, out: Uint8Array, from: number): number {
  if (origin >= count) throw new Failed();
  const starts = new Int32Array(257);
  for (let i = 0; i < count; i++) starts[(last[i] as number) + 1] = (starts[(last[i] as number) + 1] as number) + 1;
  for (let i = 0; i < 256; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const letter = last[i] as number;
    const place = starts[letter] as number;
    next[place] = i;
    starts[letter] = place + 1;
  }
  let to = from;
  let same = 0;
  let before = -1;
  let row = next[origin] as number;
  for (let i = 0; i < count; i++) {
    const letter = last[row] as number;
    row = next[row] as number;
    if (same === 4) {
      if (to + letter > out.length) throw new Failed();
      out.fill(before, to, to + letter);
      to += letter;
      same = 0;
      before = -1;
      continue;
    }
    if (to >= out.length) throw new Failed();
    out[to++] = letter;
    same = letter === before ? same + 1 : 1;
    before = letter;
  }
  return to;
}
