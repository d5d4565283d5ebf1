/**
 * Lengths of the codes in RFC 7541, appendix B, by symbol: `symbols × length` runs. The code is canonical, so that the
 * lengths say everything.
 */
const RUNS =
  "1x13 1x23 7x28 1x24 1x30 2x28 1x30 8x28 1x30 9x28 1x6 2x10 1x12 1x13 1x6 1x8 1x11 2x10 1x8 1x11 1x8 3x6 3x5 7x6 1x7 1x8 1x15 1x6 " +
  "1x12 1x10 1x13 1x6 22x7 1x8 1x7 1x8 1x13 1x19 1x13 1x14 1x6 1x15 1x5 1x6 1x5 1x6 1x5 3x6 1x5 2x7 3x6 1x5 1x6 1x7 1x6 2x5 1x6 5x7 " +
  "1x15 1x11 1x14 1x13 1x28 1x20 1x22 2x20 3x22 1x23 1x22 5x23 1x24 1x23 2x24 1x22 1x23 1x24 4x23 1x21 1x22 1x23 1x22 2x23 1x24 1x22 " +
  "1x21 1x20 2x22 2x23 1x21 1x23 2x22 1x24 1x21 1x22 2x23 2x21 1x22 1x21 1x23 1x22 2x23 1x20 3x22 1x23 2x22 1x23 2x26 1x20 1x19 1x22 " +
  "1x23 1x22 1x25 3x26 2x27 1x26 1x24 1x25 1x19 1x21 1x26 2x27 1x26 1x27 1x24 2x21 2x26 1x28 3x27 1x20 1x24 1x20 1x21 1x22 2x21 1x23 " +
  "2x22 2x25 2x24 1x26 1x23 1x26 1x27 2x26 5x27 1x28 5x27 1x26 1x30";

const LONGEST = 30;
const END_OF_STRING = 256;

/** By length of the code: the first code, how many there are, and where their symbols begin. */
interface Table {
  readonly first: Uint32Array;
  readonly count: Uint16Array;
  readonly offset: Uint16Array;
  readonly symbols: Uint16Array;
}

let table: Table | undefined;

/** Built when the first text is met. */
function build(): Table {
  const lengths = RUNS.split(" ").flatMap((run) => {
    const [times, length] = run.split("x");
    return Array<number>(Number(times)).fill(Number(length));
  });
  const first = new Uint32Array(LONGEST + 1);
  const count = new Uint16Array(LONGEST + 1);
  const offset = new Uint16Array(LONGEST + 1);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let at = 0;
  for (let length = 1; length <= LONGEST; length++) {
    code *= 2;
    first[length] = code;
    offset[length] = at;
    for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] === length) symbols[at++] = symbol;
    count[length] = at - (offset[length] as number);
    code += count[length] as number;
  }
  return { first, count, offset, symbols };
}

/**
 * Decodes `bytes[from..to)` into `target`; returns how many bytes it made, -1 when they are no such text. `target` has
 * room for eight bytes for each five of the source.
 */
export function huffmanDecode(bytes: Uint8Array, from: number, to: number, target: Uint8Array): number {
  table ??= build();
  const { first, count, offset, symbols } = table;
  let code = 0;
  let length = 0;
  let made = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      if (++length > LONGEST) return -1;
      const index = code - (first[length] as number);
      if (index < 0 || index >= (count[length] as number)) continue;
      const symbol = symbols[(offset[length] as number) + index] as number;
      if (symbol === END_OF_STRING) return -1;
      target[made++] = symbol;
      code = 0;
      length = 0;
    }
  }
  // The rest of the last byte are the first bits of the end of string: ones, at most seven.
  return length > 7 || code !== 2 ** length - 1 ? -1 : made;
}
