/*
 * Entropy in bits: how evenly a window's packets are spread over addresses, ports or sizes. H = log2 N − Σ f·log2 f / N
 * with f the counts and N their sum; f·log2 f is convex, so the most uneven counts allowed give the least entropy and the
 * most even ones the greatest. That turns a heavy-hitter summary into bounds that hold for certain.
 */
import type { SpaceSaving } from "./space-saving.ts";

/** Between which two values an entropy lies, in bits. */
export interface EntropyBounds {
  readonly lower: number;
  readonly upper: number;
}

/** Entropy of counts in bits. Counts of 0 add nothing; without any count it is 0. */
export function entropy(counts: ArrayLike<number>, length = counts.length): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    total += counts[i] as number;
    sum += weigh(counts[i] as number);
  }
  return fromSum(sum, total);
}

/** Entropy divided by the most that `distinct` keys can have: 1 is perfectly even; 0 for a single key. */
export function normalised(bits: number, distinct: number): number {
  return distinct <= 1 ? 0 : Math.min(1, bits / Math.log2(distinct));
}

/**
 * Entropy of all that a summary saw. Exact as long as every key had a counter of its own. `distinctMax` is an upper bound
 * on the number of keys, such as a distinct count with its error added; without it every unseen key may be a new one.
 */
export function entropyBounds(summary: SpaceSaving, distinctMax?: number): EntropyBounds {
  const total = summary.total;
  if (total === 0) return { lower: 0, upper: 0 };
  const most = new Float64Array(summary.size);
  const least = new Float64Array(summary.size);
  for (let slot = 0; slot < summary.size; slot++) {
    most[slot] = summary.countAt(slot);
    least[slot] = summary.countAt(slot) - summary.errorAt(slot);
  }
  most.sort();
  least.sort();
  const unheld = summary.unheldMax;
  const spread = unheld === 0 ? least.length : (distinctMax ?? Number.POSITIVE_INFINITY);
  const upper = fromSum(mostEven(least, total, Math.max(spread, least.length)), total);
  return { lower: Math.min(upper, fromSum(mostUneven(most, total, unheld), total)), upper };
}

/** Σ f·log2 f when the heaviest keys are as heavy as they may be and the rest is in keys of the size of `unheld`. */
function mostUneven(most: Float64Array, total: number, unheld: number): number {
  let left = total;
  let sum = 0;
  for (let i = most.length - 1; i >= 0 && left > 0; i--) {
    const count = Math.min(left, most[i] as number);
    sum += weigh(count);
    left -= count;
  }
  if (left <= 0 || unheld <= 0) return sum;
  const whole = Math.floor(left / unheld);
  return sum + whole * weigh(unheld) + weigh(left - whole * unheld);
}

/** Σ f·log2 f when the mass above the sure counts is poured over the lightest of `distinct` keys until they are level. */
function mostEven(least: Float64Array, total: number, distinct: number): number {
  let left = total;
  for (const count of least) left -= count;
  if (left <= 0) return least.reduce((sum, count) => sum + weigh(count), 0);
  // Unlimited new keys: each holds one count, which weighs nothing.
  if (distinct - least.length >= left) return least.reduce((sum, count) => sum + weigh(count), 0);
  let keys = distinct - least.length;
  let poured = left;
  let next = 0;
  while (next < least.length && (keys === 0 || (least[next] as number) < poured / keys)) {
    poured += least[next] as number;
    keys++;
    next++;
  }
  let sum = keys * weigh(poured / keys);
  for (; next < least.length; next++) sum += weigh(least[next] as number);
  return sum;
}

const weigh = (count: number): number => (count > 0 ? count * Math.log2(count) : 0);
const fromSum = (sum: number, total: number): number => (total <= 0 ? 0 : Math.max(0, Math.log2(total) - sum / total));
