import type { Random } from "#base/random.ts";

/**
 * Names as people and firms give them, made by rule from words: single and joined words, initials, names made to be a
 * brand, misspellings, numbers. Written without looking at any list of domains.
 */
export function benignName(random: Random, words: readonly string[]): string {
  const word = (): string => random.pick(words);
  const draw = random.unit() * 100;
  let limit = 0;
  for (const [share, make] of rules) {
    limit += share;
    if (draw < limit) return make(random, word);
  }
  return word() + word();
}

type Rule = (random: Random, word: () => string) => string;

const consonants = "bcdfghklmnprstvwbcdfglmnprst";
const rareConsonants = `${consonants}jkxzqvw`;
const vowels = "aeiouaeioy";
const beginnings = [
  "my",
  "the",
  "e",
  "i",
  "get",
  "go",
  "be",
  "web",
  "net",
  "in",
  "on",
  "pro",
  "re",
  "un",
  "eco",
  "bio",
  "euro",
  "auto",
  "wp",
  "ms",
  "g",
  "x",
  "free",
  "best",
  "all",
];
const endings = [
  "ly",
  "ify",
  "io",
  "er",
  "ers",
  "ing",
  "ed",
  "s",
  "es",
  "hub",
  "lab",
  "labs",
  "app",
  "base",
  "box",
  "kit",
  "now",
  "up",
  "24",
  "360",
  "365",
  "tv",
  "fm",
  "x",
  "online",
  "shop",
  "world",
  "land",
  "zone",
  "group",
  "cdn",
  "dns",
  "api",
  "img",
  "static",
  "ads",
  "edge",
  "ia",
  "ation",
  "ment",
  "ness",
  "able",
  "al",
  "ic",
  "tek",
  "ex",
  "is",
  "us",
  "on",
  "a",
  "o",
  "co",
  "inc",
  "ltd",
  "gmbh",
];

const letter = (random: Random, of: string): string => of[random.between(0, of.length)] as string;
const initials = (random: Random, low: number, high: number): string => {
  let text = "";
  for (let left = random.between(low, high + 1); left > 0; left--)
    text += random.chance(0.3) ? letter(random, vowels) : letter(random, rareConsonants);
  return text;
};

/** Two or three open syllables with an odd end, as brands and foreign words sound. */
function brand(random: Random): string {
  let text = random.chance(0.3) ? letter(random, vowels) : "";
  for (let left = random.between(2, 4); left > 0; left--) {
    text += random.chance(0.2)
      ? random.pick(["br", "tr", "st", "ch", "sh", "th", "cl", "gr", "pl", "fl", "qu", "ph", "sk"])
      : letter(random, consonants);
    text += random.chance(0.15) ? random.pick(["oo", "ee", "ai", "ou", "ei", "ia", "eo", "au"]) : letter(random, vowels);
    if (random.chance(0.3)) text += letter(random, "nrlstmnrxk");
  }
  return text;
}

/** One letter lost, doubled, changed or exchanged. */
function misspelt(random: Random, word: string): string {
  const at = random.between(0, word.length - 1);
  const [head, here, next, tail] = [word.slice(0, at), word[at] as string, word[at + 1] as string, word.slice(at + 2)];
  return random.pick([
    head + next + tail,
    head + here + here + next + tail,
    head + next + here + tail,
    head + letter(random, vowels) + next + tail,
  ]);
}

/** Without its last vowel before a final r or n, or without all but the first. */
const shortened = (random: Random, word: string): string =>
  random.chance(0.5) ? word.replace(/[aeiou]([rnl])$/, "$1") : (word[0] as string) + word.slice(1).replace(/[aeiou]/g, "");

const rules: readonly (readonly [number, Rule])[] = [
  [17, (_random, word) => word()],
  [23, (_random, word) => word() + word()],
  [6, (_random, word) => word() + word() + word()],
  [3, (_random, word) => word() + word() + word() + word()],
  [5, (_random, word) => `${word()}-${word()}`],
  [2, (_random, word) => `${word()}-${word()}-${word()}`],
  [9, (random, word) => word() + random.pick(endings)],
  [5, (random, word) => random.pick(beginnings) + word()],
  [3, (random, word) => word() + word() + random.pick(endings)],
  [4, (random) => initials(random, 4, 5)],
  [5, (random, word) => initials(random, 1, 3) + word()],
  [4, (random, word) => word() + initials(random, 1, 3)],
  [7, brand],
  [3, (random, word) => brand(random) + word()],
  [2, (random, word) => shortened(random, word())],
  [2, (random, word) => shortened(random, word()) + word()],
  [
    3,
    (random, word) =>
      word() + String(random.pick([1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 21, 24, 33, 42, 55, 66, 77, 88, 99, 100, 123, 247, 365, 2000, 2020])),
  ],
  [1, (random, word) => String(random.between(1, 1000)) + word()],
  [2, (random) => initials(random, 2, 4) + String(random.between(1, 100))],
  [1, (random, word) => `${word()}-${initials(random, 2, 4)}`],
  [3, (random, word) => misspelt(random, word())],
];
