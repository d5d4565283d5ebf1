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

/** Packets in a second above which it is more than the upper quartile and three times the spread between the quartiles. */
export function boxplotLimit(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  const upper = quantile(sorted, 0.75);
  return upper + 3 * Math.max(1, upper - quantile(sorted, 0.25));
}

/** Packets in a second above which it stands more than 3.5 robust deviations above the median (Iglewicz and Hoaglin). */
export function robustZLimit(counts: readonly number[]): number {
  const median = quantile(
    counts.toSorted((a, b) => a - b),
    0.5,
  );
  const deviations = counts.map((count) => Math.abs(count - median)).toSorted((a, b) => a - b);
  return median + (3.5 * Math.max(1, quantile(deviations, 0.5))) / 0.6745;
}

const exceeds = (counts: readonly number[], limit: (counts: readonly number[]) => number): boolean =>
  counts.length >= windowsMin && Math.max(...counts) > limit(counts);

export const boxplotFires = (counts: readonly number[]): boolean => exceeds(counts, boxplotLimit);
export const robustZFires = (counts: readonly number[]): boolean => exceeds(counts, robustZLimit);
