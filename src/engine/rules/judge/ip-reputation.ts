import { parseAddress } from "#base/address.ts";

/** Addresses and networks that have a reputation; further ones are left out and counted. */
export const reputedAddressesMax = 4_194_304;
const SCORE_MAX = 127;
const CATEGORY_MAX = 255;

/** Scores by number of the category. */
type Scores = Map<number, number>;

/** All networks of one length of prefix. */
interface Level {
  readonly bits: number;
  readonly ipv4: Map<number, Scores>;
  /** By the words of the prefix as text. */
  readonly ipv6: Map<string, Scores>;
}

/**
 * Reputation of addresses by category, for `iprep`. Files are in Suricata's form: categories are `1,BadHosts,what they are`,
 * reputations `10.0.0.1,1,30` or `10.0.0.0/8,1,30`, scores from 0 to 127. The longest prefix with a score of the category
 * counts.
 */
export class IpReputation {
  readonly #categories = new Map<string, number>();
  /** Longest prefix first. */
  #levels: Level[] = [];
  #size = 0;
  #leftOut = 0;

  get size(): number {
    return this.#size;
  }

  /** Addresses that found no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  hasCategory(name: string): boolean {
    return this.#categories.has(name);
  }

  /** Returns the numbers of the lines that are no category. */
  loadCategories(text: string): readonly number[] {
    return eachLine(text, ([number, name]) => {
      const id = whole(number, CATEGORY_MAX);
      if (id === undefined || name === undefined || name === "") return false;
      this.#categories.set(name, id);
      return true;
    });
  }

  /** Returns the numbers of the lines that are no reputation. */
  load(text: string): readonly number[] {
    return eachLine(text, ([network = "", number, value]) => {
      const category = whole(number, CATEGORY_MAX);
      const score = whole(value, SCORE_MAX);
      const [address = "", length] = network.split("/", 2);
      const parsed = parseAddress(address);
      if (parsed === undefined || category === undefined || score === undefined) return false;
      const longest = parsed.version === 4 ? 32 : 128;
      const bits = length === undefined ? longest : whole(length, longest);
      if (bits === undefined) return false;
      this.#add(parsed.version === 6, Int32Array.from(parsed.words), bits, category, score);
      return true;
    });
  }

  /** Score of the address in the category; `undefined` when nothing is known of it. Address as in the flow record. */
  score(category: string, words: Int32Array, at: number, ipv6: boolean): number | undefined {
    const id = this.#categories.get(category);
    if (id === undefined) return undefined;
    for (const { bits, ipv4, ipv6: level } of this.#levels) {
      let scores: Scores | undefined;
      if (!ipv6) scores = ipv4.size > 0 ? ipv4.get(prefixWord(words[at] as number, bits)) : undefined;
      else scores = level.size > 0 ? level.get(prefixText(words, at, bits)) : undefined;
      const score = scores?.get(id);
      if (score !== undefined) return score;
    }
    return undefined;
  }

  #add(ipv6: boolean, words: Int32Array, bits: number, category: number, score: number): void {
    const level = this.#level(bits);
    const found = ipv6 ? level.ipv6.get(prefixText(words, 0, bits)) : level.ipv4.get(prefixWord(words[0] as number, bits));
    if (found !== undefined) {
      found.set(category, score);
      return;
    }
    if (this.#size >= reputedAddressesMax) {
      this.#leftOut++;
      return;
    }
    this.#size++;
    const scores: Scores = new Map([[category, score]]);
    if (ipv6) level.ipv6.set(prefixText(words, 0, bits), scores);
    else level.ipv4.set(prefixWord(words[0] as number, bits), scores);
  }

  #level(bits: number): Level {
    const known = this.#levels.find((level) => level.bits === bits);
    if (known !== undefined) return known;
    const level: Level = { bits, ipv4: new Map(), ipv6: new Map() };
    this.#levels = [...this.#levels, level].toSorted((a, b) => b.bits - a.bits);
    return level;
  }
}

/** The first `bits` bits of a word, from 0; all of it from 32. */
const prefixWord = (word: number, bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? word | 0 : word & (-1 << (32 - bits)));

function prefixText(words: Int32Array, at: number, bits: number): string {
  let text = "";
  for (let i = 0; i < 4 && bits > i * 32; i++) text += `${prefixWord(words[at + i] as number, bits - i * 32)} `;
  return text;
}

function whole(text: string | undefined, max: number): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

function eachLine(text: string, take: (fields: readonly string[]) => boolean): number[] {
  const bad: number[] = [];
  text.split("\n").forEach((line, index) => {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) return;
    if (!take(content.split(",").map((field) => field.trim()))) bad.push(index + 1);
  });
  return bad;
}
