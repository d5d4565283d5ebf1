import { readFileSync, writeFileSync } from "node:fs";
import { Random } from "#base/random.ts";

/** What a rule of the generated set looks at, with its share of the set in percent. The mix is fixed. */
const shapes = [
  ["tcp", 25],
  ["udp", 10],
  ["http.uri", 14],
  ["http.header", 8],
  ["http.user_agent", 5],
  ["http.host", 6],
  ["file.data", 6],
  ["dns.query", 12],
  ["tls.sni", 9],
  ["header only", 5],
] as const;
type Shape = (typeof shapes)[number][0];

const percentPcre = 20;
/** Rules whose literal occurs in the capture; the others look for random text. */
const percentFromCapture = 50;
/** Of these, rules that demand nothing else, so that they fire. */
const percentFiring = 4;

export interface RuleSet {
  readonly text: string;
  /** The mix in words, for the report. */
  readonly about: string;
}

/**
 * A set of `count` rules in Suricata's language, the same for the same seed and capture. Half of the literals are words
 * of the capture (so that the prefilter has hits), half random text; a rule with a word of the capture demands a second,
 * random one, but for a few that fire.
 */
export function makeRuleSet(count: number, seed: number, capture: string): RuleSet {
  const random = new Random(seed);
  const words = wordsOf(capture);
  const counts = new Map<string, number>();
  const lines: string[] = [];
  let pcres = 0;
  for (let i = 0; i < count; i++) {
    const shape = shapeOf(random);
    const hasPcre = shape !== "header only" && random.between(0, 100) < percentPcre;
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
    if (hasPcre) pcres++;
    lines.push(rule(shape, hasPcre, 1_000_000 + i, random, words));
  }
  const shares = [...counts].map(([name, n]) => `${name} ${((100 * n) / count).toFixed(0)} %`).join(", ");
  return {
    text: `${lines.join("\n")}\n`,
    about: `${count} rules, seed ${seed}: ${shares}; with pcre ${((100 * pcres) / count).toFixed(0)} %; literals half of the capture, half random`,
  };
}

function shapeOf(random: Random): Shape {
  let place = random.between(0, 100);
  for (const [shape, share] of shapes) {
    if (place < share) return shape;
    place -= share;
  }
  return "tcp";
}

function rule(shape: Shape, hasPcre: boolean, sid: number, random: Random, words: readonly string[]): string {
  if (shape === "header only")
    return `alert tcp $EXTERNAL_NET any -> $HOME_NET ${1 + random.between(0, 65_535)} (msg:"generated ${sid}"; flags:S; sid:${sid}; rev:1;)`;
  const fromCapture = random.between(0, 100) < percentFromCapture;
  const literal = fromCapture ? (words[random.between(0, words.length)] as string) : randomText(random, 6 + random.between(0, 12));
  const nocase = random.between(0, 2) === 0 ? " nocase;" : "";
  const tests = [`content:"${literal}";${nocase}`];
  const fires = fromCapture && random.between(0, 100) < percentFiring;
  if (fromCapture && !fires) tests.push(`content:"${randomText(random, 5 + random.between(0, 4))}"; distance:${random.between(0, 4)};`);
  // A pcre that goes with the literal and hardly ever matches.
  if (hasPcre)
    tests.push(`pcre:"/${randomLetters(random, 3)}[a-z0-9]{2,12}=(?:${randomLetters(random, 4)}|${randomLetters(random, 5)})\\d+/i";`);
  const buffer = shape === "tcp" || shape === "udp" ? "" : `${shape}; `;
  // The literal of the prefilter is the first one, so that both engines try the same.
  return `alert ${head(shape, random)} (msg:"generated ${sid}"; ${flowOf(shape)}${buffer}${tests[0]} fast_pattern; ${tests.slice(1).join(" ")} classtype:misc-activity; sid:${sid}; rev:1;)`;
}

function head(shape: Shape, random: Random): string {
  if (shape === "tcp")
    return `tcp any any -> any ${random.between(0, 3) === 0 ? "any" : [21, 25, 80, 110, 143, 443, 445, 1433, 3306, 8080][random.between(0, 10)]}`;
  if (shape === "udp")
    return `udp any any -> any ${random.between(0, 2) === 0 ? "any" : [53, 69, 123, 161, 1900, 5060][random.between(0, 6)]}`;
  if (shape === "dns.query") return "dns any any -> any any";
  if (shape === "tls.sni") return "tls any any -> any any";
  return "http any any -> any any";
}

const flowOf = (shape: Shape): string =>
  shape === "udp" || shape === "dns.query" ? "" : shape === "file.data" ? "flow:established,to_client; " : "flow:established,to_server; ";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-./";
const randomText = (random: Random, length: number): string =>
  Array.from({ length }, () => letters[random.between(0, letters.length)]).join("");

const randomLetters = (random: Random, length: number): string => Array.from({ length }, () => letters[random.between(0, 26)]).join("");

/** Texts of 6 to 20 letters that stand in the capture, each once, in the order in which they come. */
function wordsOf(capture: string): string[] {
  const text = readFileSync(capture).subarray(0, 64_000_000).toString("latin1");
  const found = new Set<string>();
  for (const [word] of text.matchAll(/[A-Za-z][A-Za-z0-9_./-]{5,19}/g)) {
    found.add(word);
    if (found.size >= 60_000) break;
  }
  return [...found];
}

/** Writes a set beside a benchmark's input. */
export function writeRuleSet(count: number, seed: number, capture: string, path: string): RuleSet {
  const set = makeRuleSet(count, seed, capture);
  writeFileSync(path, set.text);
  return set;
}
