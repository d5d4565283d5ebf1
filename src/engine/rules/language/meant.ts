import { nearestWord } from "#base/nearest-word.ts";

/** `did you mean x?` or another advice. */
export function meant(word: string, names: Iterable<string>, otherwise: string): string {
  const name = nearestWord(word, names);
  return name === undefined ? otherwise : `did you mean ${name}?`;
}
