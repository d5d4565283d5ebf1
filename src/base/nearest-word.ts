/** Letters of a word that are looked at. */
const charactersMax = 64;

/**
 * The name that was probably meant by a word: spelled most like it, at most a third of its letters wrong; else the first that
 * begins with it or ends in it behind a `_`. `undefined` when there is none.
 */
export function nearestWord(word: string, names: Iterable<string>): string | undefined {
  const typed = word.toLowerCase().slice(0, charactersMax);
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  let best: string | undefined;
  let part: string | undefined;
  for (const name of names) {
    if (typed.length > 2 && part === undefined && (name.startsWith(typed) || name.endsWith(`_${typed}`))) part = name;
    if (Math.abs(name.length - typed.length) >= least) continue;
    const distance = editDistance(typed, name);
    if (distance < least) [least, best] = [distance, name];
  }
  return best ?? part;
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((row[j - 1] as number) + 1, (above[j] as number) + 1, (above[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] as number) + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[b.length] as number;
}
