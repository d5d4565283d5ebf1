import { parseAddress } from "#base/address.ts";

/** A network of either version: address words and the length of its prefix in bits. */
interface Network {
  readonly words: readonly number[];
  readonly prefix: number;
}

/** A list of networks that addresses are looked up in. */
export class Networks {
  readonly #v4: Network[] = [];
  readonly #v6: Network[] = [];

  /** `10.0.0.0/8`, `fe80::/10`, or single addresses. What is no network is left out and can be seen in `bad`. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const [address = "", bits] = text.split("/");
      const parsed = parseAddress(address);
      const longest = parsed?.version === 4 ? 32 : 128;
      const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : longest + 1;
      if (parsed === undefined || prefix > longest) this.bad.push(text);
      else (parsed.version === 4 ? this.#v4 : this.#v6).push({ words: parsed.words, prefix });
    }
  }

  readonly bad: string[] = [];

  /** Whether the address of which the words begin at `at` lies in one of them. */
  has(words: ArrayLike<number>, at: number, ipv6: boolean): boolean {
    for (const network of ipv6 ? this.#v6 : this.#v4) if (isInside(network, words, at)) return true;
    return false;
  }

  /** The same of a text; false when it is no address. */
  hasText(text: string): boolean {
    const parsed = parseAddress(text);
    return parsed !== undefined && this.has(parsed.words, 0, parsed.version === 6);
  }
}

function isInside({ words: network, prefix }: Network, words: ArrayLike<number>, at: number): boolean {
  for (let w = 0; w * 32 < prefix; w++) {
    const bits = Math.min(32, prefix - w * 32);
    const mask = bits === 32 ? -1 : ~(-1 >>> bits);
    if ((((words[at + w] as number) ^ (network[w] as number)) & mask) !== 0) return false;
  }
  return true;
}
