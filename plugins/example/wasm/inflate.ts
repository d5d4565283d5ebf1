/**
 * Raw DEFLATE (RFC 1951), decoded bit by bit by counting how many codes of each length there are (section 3.2.2). What
 * `../c/inflate.c` refuses is refused here too.
 */
const CODE_BITS_MAX: u32 = 15;
const LITERALS_MAX: u32 = 288;
const DISTANCES_MAX: u32 = 32;
const END_OF_BLOCK: u32 = 256;

let input: usize = 0;
let inputBytes: u32 = 0;
let bit: u32 = 0;
let output: usize = 0;
let room: u32 = 0;
let length: u32 = 0;
let failed: bool = false;

/** A canonical code: how many symbols have each length, and the symbols by length, then by value. */
class Code {
  count: StaticArray<u16> = new StaticArray<u16>(16);
  symbols: StaticArray<u16> = new StaticArray<u16>(288);
}

const literals = new Code();
const distances = new Code();
const lengths = new StaticArray<u8>(320);
const next = new StaticArray<u16>(16);

const lengthBase: StaticArray<u16> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthBits: StaticArray<u8> = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase: StaticArray<u16> = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const distanceBits: StaticArray<u8> = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const order: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function bits(wanted: u32): u32 {
  let value: u32 = 0;
  for (let at: u32 = 0; at < wanted; at++, bit++) {
    if (bit >> 3 >= inputBytes) {
      failed = true;
      return 0;
    }
    value |= (((<u32>load<u8>(input + (bit >> 3))) >> (bit & 7)) & 1) << at;
  }
  return value;
}

/** Codes with gaps are refused unless none is longer than `gapsUpTo` bits. */
function build(code: Code, from: u32, symbols: u32, gapsUpTo: u32): bool {
  let left: i32 = 1;
  let longest: u32 = 0;
  for (let size: u32 = 0; size <= CODE_BITS_MAX; size++) code.count[size] = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) code.count[lengths[from + symbol]]++;
  next[0] = 0;
  code.count[0] = 0;
  for (let size: u32 = 1; size <= CODE_BITS_MAX; size++) {
    left = left * 2 - code.count[size];
    if (left < 0) return false;
    if (code.count[size] != 0) longest = size;
    next[size] = next[size - 1] + code.count[size - 1];
  }
  if (left > 0 && longest > gapsUpTo) return false;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const size = lengths[from + symbol];
    if (size != 0) code.symbols[next[size]++] = <u16>symbol;
  }
  return true;
}

function decode(code: Code): u32 {
  let value: u32 = 0;
  let first: u32 = 0;
  let index: u32 = 0;
  for (let size: u32 = 1; size <= CODE_BITS_MAX && !failed; size++) {
    value = (value << 1) | bits(1);
    const count: u32 = code.count[size];
    if (value - first < count) return code.symbols[index + value - first];
    index += count;
    first = (first + count) << 1;
  }
  failed = true;
  return END_OF_BLOCK;
}

function put(byte: u8): void {
  if (length >= room) failed = true;
  else store<u8>(output + length++, byte);
}

function stored(): void {
  bit = (bit + 7) & ~7;
  const size = bits(16);
  if ((bits(16) ^ size) != 0xffff) failed = true;
  for (let at: u32 = 0; at < size && !failed; at++) put(<u8>bits(8));
}

/** Section 3.2.5. */
function block(): void {
  while (!failed) {
    let symbol = decode(literals);
    if (symbol == END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) {
      put(<u8>symbol);
      continue;
    }
    symbol -= END_OF_BLOCK + 1;
    if (symbol >= <u32>lengthBits.length) break;
    let size: u32 = <u32>lengthBase[symbol] + bits(lengthBits[symbol]);
    const far = decode(distances);
    if (far >= <u32>distanceBits.length) break;
    const distance: u32 = <u32>distanceBase[far] + bits(distanceBits[far]);
    if (distance > length) break;
    while (size-- > 0 && !failed) put(load<u8>(output + length - distance));
  }
  failed = true;
}

/** Section 3.2.6. */
function fixed(): void {
  for (let symbol: u32 = 0; symbol < LITERALS_MAX; symbol++) lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
  build(literals, 0, LITERALS_MAX, 0);
  for (let symbol: u32 = 0; symbol < DISTANCES_MAX; symbol++) lengths[symbol] = 5;
  build(distances, 0, DISTANCES_MAX, 0);
  block();
}

/** Section 3.2.7: the codes come first, their lengths in a code of their own. */
function dynamic(): void {
  const literalCount = bits(5) + 257;
  const distanceCount = bits(5) + 1;
  const lengthCount = bits(4) + 4;
  const all = literalCount + distanceCount;
  for (let at = 0; at < lengths.length; at++) lengths[at] = 0;
  for (let at: u32 = 0; at < lengthCount; at++) lengths[order[at]] = <u8>bits(3);
  if (literalCount > 286 || distanceCount > 30 || !build(literals, 0, 19, 0)) {
    failed = true;
    return;
  }
  for (let at = 0; at < lengths.length; at++) lengths[at] = 0;
  for (let at: u32 = 0; at < all && !failed; ) {
    const symbol = decode(literals);
    if (symbol < 16) {
      lengths[at++] = <u8>symbol;
      continue;
    }
    let repeat: u32 = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
    if ((symbol == 16 && at == 0) || at + repeat > all) {
      failed = true;
      return;
    }
    const size: u8 = symbol == 16 ? lengths[at - 1] : 0;
    while (repeat-- > 0) lengths[at++] = size;
  }
  if (failed || lengths[END_OF_BLOCK] == 0 || !build(literals, 0, literalCount, 1) || !build(distances, literalCount, distanceCount, 1)) {
    failed = true;
    return;
  }
  block();
}

/** Length of what was unpacked, or -1. */
export function inflateRaw(from: usize, fromBytes: u32, to: usize, toRoom: u32): i32 {
  input = from;
  inputBytes = fromBytes;
  bit = 0;
  output = to;
  room = toRoom;
  length = 0;
  failed = false;
  let last: u32 = 0;
  do {
    last = bits(1);
    const kind = bits(2);
    if (kind == 0) stored();
    else if (kind == 1) fixed();
    else if (kind == 2) dynamic();
    else failed = true;
  } while (last == 0 && !failed);
  return failed ? -1 : <i32>length;
}
