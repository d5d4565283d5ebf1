/**
 * The discrete Fourier transform in place (Cooley and Tukey 1965, radix two); `real.length` is a power of two.
 * Unscaled; the inverse is the same with the two arrays exchanged.
 */
export function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(real, i, j);
      swap(imaginary, i, j);
    }
  }
  for (let size = 2; size <= n; size *= 2) butterflies(real, imaginary, size);
}

function butterflies(real: Float64Array, imaginary: Float64Array, size: number): void {
  const half = size >> 1;
  for (let k = 0; k < half; k++) {
    const cosine = Math.cos((2 * Math.PI * k) / size);
    const sine = -Math.sin((2 * Math.PI * k) / size);
    for (let at = k; at < real.length; at += size) {
      const a = real[at + half] as number;
      const b = imaginary[at + half] as number;
      const re = a * cosine - b * sine;
      const im = a * sine + b * cosine;
      real[at + half] = (real[at] as number) - re;
      imaginary[at + half] = (imaginary[at] as number) - im;
      real[at] = (real[at] as number) + re;
      imaginary[at] = (imaginary[at] as number) + im;
    }
  }
}

function swap(numbers: Float64Array, i: number, j: number): void {
  const kept = numbers[i] as number;
  numbers[i] = numbers[j] as number;
  numbers[j] = kept;
}
