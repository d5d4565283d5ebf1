import type { Vocabulary } from "./vocabulary.ts";

/** How well a label splits into known words. */
export interface Segmentation {
  /** Letters that belong to a word, of all characters. */
  readonly covered: number;
  readonly words: number;
}

const wordLettersMax = 12;
/** What a word costs: of two ways to split, the one with fewer and longer words wins. */
const wordPrice = 1.2;

/** Room for the labels that there are (RFC 1035 section 2.3.4: 63 letters), so that none is made for each; longer ones get their own. */
const scratchLetters = 128;
const scratchBest = new Float64Array(scratchLetters);
const scratchFrom = new Int32Array(scratchLetters);

/**
 * The split that covers most of the label with few words, by dynamic programming over the ends of words: at most
 * `wordLettersMax` steps for each character.
 */
export function segment(label: string, known: Vocabulary): Segmentation {
  const n = label.length;
  const best = n < scratchLetters ? scratchBest : new Float64Array(n + 1);
  const from = n < scratchLetters ? scratchFrom : new Int32Array(n + 1);
  for (let i = 0; i <= n; i++) {
    best[i] = 0;
    from[i] = -1;
  }
  for (let start = 0; start < n; start++) {
    raise(best, from, start + 1, best[start] as number, -1);
    const end = Math.min(n, start + wordLettersMax);
    let node = 0;
    for (let at = start; at < end; at++) {
      node = known.step(node, label.charCodeAt(at));
      if (node === 0) break;
      if (known.isWord(node)) raise(best, from, at + 1, (best[start] as number) + at + 1 - start - wordPrice, start);
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
