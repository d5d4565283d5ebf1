import { ipv4Text, ipv6FullText } from "#base/address.ts";
import type { Networks } from "./networks.ts";

/** Hosts that are remembered. A power of two; a newer one takes the place of an older one. */
const placesCount = 8192;

/** What detectors ask again and again of a host. */
export class FactHost {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly ipv6: boolean;
  readonly isInside: boolean;
  /** Made when it is first asked for. */
  #text = "";

  constructor(words: Int32Array, at: number, ipv6: boolean, isInside: boolean) {
    this.a = words[at] as number;
    this.b = words[at + 1] as number;
    this.c = words[at + 2] as number;
    this.d = words[at + 3] as number;
    this.ipv6 = ipv6;
    this.isInside = isInside;
  }

  get text(): string {
    if (this.#text === "") this.#text = this.ipv6 ? ipv6FullText(this.a, this.b, this.c, this.d) : ipv4Text(this.a);
    return this.#text;
  }

  /** Whether it is the host whose address is `words[at…at+3]`. */
  is(words: Int32Array, at: number, ipv6: boolean): boolean {
    return this.a === words[at] && this.b === words[at + 1] && this.c === words[at + 2] && this.d === words[at + 3] && this.ipv6 === ipv6;
  }
}

/**
 * The hosts of facts, as they were told for the fact before. A dozen detectors ask for both ends of each flow: its text
 * is made once, and maps find a text that they have met faster than another with the same letters. What it remembers
 * changes nothing but the time that an answer takes.
 */
export class FactHosts {
  readonly #home: Networks;
  readonly #known: (FactHost | undefined)[] = Array<FactHost | undefined>(placesCount).fill(undefined);

  constructor(home: Networks) {
    this.#home = home;
  }

  /** The host whose address is `words[at…at+3]`; `hash` is made of them. */
  at(words: Int32Array, at: number, ipv6: boolean, hash: number): FactHost {
    const place = hash & (placesCount - 1);
    const known = this.#known[place];
    if (known?.is(words, at, ipv6) === true) return known;
    const host = new FactHost(words, at, ipv6, this.#home.has(words, at, ipv6));
    this.#known[place] = host;
    return host;
  }
}
