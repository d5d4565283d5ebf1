import type { ByteTest } from "#engine/rules/signature.ts";

/** Shannon entropy of `bytes[from..to)`, bits a byte: 0 for one value, 8 for all values equally often. */
export function entropyOf(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from) return 0;
  const counts = new Uint32Array(256);
  for (let at = from; at < to; at++) counts[bytes[at] as number] = (counts[bytes[at] as number] as number) + 1;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const share = (counts[byte] as number) / (to - from);
    if (share > 0) sum -= share * Math.log2(share);
  }
  return sum;
}

/** The word `entropy`: of `bytes` bytes at `offset`, of all behind it when that is 0. False when they are not there. */
export function entropyHolds(test: Extract<ByteTest, { type: "entropy" }>, bytes: Uint8Array, from: number, to: number): boolean {
  const start = from + test.offset;
  const end = test.bytes === 0 ? to : start + test.bytes;
  if (start > to || end > to) return false;
  const entropy = entropyOf(bytes, start, end);
  switch (test.operator) {
    case "<":
      return entropy < test.value;
    case ">":
      return entropy > test.value;
    case "<=":
      return entropy <= test.value;
    case ">=":
      return entropy >= test.value;
    case "=":
      return Math.abs(entropy - test.value) < Number.EPSILON * 8;
    default:
      return Math.abs(entropy - test.value) >= Number.EPSILON * 8;
  }
}
