/** Statistics that shuffling the actions would destroy. */
import type { PatternTable, Workspace } from "./workspace.ts";

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

/** Sums before each place: of the profile, of place × profile, of its square. */
const sumsRow = 3;

/** The profile is the running sum of ln(seconds) less its mean. */
function sumProfile({ logs: values, n, sums }: Workspace): void {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const mean = sum / n;
  let profile = 0;
  let first = 0;
  let moment = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    profile += (values[i] as number) - mean;
    first += profile;
    moment += i * profile;
    square += profile * profile;
    const at = (i + 1) * sumsRow;
    sums[at] = first;
    sums[at + 1] = moment;
    sums[at + 2] = square;
  }
}

const scales = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96];

/**
 * Exponent of detrended fluctuation analysis, linear trends (DFA-1; Peng et al., Phys. Rev. E 49, 1994), of ln(seconds):
 * 0.5 for independent waits, more for people.
 */
export function fluctuationExponent(w: Workspace): number {
  sumProfile(w);
  let [count, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const scale of scales) {
    if (scale > w.n / 4) break;
    const fluctuation = detrended(w, scale);
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

/** Mean square of the profile around a line in each box of `scale` values, by the sums over a box (Weisstein, least squares fitting). */
function detrended({ n, sums }: Workspace, scale: number): number {
  const middle = (scale - 1) / 2;
  const sxx = (scale * (scale * scale - 1)) / 12;
  let total = 0;
  let boxes = 0;
  for (let from = 0; from + scale <= n; from += scale) {
    const [low, high] = [from * sumsRow, (from + scale) * sumsRow];
    const sy = (sums[high] as number) - (sums[low] as number);
    // The moment is counted from the beginning of the window: less what the middle of the box is worth.
    const sxy = (sums[high + 1] as number) - (sums[low + 1] as number) - (from + middle) * sy;
    const syy = (sums[high + 2] as number) - (sums[low + 2] as number);
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
