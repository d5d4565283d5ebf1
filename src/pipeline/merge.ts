/** The events of one block from one worker: lines, and what puts them in order. */
export interface BlockLines {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly keys: Float64Array;
  readonly partitions: Uint8Array;
  readonly ends: Int32Array;
}

/**
 * Merges the events of one block from all workers by (packet number, partition, place). Each worker's own lines are in
 * that order already, so runs of lines are copied whole.
 */
export function mergeLines(workers: readonly BlockLines[]): Uint8Array {
  const only = workers.filter((lines) => lines.count > 0);
  const first = only[0];
  if (first === undefined) return new Uint8Array(0);
  if (only.length === 1) return first.bytes.subarray(0, first.ends[first.count - 1]);
  const total = only.reduce((sum, lines) => sum + (lines.ends[lines.count - 1] as number), 0);
  const merged = new Uint8Array(total);
  const places = only.map(() => 0);
  for (let to = 0; to < total; ) {
    const best = smallest(only, places);
    const lines = only[best] as BlockLines;
    const place = places[best] as number;
    const from = place === 0 ? 0 : (lines.ends[place - 1] as number);
    const end = lines.ends[place] as number;
    merged.set(lines.bytes.subarray(from, end), to);
    to += end - from;
    places[best] = place + 1;
  }
  return merged;
}

function smallest(workers: readonly BlockLines[], places: readonly number[]): number {
  let best = -1;
  let bestKey = Number.POSITIVE_INFINITY;
  let bestPartition = 0;
  for (let w = 0; w < workers.length; w++) {
    const lines = workers[w] as BlockLines;
    const place = places[w] as number;
    if (place >= lines.count) continue;
    const key = lines.keys[place] as number;
    const partition = lines.partitions[place] as number;
    if (best < 0 || key < bestKey || (key === bestKey && partition < bestPartition)) {
      best = w;
      bestKey = key;
      bestPartition = partition;
    }
  }
  return best;
}
