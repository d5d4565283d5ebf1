import type { Vocabulary } from "./vocabulary.ts";

/** How well a label splits into known words. */
export interface Segmentation {
  /** Letters that belong to a word, of all characters. */
  readonly covered: number;
  readonly words: number;
}

const wordLettersMin = 3;
const wordLettersMax = 12;
/** What a word costs: of two ways to split, the one with fewer and longer words wins. */
const wordPrice = 1.2;

/**
 * The split that covers most of the label with few words, by dynamic programming over the ends of words: at most
 * `wordLettersMax` look-ups for each character.
 */
export function segment(label: string, known: Vocabulary): Segmentation {
  const n = label.length;
  const best = new Float64Array(n + 1);
  const from = new Int32Array(n + 1).fill(-1);
  for (let start = 0; start < n; start++) {
    raise(best, from, start + 1, best[start] as number, -1);
    if (!known.mayBegin(label, start)) continue;
    for (let size = wordLettersMin; size <= wordLettersMax && start + size <= n; size++) {
      const gain = (best[start] as number) + size - wordPrice;
      if (gain > (best[start + size] as number) && known.has(label.slice(start, start + size)))
        raise(best, from, start + size, gain, start);
    }
  }
  let covered = 0;
  let count = 0;
  for (let end = n; end > 0; ) {
    const start = from[end] as number;
    if (start < 0) {
      end--;
      continue;
    }
    covered += end - start;
    count++;
    end = start;
  }
  return { covered, words: count };
}

/** Keeps the better way to reach a place. */
function raise(best: Float64Array, from: Int32Array, at: number, gain: number, start: number): void {
  if (start < 0 ? gain < (best[at] as number) : gain <= (best[at] as number)) return;
  best[at] = gain;
  from[at] = start;
}
