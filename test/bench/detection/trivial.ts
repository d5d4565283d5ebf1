import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";

/** Packets in each second of a capture, from its first packet to its last. */
export async function packetsPerSecond(file: string): Promise<readonly number[]> {
  const pool = new BlockPoolMemory({ bytesMax: 1 << 19, framesMax: 8192, blocks: 1, shared: false, poison: false });
  await using source = await openCaptures([file], { pool });
  const counts: number[] = [];
  let from = -1;
  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    for (let i = 0; i < block.count; i++) {
      const second = Math.floor((block.time[i] as number) / 1e6);
      if (from < 0) from = second;
      const place = second - from;
      // Captures with pauses of years are cut: no window beyond a day counts.
      if (place < 0 || place >= 86_400) continue;
      while (counts.length <= place) counts.push(0);
      counts[place] = (counts[place] as number) + 1;
    }
    source.release(block);
  }
  return counts;
}

const windowsMin = 10;

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)] as number;

/** A second with more packets than the upper quartile and three times the spread between the quartiles. */
export function boxplotFires(counts: readonly number[]): boolean {
  if (counts.length < windowsMin) return false;
  const sorted = counts.toSorted((a, b) => a - b);
  const upper = quantile(sorted, 0.75);
  const spread = Math.max(1, upper - quantile(sorted, 0.25));
  return (sorted.at(-1) as number) > upper + 3 * spread;
}

/** A second whose packets stand more than 3.5 robust deviations above the median (Iglewicz and Hoaglin). */
export function robustZFires(counts: readonly number[]): boolean {
  if (counts.length < windowsMin) return false;
  const sorted = counts.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const deviations = counts.map((count) => Math.abs(count - median)).toSorted((a, b) => a - b);
  const mad = Math.max(1, quantile(deviations, 0.5));
  return (0.6745 * ((sorted.at(-1) as number) - median)) / mad > 3.5;
}
