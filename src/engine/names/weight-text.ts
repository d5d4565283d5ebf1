/** Weights as text, a printable character each: levels from -45 to 45 are `#` to `~` without the backslash. */
const levelMax = 45;
const zeroCode = 80;
const backslash = 92;

/** The nearest levels of weights; those beyond 45 quanta are cut, so that a few do not coarsen the rest. */
export function writeWeights(weights: Float64Array, quantum: number): string {
  let text = "";
  for (const weight of weights) {
    const code = zeroCode + Math.max(-levelMax, Math.min(levelMax, Math.round(weight / quantum)));
    text += String.fromCharCode(code >= backslash ? code + 1 : code);
  }
  return text;
}

/** Levels of `count` weights; a text that is too short gives zeros. */
export function readWeights(text: string, count: number): Int8Array {
  return Int8Array.from({ length: count }, (_, i) => {
    if (i >= text.length) return 0;
    const code = text.charCodeAt(i);
    return code - (code > backslash ? 1 : 0) - zeroCode;
  });
}
