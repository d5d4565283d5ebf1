import type { Damage, SourceCounters } from "#contract/source.ts";

/** Damages kept in words; the counter has them all. */
const DAMAGE_MAX = 100;
/** Frame columns hold an interface's index in 8 bits: the last one stands for all that follow. */
const INTERFACES_MAX = 255;

/** What one source has read and lost so far. The format readers write into it, the source shows it. */
export class Ledger {
  readonly counters: SourceCounters = { frames: 0, bytes: 0, dropped: 0, missed: 0, freezes: 0, filtered: 0, damaged: 0 };
  readonly damage: Damage[] = [];
  readonly interfaces: string[] = [];
  /** Time of the last frame, µs; -1 before the first. */
  lastTime = -1;
  /** Put before each damage's reason when several files are read. */
  prefix = "";

  report(offset: number, reason: string): void {
    this.counters.damaged++;
    if (this.damage.length < DAMAGE_MAX) this.damage.push({ offset, reason: this.prefix + reason });
  }

  /** Index of a capture interface; `name` is empty when the file does not tell it. */
  interfaceIndex(name: string): number {
    const known = this.interfaces.indexOf(name);
    if (known >= 0) return known;
    if (this.interfaces.length < INTERFACES_MAX) return this.interfaces.push(name) - 1;
    this.interfaces[INTERFACES_MAX] = "others";
    return INTERFACES_MAX;
  }
}
