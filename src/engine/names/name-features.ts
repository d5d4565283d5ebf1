import { segment } from "./segment.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Buckets that pairs and triples of characters are hashed into. */
export const gramBuckets = 8192;
/** Numbers of a label beside its grams; their order is that of `measureLabel`. */
export const shapeCount = 17;

/** What the model sees of a label. */
export interface LabelFeatures {
  readonly shape: Float64Array;
  /** Buckets of the grams of the label, one for each gram. */
  readonly grams: Uint16Array;
}

const letters = /^[a-z0-9_-]+$/;
/** Characters of a label that the measures can stand on. */
export const labelMin = 4;
export const labelMax = 63;

/** Whether a label, in lower case, is one that the model can speak of; international ones (`xn--`) are not. */
export const isMeasurable = (label: string): boolean =>
  label.length >= labelMin && label.length <= labelMax && letters.test(label) && !label.startsWith("xn--");

/** Measures a measurable label. */
export function measureLabel(label: string, known: Vocabulary): LabelFeatures {
  const n = label.length;
  const runs = countRuns(label);
  const { covered, words } = segment(label, known);
  const entropy = entropyBits(label);
  const shape = Float64Array.of(
    1,
    n / 10,
    Math.max(0, n - 12) / 10,
    entropy / 4,
    entropy / Math.log2(Math.max(2, n)),
    runs.vowels / n,
    runs.digits / n,
    runs.longestConsonants / 5,
    Math.max(0, runs.longestConsonants - 4) / 3,
    runs.longestDigits / 5,
    covered / n,
    (n - covered) / 10,
    words === 0 ? 0 : covered / words / 6,
    runs.hyphens / n,
    runs.changes / n,
    runs.rare / n,
    n >= 8 && /^[0-9a-f]+$/.test(label) ? 1 : 0,
  );
  return { shape, grams: hashGrams(label) };
}

function hashGrams(label: string): Uint16Array {
  const text = `^${label}$`;
  const grams = new Uint16Array(2 * text.length - 3);
  let at = 0;
  for (let i = 0; i + 1 < text.length; i++) {
    const pair = Math.imul(Math.imul(0x811c9dc5 ^ text.charCodeAt(i), 0x01000193) ^ text.charCodeAt(i + 1), 0x01000193);
    grams[at++] = fold(pair);
    if (i + 2 < text.length) grams[at++] = fold(Math.imul(pair ^ text.charCodeAt(i + 2), 0x01000193));
  }
  return grams;
}

const fold = (hash: number): number => (hash ^ (hash >>> 15)) & (gramBuckets - 1);

/** How often each character was met, empty between calls, and which were. */
const counts = new Uint32Array(65_536);
const seen = new Uint16Array(65_536);

/** Bits of information per character, from how often each occurs in the text. */
export function entropyBits(text: string): number {
  let distinct = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((counts[code] as number) === 0) seen[distinct++] = code;
    counts[code] = (counts[code] as number) + 1;
  }
  let bits = 0;
  // In the order in which the characters were first met, so that a text has one value to the last digit.
  for (let i = 0; i < distinct; i++) {
    const share = (counts[seen[i] as number] as number) / text.length;
    bits -= share * Math.log2(share);
    counts[seen[i] as number] = 0;
  }
  return bits;
}

interface Runs {
  readonly vowels: number;
  readonly digits: number;
  readonly hyphens: number;
  /** Letters that few words have. */
  readonly rare: number;
  /** Places where digits and letters meet. */
  readonly changes: number;
  readonly longestConsonants: number;
  readonly longestDigits: number;
}

function countRuns(label: string): Runs {
  const runs = { vowels: 0, digits: 0, hyphens: 0, rare: 0, changes: 0, longestConsonants: 0, longestDigits: 0 };
  let consonants = 0;
  let digits = 0;
  let before = "";
  for (const letter of label) {
    const kind = kindOf(letter);
    if (kind === "vowel") runs.vowels++;
    if (kind === "digit") runs.digits++;
    if (kind === "other") runs.hyphens++;
    if ("jqxzwkv".includes(letter)) runs.rare++;
    if (before !== "" && before !== "other" && kind !== "other" && (kind === "digit") !== (before === "digit")) runs.changes++;
    consonants = kind === "consonant" ? consonants + 1 : 0;
    digits = kind === "digit" ? digits + 1 : 0;
    runs.longestConsonants = Math.max(runs.longestConsonants, consonants);
    runs.longestDigits = Math.max(runs.longestDigits, digits);
    before = kind;
  }
  return runs;
}

function kindOf(letter: string): "vowel" | "digit" | "consonant" | "other" {
  if ("aeiouy".includes(letter)) return "vowel";
  if (letter >= "0" && letter <= "9") return "digit";
  return letter >= "a" && letter <= "z" ? "consonant" : "other";
}
