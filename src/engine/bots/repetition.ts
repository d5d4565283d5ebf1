/** Statistics of what comes again: a macro, a recording, a path. */
import type { Workspace } from "./workspace.ts";

/** The best repetition in a window, over all distances ("lags") between an action and the one it is compared with. */
export interface Repetition {
  /** Longest run of equal actions at one lag, share of the window. */
  longestRun: number;
  longestRunLag: number;
  longestRunAt: number;
  longestRunLength: number;
  /** Largest share of equal actions at one lag. */
  actionMatch: number;
  /** Largest share of equal actions in the same quintile of gaps at one lag (self-match). */
  selfMatch: number;
  /** Least mean distance of ln(seconds) at one lag, divided by the mean distance of any two gaps: near 0 for a recording. */
  timingDistance: number;
  timingLag: number;
}

export const newRepetition = (): Repetition => ({
  longestRun: 0,
  longestRunLag: 0,
  longestRunAt: 0,
  longestRunLength: 0,
  actionMatch: 0,
  selfMatch: 0,
  timingDistance: 1,
  timingLag: 0,
});

const timingLagMin = 3;
const timingPairsFirst = 64;

/** Compares the window with itself at each lag up to half of it. Costs at most n²·3/8 comparisons of waits, and a 32nd of them of actions. */
export function findRepetition(w: Workspace, out: Repetition): void {
  out.timingDistance = 1;
  out.timingLag = 0;
  w.repeats.find(w.tokens, w.bins, w.n, out);
  findTiming(w, out);
}

/** Lags whose first pairs are no nearer than any two waits of the window are not followed to the end. */
function findTiming({ n, logs, sorted }: Workspace, out: Repetition): void {
  const usual = meanDistance(sorted, n);
  if (usual <= 1e-9) return;
  for (let lag = timingLagMin; lag <= n >> 1; lag++) {
    const pairs = n - lag;
    const first = Math.min(n, lag + timingPairsFirst);
    let distance = 0;
    for (let i = lag; i < first; i++) distance += Math.abs((logs[i] as number) - (logs[i - lag] as number));
    if (distance > usual * (first - lag)) continue;
    for (let i = first; i < n; i++) distance += Math.abs((logs[i] as number) - (logs[i - lag] as number));
    if (distance < out.timingDistance * usual * pairs) {
      out.timingDistance = distance / (usual * pairs);
      out.timingLag = lag;
    }
  }
}

/** Mean absolute difference of two of the sorted values (Gini). */
function meanDistance(sorted: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (2 * i - n + 1) * (sorted[i] as number);
  return n < 2 ? 0 : (2 * sum) / (n * (n - 1));
}

/**
 * Self-similarity of the minutes: H = 1 - σ(c)/2 with c the cosine of a minute's counts per action and the vector of
 * ones over the kinds that the window has (Lee et al., NDSS 2016). Near 1 when each minute is like the others. 0.5 below three minutes.
 */
export function selfSimilarity(w: Workspace, counts: Float64Array): number {
  const kinds = 24;
  const used = w.repertoire.kinds;
  let [minutes, sum, squares, time] = [0, 0, 0, 0];
  counts.fill(0, 0, kinds);
  const close = () => {
    let [total, norm] = [0, 0];
    for (let kind = 0; kind < kinds; kind++) {
      const count = counts[kind] as number;
      total += count;
      norm += count * count;
    }
    counts.fill(0, 0, kinds);
    if (total === 0) return;
    const cosine = total / Math.sqrt(norm * used);
    minutes += 1;
    sum += cosine;
    squares += cosine * cosine;
  };
  for (let i = 0; i < w.n; i++) {
    const minute = Math.floor(time / 60);
    time += w.gaps[i] as number;
    if (Math.floor(time / 60) !== minute) close();
    const token = w.tokens[i] as number;
    counts[token] = (counts[token] as number) + 1;
  }
  if (minutes < 3) return 0.5;
  return 1 - Math.sqrt(Math.max(0, squares / minutes - (sum / minutes) ** 2)) / 2;
}

export interface PathRepetition {
  /** Longest path walked again, share of the way points. */
  share: number;
  lag: number;
  at: number;
  length: number;
}

/** A path leads further than this many tolerances. */
const pathSpan = 8;

/** True when the last `count` way points up to `end` are further apart than the root of `square`. */
function spans({ x, y }: Workspace, end: number, count: number, square: number): boolean {
  const from = Math.max(0, end - count + 1);
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = from; i <= end; i++) {
    left = Math.min(left, x[i] as number);
    right = Math.max(right, x[i] as number);
    low = Math.min(low, y[i] as number);
    high = Math.max(high, y[i] as number);
  }
  return (right - left) ** 2 + (high - low) ** 2 > square;
}

/** The longest stretch of way points that comes again within the tolerance, a share of the diagonal of all of them. */
export function findPath(w: Workspace, tolerance: number, out: PathRepetition): void {
  const { x, y, points } = w;
  Object.assign(out, { share: 0, lag: 0, at: 0, length: 0 });
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points; i++) {
    left = Math.min(left, x[i] as number);
    right = Math.max(right, x[i] as number);
    low = Math.min(low, y[i] as number);
    high = Math.max(high, y[i] as number);
  }
  const near = Math.max(1e-12, (Math.hypot(right - left, high - low) * tolerance) ** 2);
  for (let lag = 2; lag <= points >> 1; lag++) {
    let run = 0;
    for (let i = lag; i < points; i++) {
      const dx = (x[i] as number) - (x[i - lag] as number);
      const dy = (y[i] as number) - (y[i - lag] as number);
      run = dx * dx + dy * dy <= near ? run + 1 : 0;
      // Standing still repeats every way point at every lag: a path comes back over at least its own length, and leads somewhere.
      if (run > out.length && run >= lag && spans(w, i - lag, lag, near * pathSpan * pathSpan)) {
        out.length = run;
        out.lag = lag;
        out.at = i - run + 1 - lag;
      }
    }
  }
  out.share = points === 0 ? 0 : out.length / points;
}
