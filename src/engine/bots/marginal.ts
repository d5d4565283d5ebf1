/** Statistics of the gaps between actions that do not care for their order. */
import type { Workspace } from "./workspace.ts";

/** Burstiness of Goh and Barabási for n gaps (Kim and Jo, Phys. Rev. E 94, 032311): -1 regular, 0 random, 1 bursty. */
export function burstiness(mean: number, deviation: number, n: number): number {
  const r = deviation / mean;
  const [up, down] = [Math.sqrt(n + 1), Math.sqrt(n - 1)];
  return (up * r - down) / ((up - 2) * r + down);
}

export function gapBurstiness(w: Workspace): number {
  let sum = 0;
  for (let i = 0; i < w.n; i++) sum += w.gaps[i] as number;
  const mean = sum / w.n;
  let squares = 0;
  for (let i = 0; i < w.n; i++) squares += ((w.gaps[i] as number) - mean) ** 2;
  return burstiness(mean, Math.sqrt(squares / w.n), w.n);
}

/** Deviation of ln(seconds). */
export function logDeviation(w: Workspace): number {
  let sum = 0;
  for (let i = 0; i < w.n; i++) sum += w.logs[i] as number;
  let squares = 0;
  for (let i = 0; i < w.n; i++) squares += ((w.logs[i] as number) - sum / w.n) ** 2;
  return Math.sqrt(squares / w.n);
}

/** Distance between the upper and lower decile of ln(seconds): how long a player's pauses are, next to the quick actions. */
export function logSpread(w: Workspace): number {
  return quantile(w, 0.9) - quantile(w, 0.1);
}

/** Half the distance between the quartiles of ln(seconds): a robust relative deviation, like MAD divided by the median. */
export function robustDeviation(w: Workspace): number {
  return (quantile(w, 0.75) - quantile(w, 0.25)) / 2;
}

const quantile = (w: Workspace, share: number): number => w.sorted[Math.min(w.n - 1, Math.floor(share * w.n))] as number;

/** Largest share of the gaps that lie within 6 % of each other: a timer, whatever surrounds it. */
export function modeMass(w: Workspace): number {
  let most = 0;
  for (let low = 0, high = 0; high < w.n; high++) {
    while ((w.sorted[high] as number) - (w.sorted[low] as number) > 0.06) low += 1;
    most = Math.max(most, high - low + 1);
  }
  return most / w.n;
}

/** Entropy, bits, of the gaps in bins that people fill equally, around the player's own median (EN). */
export function quantileEntropy(w: Workspace, peopleQuantiles: readonly number[]): number {
  const median = quantile(w, 0.5);
  let bits = 0;
  let from = 0;
  for (let bin = 0; bin <= peopleQuantiles.length; bin++) {
    let to = from;
    const edge = peopleQuantiles[bin] ?? Number.POSITIVE_INFINITY;
    while (to < w.n && (w.sorted[to] as number) - median < edge) to += 1;
    const share = (to - from) / w.n;
    if (share > 0) bits -= share * Math.log2(share);
    from = to;
  }
  return bits;
}

/** Kolmogorov and Smirnov's distance of the gaps, around their median, from people's, at people's quantiles. */
export function distanceFromPeople(w: Workspace, peopleQuantiles: readonly number[]): number {
  const median = quantile(w, 0.5);
  let most = 0;
  for (let bin = 0, at = 0; bin < peopleQuantiles.length; bin++) {
    while (at < w.n && (w.sorted[at] as number) - median < (peopleQuantiles[bin] as number)) at += 1;
    most = Math.max(most, Math.abs(at / w.n - (bin + 1) / (peopleQuantiles.length + 1)));
  }
  return most;
}

const kindsMax = 24;

/**
 * Smallest relative deviation of the time from one action to the next action of the same kind, over kinds made at
 * least eight times (after the action-time intervals of ETRI Journal 2023). 2 when no kind is frequent enough.
 */
export function sameActionDeviation(w: Workspace, sums: Float64Array): number {
  sums.fill(0, 0, kindsMax * 4);
  let time = 0;
  for (let i = 0; i < w.n; i++) {
    time += w.gaps[i] as number;
    const at = (w.tokens[i] as number) * 4;
    const last = sums[at] as number;
    if (last > 0) {
      const gap = Math.log(Math.max(0.001, time - last));
      sums[at + 1] = (sums[at + 1] as number) + 1;
      sums[at + 2] = (sums[at + 2] as number) + gap;
      sums[at + 3] = (sums[at + 3] as number) + gap * gap;
    }
    sums[at] = time;
  }
  let least = 2;
  for (let at = 0; at < kindsMax * 4; at += 4) {
    const count = sums[at + 1] as number;
    if (count < 8) continue;
    const mean = (sums[at + 2] as number) / count;
    least = Math.min(least, Math.sqrt(Math.max(0, (sums[at + 3] as number) / count - mean * mean)));
  }
  return least;
}
