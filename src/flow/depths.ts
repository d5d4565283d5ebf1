import type { Config } from "#schema/config.ts";
import { type ProtocolFinder, UNDECIDED, UNKNOWN } from "./protocol-finder.ts";

/** How many bytes of one side of a connection are read, by protocol. */
export class Depths {
  /** The smallest of them: below it nobody has to ask. */
  readonly least: number;
  readonly #common: number;
  readonly #own: ReadonlyMap<number, number>;

  /** Names of no protocol are passed over, so that a configuration outlives a protocol that is switched off. */
  constructor(config: Config, finder: ProtocolFinder) {
    const own = new Map<number, number>();
    for (const entry of config["stream.depths"]) {
      const [name = "", bytes = ""] = entry.split("=");
      const number = finder.numberOf(name.trim());
      if (number !== UNKNOWN && /^\s*\d+\s*$/.test(bytes)) own.set(number, orAll(Number(bytes)));
    }
    this.#common = orAll(config["stream.depth-bytes"]);
    this.#own = own;
    this.least = Math.min(this.#common, ...own.values());
  }

  of(protocol: number): number {
    return (protocol === UNDECIDED ? undefined : this.#own.get(protocol)) ?? this.#common;
  }
}

const orAll = (bytes: number): number => (bytes === 0 ? Number.POSITIVE_INFINITY : bytes);
