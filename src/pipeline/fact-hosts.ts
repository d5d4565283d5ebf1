import { wordsText } from "#base/address.ts";
import type { Networks } from "./networks.ts";

/** Hosts that are remembered. A power of two; a newer one takes the place of an older one. */
const placesCount = 4096;
/** Of what stands in a place. */
const Mark = { ipv4: 1, ipv6: 2, version: 3, inside: 4 } as const;

/**
 * The hosts of facts, as they were told for the fact before. A dozen detectors ask for both ends of each flow: its text
 * is made once, and maps find a text that they have met faster than another with the same letters. What it remembers
 * changes nothing but the time that an answer takes. Numbers, not objects: most hosts of a scan are met once.
 */
export class FactHosts {
  readonly #home: Networks;
  readonly #words = new Int32Array(placesCount * 4);
  readonly #marks = new Uint8Array(placesCount);
  /** Empty until somebody asks. */
  readonly #texts: string[] = Array<string>(placesCount).fill("");

  constructor(home: Networks) {
    this.#home = home;
  }

  /** The text of the address `words[at…at+3]`; `hash` is made of them. */
  text(words: Int32Array, at: number, ipv6: boolean, hash: number): string {
    const place = this.#placeOf(words, at, ipv6, hash);
    const known = this.#texts[place] as string;
    if (known !== "") return known;
    const text = wordsText(words, at, ipv6);
    this.#texts[place] = text;
    return text;
  }

  /** Whether the address lies in the home networks. */
  isInside(words: Int32Array, at: number, ipv6: boolean, hash: number): boolean {
    return ((this.#marks[this.#placeOf(words, at, ipv6, hash)] as number) & Mark.inside) !== 0;
  }

  #placeOf(words: Int32Array, at: number, ipv6: boolean, hash: number): number {
    const place = hash & (placesCount - 1);
    const kept = place * 4;
    const known = this.#words;
    const version = ipv6 ? Mark.ipv6 : Mark.ipv4;
    if (
      ((this.#marks[place] as number) & Mark.version) === version &&
      known[kept] === words[at] &&
      known[kept + 1] === words[at + 1] &&
      known[kept + 2] === words[at + 2] &&
      known[kept + 3] === words[at + 3]
    )
      return place;
    for (let i = 0; i < 4; i++) known[kept + i] = words[at + i] as number;
    this.#marks[place] = this.#home.has(words, at, ipv6) ? version | Mark.inside : version;
    this.#texts[place] = "";
    return place;
  }
}
