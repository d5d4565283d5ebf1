import type { Random } from "#base/random.ts";
import { type Lookup, textOf } from "./office-names.ts";

/** How somebody lets data out in names. */
export interface Leak {
  readonly name: string;
  /** Alphabet, and how many bytes one of its letters carries. */
  readonly alphabet: string;
  readonly bytesPerLetter: number;
  /** Letters in each question; labels are cut at 60. */
  readonly letters: number;
  /** Domains that take turns. */
  readonly domains: number;
  readonly type: string;
  /** What is answered: one address, nothing, or a text. */
  readonly answer: "address" | "nothing" | "text";
}

const hex = { alphabet: "0123456789abcdef", bytesPerLetter: 0.5 };
const base32 = { alphabet: "abcdefghijklmnopqrstuvwxyz234567", bytesPerLetter: 0.625 };
const base36 = { alphabet: "abcdefghijklmnopqrstuvwxyz0123456789", bytesPerLetter: 0.646 };

export const leaks: readonly Leak[] = [
  { name: "one domain, 60 hexadecimal digits", ...hex, letters: 60, domains: 1, type: "A", answer: "address" },
  { name: "one domain, 30 letters of base 32", ...base32, letters: 30, domains: 1, type: "A", answer: "nothing" },
  { name: "one domain, 30 letters, TXT", ...base32, letters: 30, domains: 1, type: "TXT", answer: "text" },
  { name: "one domain, 14 letters at a time", ...base36, letters: 14, domains: 1, type: "A", answer: "address" },
  { name: "one domain, 10 hexadecimal digits", ...hex, letters: 10, domains: 1, type: "A", answer: "address" },
  { name: "5 domains in turn, 40 digits", ...hex, letters: 40, domains: 5, type: "A", answer: "address" },
  { name: "25 domains in turn, 30 letters", ...base32, letters: 30, domains: 25, type: "A", answer: "address" },
  { name: "another domain each time, 40 letters", ...base32, letters: 40, domains: 10_000, type: "TXT", answer: "text" },
  { name: "another domain each time, 24 letters", ...base32, letters: 24, domains: 10_000, type: "A", answer: "nothing" },
];

/** Questions of a leak that lets out `rate` bytes each second from `begin` on, with jitter; names as people give them. */
export function leakLookups(
  leak: Leak,
  rate: number,
  random: Random,
  begin: number,
  seconds: number,
  client: string,
  domains: readonly string[],
): Lookup[] {
  const lookups: Lookup[] = [];
  const period = (leak.letters * leak.bytesPerLetter) / rate;
  for (let at = begin + random.unit() * period, i = 0; at < begin + seconds; at += period * (0.7 + 0.6 * random.unit()), i++) {
    const data = textOf(random, leak.alphabet, leak.letters).replaceAll(/(.{60})(?=.)/g, "$1.");
    const name = `${data}.${domains[i % Math.min(leak.domains, domains.length)]}`;
    const answer = leak.answer === "nothing" ? {} : { answer: leak.answer === "text" ? "v=ok" : "198.51.100.66" };
    lookups.push({ at, client, name, type: leak.type, ...answer });
  }
  return lookups;
}
