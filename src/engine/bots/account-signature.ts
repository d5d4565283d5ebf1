/** Two accounts run by one macro or one program: a small fingerprint of what is played and how it sounds. */
export interface AccountSignature {
  /** Least hashes of the sequences of eight opcodes that come at least three times (min-hash; Broder, 1997). */
  readonly macro: readonly number[];
  /** Shares of ln(seconds) of the waits in 32 bins from 10 ms to 100 s. */
  readonly rhythm: readonly number[];
  readonly actions: number;
}

const hashes = 32;
const sequenceLength = 8;
const rhythmBins = 32;
const nothing = 0xffffffff;

export function signatureOf(opcodes: ArrayLike<number>, gapsSeconds: ArrayLike<number>, n: number): AccountSignature {
  const macro = new Uint32Array(hashes).fill(nothing);
  const seen = new Map<number, number>();
  for (let i = 0; i + sequenceLength <= n; i++) {
    let hash = 0x811c9dc5;
    for (let k = 0; k < sequenceLength; k++) hash = Math.imul(hash ^ (opcodes[i + k] as number), 0x01000193);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    // Once or twice is chance or the same mistake again; what comes a third time is the macro.
    if (count !== 3) continue;
    for (let h = 0; h < hashes; h++) {
      const value = scatter(hash + Math.imul(h, 0x9e3779b9));
      if (value < (macro[h] as number)) macro[h] = value;
    }
  }
  const rhythm = Array.from({ length: rhythmBins }, () => 0);
  for (let i = 0; i < n; i++) {
    const bin = Math.floor((Math.log10(Math.max(0.01, gapsSeconds[i] as number)) + 2) * 8);
    const at = Math.min(rhythmBins - 1, Math.max(0, bin));
    rhythm[at] = (rhythm[at] as number) + 1 / n;
  }
  return { macro: [...macro], rhythm, actions: n };
}

function scatter(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Estimated share of common repeated sequences (Jaccard), 0…1, with a deviation below 0.09; 0 when nothing repeats. */
export function macroSimilarity(a: AccountSignature, b: AccountSignature): number {
  if (a.macro[0] === nothing) return 0;
  return a.macro.reduce((sum, value, h) => sum + (value === b.macro[h] ? 1 : 0), 0) / hashes;
}

/** Overlap of the two histograms of waits, 0…1. Many people overlap by 0.7; it is a reason only beside a common macro. */
export function rhythmSimilarity(a: AccountSignature, b: AccountSignature): number {
  return a.rhythm.reduce((sum, share, bin) => sum + Math.min(share, b.rhythm[bin] ?? 0), 0);
}
