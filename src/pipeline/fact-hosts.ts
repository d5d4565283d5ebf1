import { ipv4Text, ipv6FullText } from "#base/address.ts";
import type { Networks } from "./networks.ts";

/** Hosts that are remembered. A power of two; a newer one takes the place of an older one. */
const placesCount = 8192;

/** What detectors ask again and again of a host. */
export interface FactHost {
  readonly text: string;
  /** Inside of the home networks. */
  readonly isInside: boolean;
}

interface Known extends FactHost {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly ipv6: boolean;
}

/**
 * The hosts of facts, as they were told for the fact before. A dozen detectors ask for both ends of each flow: its text
 * is made once, and maps find a text that they have met faster than another with the same letters. What it remembers
 * changes nothing but the time that an answer takes.
 */
export class FactHosts {
  readonly #home: Networks;
  readonly #known: (Known | undefined)[] = Array<Known | undefined>(placesCount).fill(undefined);

  constructor(home: Networks) {
    this.#home = home;
  }

  /** The host whose address is `words[at…at+3]`; `hash` is made of them. */
  at(words: Int32Array, at: number, ipv6: boolean, hash: number): FactHost {
    const a = words[at] as number;
    const b = words[at + 1] as number;
    const c = words[at + 2] as number;
    const d = words[at + 3] as number;
    const place = hash & (placesCount - 1);
    const known = this.#known[place];
    if (known !== undefined && known.a === a && known.b === b && known.c === c && known.d === d && known.ipv6 === ipv6) return known;
    const text = ipv6 ? ipv6FullText(a, b, c, d) : ipv4Text(a);
    const host = { text, isInside: this.#home.has(words, at, ipv6), a, b, c, d, ipv6 };
    this.#known[place] = host;
    return host;
  }
}
