/**
 * Natural logarithm of the chance that a standard normal number is above `z`; far out in the tail, where the chance
 * itself is no longer a double, too. Continued fraction and series of Abramowitz and Stegun, 26.2.14 and 26.2.11.
 */
export function logNormalTail(z: number): number {
  if (Number.isNaN(z)) return 0;
  if (z < 0) return Math.log1p(-Math.exp(logNormalTail(-z)));
  if (z === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const logDensity = -0.5 * z * z - halfLogTwoPi;
  if (z > 2.5) {
    let fraction = z;
    for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
    return logDensity - Math.log(fraction);
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 60; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return Math.log(0.5 - Math.exp(logDensity) * sum);
}

/** The z that a standard normal number exceeds with the chance q; by halving, exact to the last digits. */
export function normalLimit(q: number): number {
  const target = Math.log(q);
  let [low, high] = [-40, 40];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (logNormalTail(middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);
