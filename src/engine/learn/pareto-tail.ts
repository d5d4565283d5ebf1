/** A generalised Pareto distribution of what lies above a level: shape 0 is exponential, above it heavier. */
export interface ParetoTail {
  readonly shape: number;
  readonly scale: number;
}

/**
 * Fits the excesses, which are above 0 and sorted rising, by the estimate of Zhang and Stephens (Technometrics, 2009):
 * the mean of the profile likelihood over a grid of θ. No search that may fail to converge.
 */
export function fitParetoTail(sorted: Float64Array): ParetoTail {
  const n = sorted.length;
  const largest = sorted[n - 1] ?? 0;
  const quartile = sorted[Math.max(0, Math.floor(n / 4 + 0.5) - 1)] ?? 0;
  if (!(quartile > 0) || !(largest < Number.MAX_VALUE)) return { shape: 0, scale: Math.max(meanOf(sorted), Number.MIN_VALUE) };
  const steps = 20 + Math.floor(Math.sqrt(n));
  const thetas = Array.from({ length: steps }, (_, j) => 1 / largest + (1 - Math.sqrt(steps / (j + 0.5))) / (3 * quartile));
  const likelihoods = thetas.map((theta) => {
    const shape = shapeOf(theta, sorted);
    return n * (Math.log(-theta / shape) - shape - 1);
  });
  let sum = 0;
  let weights = 0;
  const best = likelihoods.reduce((most, one) => (one > most ? one : most), Number.NEGATIVE_INFINITY);
  likelihoods.forEach((likelihood, j) => {
    const weight = Math.exp(likelihood - best);
    // At θ = 0 the likelihood is 0/0, and says nothing.
    if (!(weight >= 0)) return;
    sum += weight * (thetas[j] as number);
    weights += weight;
  });
  const theta = sum / weights;
  const shape = shapeOf(theta, sorted);
  const scale = -shape / theta;
  return scale > 0 && Number.isFinite(scale) ? { shape, scale } : { shape: 0, scale: meanOf(sorted) };
}

/** The same fit, but an exponential tail where the best one would have an end. */
export function fitEndlessTail(sorted: Float64Array): ParetoTail {
  const fit = fitParetoTail(sorted);
  return fit.shape >= 0 ? fit : { shape: 0, scale: Math.max(meanOf(sorted), Number.MIN_VALUE) };
}

/** The chance that an excess is above `y`. */
export function paretoTail({ shape, scale }: ParetoTail, y: number): number {
  if (y <= 0) return 1;
  if (Math.abs(shape) < shapeMin) return Math.exp(-y / scale);
  return Math.max(0, 1 + (shape * y) / scale) ** (-1 / shape);
}

/** The excess that is exceeded with chance q. */
export function paretoLimit({ shape, scale }: ParetoTail, q: number): number {
  return Math.abs(shape) < shapeMin ? -scale * Math.log(q) : (scale / shape) * (q ** -shape - 1);
}

/** Nearer to 0 the power and the exponential are the same to the last digits. */
const shapeMin = 1e-9;

function shapeOf(theta: number, sorted: Float64Array): number {
  let sum = 0;
  for (const y of sorted) sum += Math.log1p(-theta * y);
  return sum / sorted.length;
}

function meanOf(numbers: Float64Array): number {
  let sum = 0;
  for (const one of numbers) sum += one;
  return sum / Math.max(1, numbers.length);
}
