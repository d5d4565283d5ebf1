import { mix32 } from "#base/hash.ts";
import { Random } from "#base/random.ts";

/**
 * Classes of algorithms that make up names, each written from what is publicly said of such algorithms in general; none
 * is any real program's. A family is a secret of a campaign (`seed`) and gives the same names for it on every machine,
 * which is how both ends meet.
 */
export type Family = (seed: number, count: number) => readonly string[];

const alphabet = "abcdefghijklmnopqrstuvwxyz";
const consonants = "bcdfghjklmnpqrstvwxz";
const vowels = "aeiou";

/** A family whose names follow from a seeded stream alone. */
const streamed =
  (name: (random: Random, i: number) => string): Family =>
  (seed, count) => {
    const random = new Random(seed);
    return Array.from({ length: count }, (_, i) => name(random, i));
  };
const from = (random: Random, letters: string, low: number, high: number): string => {
  let text = "";
  for (let left = random.between(low, high + 1); left > 0; left--) text += letters[random.between(0, letters.length)];
  return text;
};

/** A linear congruential generator seeded by a date; high bits choose letters. */
const congruential: Family = (seed, count) => {
  let state = mix32(seed) >>> 0;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  return Array.from({ length: count }, () => Array.from({ length: 12 + next(4) }, () => alphabet[next(26)]).join(""));
};

/** Each letter is the one before it moved by a seeded amount. */
const chained: Family = (seed, count) =>
  Array.from({ length: count }, (_, i) => {
    let state = mix32(seed + i) >>> 0;
    let letter = state % 25;
    let text = "";
    for (let at = 0; at < 10 + (state % 6); at++) {
      state = (Math.imul(state, 16_807) + at) >>> 0;
      letter = (letter + (state >>> 8)) % 25;
      text += alphabet[letter];
    }
    return text;
  });

const shiftRegister: Family = (seed, count) => {
  let state = mix32(seed) | 1;
  return Array.from({ length: count }, () => {
    let text = "";
    const length = 8 + ((state >>> 3) % 13);
    while (text.length < length) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      text += alphabet[(state >>> 7) % 25];
    }
    return text;
  });
};

const digest = (seed: number, length: number): string => {
  let text = "";
  for (let word = 1; text.length < length; word++) text += (mix32(Math.imul(seed, 31) + word) >>> 0).toString(16).padStart(8, "0");
  return text.slice(0, length);
};
const hashDigits: Family = (seed, count) => Array.from({ length: count }, (_, i) => digest(mix32(seed) + i, [12, 16, 32][seed % 3] ?? 16));

/** Digits of a hash written as letters: each digit moves the alphabet's beginning. */
const hashLetters: Family = (seed, count) =>
  Array.from({ length: count }, (_, i) =>
    Array.from(digest(mix32(seed) + i, 14))
      .map((digit, at) => alphabet[(Number.parseInt(digit, 16) + at * (seed % 7)) % 26])
      .join(""),
  );

const permuted: Family = (seed, count) => {
  const random = new Random(seed);
  const base = Array.from(from(random, alphabet, 12, 16));
  return Array.from({ length: count }, () => {
    for (let i = base.length - 1; i > 0; i--) {
      const j = random.between(0, i + 1);
      [base[i], base[j]] = [base[j] as string, base[i] as string];
    }
    return base.join("");
  });
};

/** A fixed stem of which some letters are replaced, the number of the name deciding which. */
const replaced: Family = (seed, count) => {
  const random = new Random(seed);
  const stem = from(random, alphabet, 11, 15);
  return Array.from({ length: count }, () => {
    const text = Array.from(stem);
    for (let i = 0; i < 5; i++) text[random.between(0, text.length)] = alphabet[random.between(0, 26)] as string;
    return text.join("");
  });
};

const counted: Family = (seed, count) => {
  const stem = from(new Random(seed), alphabet, 5, 8);
  return Array.from({ length: count }, (_, i) => `${stem}${(mix32(seed + i) & 0xffff).toString(16)}`);
};

const triples: Family = (seed, count) => {
  const random = new Random(seed);
  const parts = Array.from({ length: 24 }, () => from(random, alphabet, 3, 3));
  return Array.from({ length: count }, () => Array.from({ length: random.between(3, 6) }, () => random.pick(parts)).join(""));
};

/** Letters as frequent as in English text, one independent of the other. */
const frequent = "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbvk";

/** Letters that say nothing of words: what the model is for. */
export const randomFamilies: Readonly<Record<string, Family>> = {
  congruential,
  chained,
  "shift-register": shiftRegister,
  "hash-digits": hashDigits,
  "hash-letters": hashLetters,
  permuted,
  replaced,
  counted,
  triples,
  base32: streamed((random) => from(random, "abcdefghijklmnopqrstuvwxyz234567", 16, 26)),
  "letters-and-digits": streamed((random) => from(random, "abcdefghijklmnopqrstuvwxyz0123456789", 10, 20)),
  "letters-then-digits": streamed((random) => from(random, alphabet, 7, 11) + from(random, "0123456789", 1, 3)),
  "few-letters": streamed((random) => from(random, alphabet, 6, 8)),
  "many-letters": streamed((random) => from(random, alphabet, 24, 34)),
  "half-alphabet": streamed((random) => from(random, "abcdefghijklm", 12, 18)),
  "no-vowels": streamed((random) => from(random, consonants, 8, 14)),
  "frequent-letters": streamed((random) => from(random, frequent, 10, 16)),
  alternating: streamed((random) =>
    Array.from({ length: random.between(5, 8) }, () => from(random, consonants, 1, 1) + from(random, vowels, 1, 1)).join(""),
  ),
  syllables: streamed((random) =>
    Array.from(
      { length: random.between(3, 5) },
      () => from(random, consonants, 1, 1) + from(random, vowels, 1, 1) + from(random, consonants, 1, 1),
    ).join(""),
  ),
  "vowel-pairs": streamed((random) =>
    Array.from({ length: random.between(4, 6) }, () => from(random, consonants, 1, 1) + from(random, vowels, 1, 2)).join(""),
  ),
};

const ownWords =
  "apple basket candle dinner engine father garden hammer island jacket kitchen ladder market needle orange pencil quarter rabbit silver table umbrella violet window yellow anchor bottle copper dollar eleven forest guitar honest insect jungle kettle lemon mirror number oyster pepper quiet river summer ticket under valley winter young zebra answer bridge circle danger early finger golden hungry iron joyful knight letter middle north open people quick result school thirty uncle visit water xenon year zero".split(
    " ",
  );
const ownWord = (random: Random): string => random.pick(ownWords);

/** Words joined: as names they are like anybody's, so they are measured apart. */
export const wordFamilies: Readonly<Record<string, Family>> = {
  "two-words": streamed((random) => ownWord(random) + ownWord(random)),
  "three-words": streamed((random) => ownWord(random) + ownWord(random) + ownWord(random)),
  "word-and-number": streamed((random) => ownWord(random) + String(random.between(100, 10_000))),
  "cut-words": streamed((random) => ownWord(random).slice(0, 4) + ownWord(random).slice(-3) + ownWord(random).slice(1, 4)),
};
