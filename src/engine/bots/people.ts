/**
 * How people measure: distributions of each feature at a few window sizes, as quantiles with smooth tails. A game's
 * own people make a better reference than any other; `defaultPeople` is computed from made-up ones and says so.
 */
export interface People {
  /** Where the numbers come from, for whoever reads a verdict. */
  readonly origin: string;
  /** ln(seconds) of the waits less their median, at equally spaced shares: the edges of bins that people fill equally. */
  readonly gapQuantiles: readonly number[];
  /** Window sizes in actions, ascending. */
  readonly sizes: readonly number[];
  /** By feature or `family NAME`: one distribution for each size. */
  readonly distributions: Readonly<Record<string, readonly Distribution[]>>;
}

/** Quantiles at `quantileShares`; beyond the first and last a generalised Pareto tail of shape and scale. */
export interface Distribution {
  readonly quantiles: readonly number[];
  readonly low: readonly [shape: number, scale: number];
  readonly high: readonly [shape: number, scale: number];
}

export const quantileShares: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const last = quantileShares.length - 1;
const tailShare = quantileShares[0] as number;

/** Share of people at or below the value. */
function shareBelow(distribution: Distribution, value: number): number {
  const { quantiles, low, high } = distribution;
  const first = quantiles[0] as number;
  if (value < first) return tailShare * tail(first - value, low);
  const top = quantiles[last] as number;
  if (value > top) return 1 - tailShare * tail(value - top, high);
  for (let i = 1; i <= last; i++) {
    const [from, to] = [quantiles[i - 1] as number, quantiles[i] as number];
    if (value > to) continue;
    const [below, above] = [quantileShares[i - 1] as number, quantileShares[i] as number];
    return to === from ? above : below + ((above - below) * (value - from)) / (to - from);
  }
  return 1 - tailShare;
}

/** Share of people at or above the value. */
function shareAbove(distribution: Distribution, value: number): number {
  const top = distribution.quantiles[last] as number;
  return value > top ? tailShare * tail(value - top, distribution.high) : 1 - shareBelow(distribution, value);
}

/** Survival of a generalised Pareto distribution (Pickands, Ann. Statist. 3, 1975). */
function tail(excess: number, [shape, scale]: readonly [number, number]): number {
  if (scale <= 0) return excess > 0 ? 0 : 1;
  return shape < 1e-6 ? Math.exp(-excess / scale) : (1 + (shape * excess) / scale) ** (-1 / shape);
}

/**
 * How rarely people measure as far in the direction of bots with `n` actions; between two sizes of the reference the
 * logarithms are interpolated in ln n. `undefined` when nothing was calibrated under the name.
 */
export function rarity(people: People, name: string, bots: "low" | "high" | "both", value: number, n: number): number | undefined {
  const distributions = people.distributions[name];
  if (distributions === undefined) return undefined;
  const [at, share] = place(people.sizes, n);
  const near = oneRarity(distributions[at] as Distribution, bots, value);
  if (share === 0) return near;
  const far = oneRarity(distributions[at + 1] as Distribution, bots, value);
  return Math.exp(Math.log(Math.max(near, 1e-12)) * (1 - share) + Math.log(Math.max(far, 1e-12)) * share);
}

function oneRarity(distribution: Distribution, bots: "low" | "high" | "both", value: number): number {
  if (bots === "low") return shareBelow(distribution, value);
  if (bots === "high") return shareAbove(distribution, value);
  return Math.min(1, 2 * Math.min(shareBelow(distribution, value), shareAbove(distribution, value)));
}

/** The size at or below n, and how far n is on the way to the next. */
function place(sizes: readonly number[], n: number): readonly [number, number] {
  if (n <= (sizes[0] as number)) return [0, 0];
  for (let i = 1; i < sizes.length; i++) {
    const [from, to] = [sizes[i - 1] as number, sizes[i] as number];
    if (n < to) return [i - 1, Math.log(n / from) / Math.log(to / from)];
  }
  return [sizes.length - 1, 0];
}

/** 5 %, 50 % and 95 % quantile of people at the size nearest below n. */
export function peopleRange(people: People, name: string, n: number): readonly [number, number, number] | undefined {
  const quantiles = people.distributions[name]?.[place(people.sizes, n)[0]]?.quantiles;
  return quantiles === undefined ? undefined : [quantiles[0] as number, quantiles[last / 2] as number, quantiles[last] as number];
}

const peopleSteps = 200;

/** Waits of people, ln(seconds) less their median, equally spaced in their shares. */
export const peopleWaitsOf = (quantiles: readonly number[]): Float64Array =>
  Float64Array.from({ length: peopleSteps }, (_, step) => quantileAt(quantiles, (step + 0.5) / peopleSteps));

/** Between equally spaced quantiles, and beyond them with the slope of the outermost two. */
function quantileAt(quantiles: readonly number[], at: number): number {
  const reached = Math.max(-1, Math.min(quantiles.length, at * (quantiles.length + 1) - 1));
  const low = Math.max(0, Math.min(quantiles.length - 2, Math.floor(reached)));
  const from = quantiles[low] as number;
  return from + ((quantiles[low + 1] as number) - from) * (reached - low);
}
