/** Statistics that shuffling the actions would destroy. */
import type { PatternTable, Workspace } from "./workspace.ts";

const patternLengthMax = 5;

/**
 * Corrected conditional entropy, bits: the least over m of H(m) - H(m-1) + perc(m)·H(1), where perc(m) is the share of
 * patterns of length m that occur once (Porta et al., Biol. Cybern. 78, 1998; for bots Gianvecchio et al., USENIX Security 2008).
 * Low for a fixed order, high for chance.
 */
export function correctedConditionalEntropy(symbols: Uint8Array, n: number, table: PatternTable): number {
  let before = 0;
  let first = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let m = 1; m <= patternLengthMax; m++) {
    const { bits, once } = patternEntropy(symbols, n, m, table);
    if (m === 1) first = bits;
    else least = Math.min(least, bits - before + once * first);
    before = bits;
  }
  return least;
}

function patternEntropy(symbols: Uint8Array, n: number, length: number, table: PatternTable): { bits: number; once: number } {
  table.clear();
  const patterns = n - length + 1;
  let once = 0;
  let sum = 0;
  for (let i = 0; i < patterns; i++) {
    let key = 0;
    for (let k = 0; k < length; k++) key = key * 32 + (symbols[i + k] as number);
    const slot = table.slot(key | 0);
    const count = table.values[slot] as number;
    table.values[slot] = count + 1;
    if (count === 0) once += 1;
    else if (count === 1) once -= 1;
    sum += countTimesLog(count + 1) - countTimesLog(count);
  }
  return { bits: Math.log2(patterns) - sum / patterns, once: once / patterns };
}

const logs = Float64Array.from({ length: 1025 }, (_, count) => (count === 0 ? 0 : count * Math.log2(count)));
const countTimesLog = (count: number): number => logs[count] ?? count * Math.log2(count);

/** Complexity of Lempel and Ziv (1978): phrases · log2(n) / n. Low for loops, high for chance. */
export function lempelZiv(symbols: Uint8Array, n: number, table: PatternTable): number {
  table.clear();
  let phrases = 0;
  let node = 0;
  for (let i = 0; i < n; i++) {
    const slot = table.slot(node * 256 + (symbols[i] as number));
    const next = table.values[slot] as number;
    if (next === 0) {
      phrases += 1;
      table.values[slot] = phrases;
      node = 0;
    } else node = next;
  }
  return ((phrases + (node === 0 ? 0 : 1)) * Math.log2(n)) / n;
}

/** Mean autocorrelation of ln(seconds) at lags 1 to 5: people's pace drifts, drawn waits do not. */
export function autocorrelation(w: Workspace): number {
  const { logs: values, n } = w;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const mean = sum / n;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += ((values[i] as number) - mean) ** 2;
  if (variance < 1e-12) return 0;
  let total = 0;
  for (let lag = 1; lag <= 5; lag++)
    for (let i = lag; i < n; i++) total += ((values[i] as number) - mean) * ((values[i - lag] as number) - mean);
  return total / variance / 5;
}

const scales = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96];

/**
 * Exponent of detrended fluctuation analysis, linear trends (DFA-1; Peng et al., Phys. Rev. E 49, 1994), of ln(seconds):
 * 0.5 for independent waits, more for people.
 */
export function fluctuationExponent(w: Workspace): number {
  const { logs: values, n, profile } = w;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  profile[0] = 0;
  for (let i = 0; i < n; i++) profile[i + 1] = (profile[i] as number) + (values[i] as number) - sum / n;
  let [count, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const scale of scales) {
    if (scale > n / 4) break;
    const fluctuation = detrended(profile, n, scale);
    if (fluctuation <= 1e-9) continue;
    const [x, y] = [Math.log(scale), 0.5 * Math.log(fluctuation)];
    count += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  return count < 3 ? 0.5 : (count * sxy - sx * sy) / (count * sxx - sx * sx);
}

/** Mean square of the profile around a line in each box of `scale` values. */
function detrended(profile: Float64Array, n: number, scale: number): number {
  const middle = (scale - 1) / 2;
  const sxx = (scale * (scale * scale - 1)) / 12;
  let total = 0;
  let boxes = 0;
  for (let from = 0; from + scale <= n; from += scale) {
    let [sy, sxy, syy] = [0, 0, 0];
    for (let k = 0; k < scale; k++) {
      const y = profile[from + 1 + k] as number;
      sy += y;
      sxy += (k - middle) * y;
      syy += y * y;
    }
    total += (syy - (sy * sy) / scale - (sxy * sxy) / sxx) / scale;
    boxes += 1;
  }
  return total / boxes;
}

const kindsMax = 24;

/**
 * What an action tells of the wait before it, bits (mutual information, less the bias of Miller and Madow): people need
 * longer for some actions than for others, drawn waits do not care.
 */
export function actionInformation(w: Workspace, counts: Float64Array): number {
  const { n, tokens, bins } = w;
  counts.fill(0, 0, kindsMax * 6 + 5);
  for (let i = 0; i < n; i++) {
    const at = (tokens[i] as number) * 6;
    const bin = bins[i] as number;
    counts[at + bin] = (counts[at + bin] as number) + 1;
    counts[at + 5] = (counts[at + 5] as number) + 1;
    counts[kindsMax * 6 + bin] = (counts[kindsMax * 6 + bin] as number) + 1;
  }
  let bits = 0;
  let kinds = 0;
  let used = 0;
  for (let bin = 0; bin < 5; bin++) if ((counts[kindsMax * 6 + bin] as number) > 0) used += 1;
  for (let at = 0; at < kindsMax * 6; at += 6) {
    const row = counts[at + 5] as number;
    if (row === 0) continue;
    kinds += 1;
    for (let bin = 0; bin < 5; bin++) {
      const count = counts[at + bin] as number;
      if (count > 0) bits += (count / n) * Math.log2((count * n) / (row * (counts[kindsMax * 6 + bin] as number)));
    }
  }
  return bits - ((kinds - 1) * (used - 1)) / (2 * n * Math.LN2);
}
