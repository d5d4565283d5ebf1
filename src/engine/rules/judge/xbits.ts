import type { XbitTrack } from "#engine/rules/effect.ts";

/** Bits of hosts and pairs that are kept. Beyond it the one that was set first is dropped. */
export const xbitsMax = 262_144;

const MICROS = 1_000_000;

/**
 * Bits of hosts and pairs of hosts, which flows share. They are set and asked for in capture order. `ip_src` and `ip_dst`
 * are the same bits of a host; those of a pair belong to both of its orders. A bit ends with the second that its time is
 * up in, as in Suricata. Bits of transactions (`tx`) do not outlive them and are kept with these, not here.
 */
export class Xbits {
  readonly #bitsMax: number;
  /** Second until which the bit is set. */
  readonly #ends = new Map<string, number>();
  #evictions = 0;

  constructor(bitsMax = xbitsMax) {
    this.#bitsMax = bitsMax;
  }

  /** Bits that were dropped before their time. */
  get evictions(): number {
    return this.#evictions;
  }

  get size(): number {
    return this.#ends.size;
  }

  /** Times in µs, addresses as texts. */
  isSet(bit: string, track: XbitTrack, time: number, source: string, target: string): boolean {
    const key = keyOf(bit, track, source, target);
    const end = this.#ends.get(key);
    if (end === undefined) return false;
    if (end >= Math.floor(time / MICROS)) return true;
    this.#ends.delete(key);
    return false;
  }

  /** Toggling takes a bit away that is there, also when its time is up and nobody has asked since. */
  change(
    command: "set" | "unset" | "toggle",
    bit: string,
    track: XbitTrack,
    seconds: number,
    time: number,
    source: string,
    target: string,
  ): void {
    if (track === "tx") return;
    const key = keyOf(bit, track, source, target);
    const wasThere = this.#ends.delete(key);
    if (command === "unset" || (command === "toggle" && wasThere)) return;
    const now = Math.floor(time / MICROS);
    if (this.#ends.size >= this.#bitsMax) this.#evict(now);
    this.#ends.set(key, now + seconds);
  }

  clear(): void {
    this.#ends.clear();
  }

  #evict(now: number): void {
    for (const [key, end] of this.#ends) {
      this.#ends.delete(key);
      if (end >= now) this.#evictions++;
      return;
    }
  }
}

function keyOf(bit: string, track: XbitTrack, source: string, target: string): string {
  if (track === "ip_src") return `${bit} ${source}`;
  if (track === "ip_dst") return `${bit} ${target}`;
  return source < target ? `${bit} ${source} ${target}` : `${bit} ${target} ${source}`;
}
