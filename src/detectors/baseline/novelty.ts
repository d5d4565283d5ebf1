const dayMicros = 86_400e6;
/** What of yesterday still counts: the chance of news is that of the last days. */
const dayKeep = 0.3;
/** News of the last days, weighted so, from which on more of them is no surprise: about one a day. */
const recentNewsMax = 1;

/**
 * What has been seen, and how surprising it is that something was not: the chance that an observation is new is
 * estimated from how many of the last days' were (Good and Turing's estimate, with what was new as what was seen once).
 * Where there is news every day, more of it surprises nobody.
 * At the limit the one that was seen longest ago goes; times are kept by day.
 */
export class Novelty {
  readonly keysMax: number;
  /** Key → day on which it was last seen, in the order of that day. */
  readonly #days = new Map<number, number>();
  #observations = 0;
  #news = 0;
  #day = -1;
  #dayEnd = 0;

  constructor(keysMax: number) {
    this.keysMax = keysMax;
  }

  get size(): number {
    return this.#days.size;
  }

  /** Observations of the last days that the surprise rests on. */
  get observations(): number {
    return Math.round(this.#observations);
  }

  /** The surprise in bits when the key is new; 0 when it is known, or when news are nothing new. */
  observe(key: number, micros: number): number {
    if (micros >= this.#dayEnd) this.#turn(Math.floor(micros / dayMicros));
    const known = this.#days.get(key);
    const bits = known === undefined && this.#news <= recentNewsMax ? Math.log2((this.#observations + 2) / (this.#news + 1)) : 0;
    this.#observations++;
    if (known === undefined) this.#news++;
    if (known === this.#day) return 0;
    if (known !== undefined) this.#days.delete(key);
    else if (this.#days.size >= this.keysMax) {
      for (const oldest of this.#days.keys()) {
        this.#days.delete(oldest);
        break;
      }
    }
    this.#days.set(key, this.#day);
    return bits;
  }

  /** What it knows, as a flat list. */
  state(): number[] {
    return [this.#day, Math.round(this.#observations), Math.round(this.#news * 100) / 100, ...[...this.#days].flat()];
  }

  fromState(saved: unknown): void {
    if (!Array.isArray(saved) || saved.length < 3 || saved.length % 2 === 0 || !saved.every(Number.isFinite)) return;
    const [day, observations, news, ...days] = saved as [number, number, number, ...number[]];
    [this.#day, this.#observations, this.#news] = [day, Math.max(0, observations), Math.max(0, news)];
    for (let at = 0; at < days.length && this.#days.size < this.keysMax; at += 2)
      this.#days.set(days[at] as number, days[at + 1] as number);
  }

  forget(): void {
    this.#days.clear();
    [this.#observations, this.#news] = [0, 0];
  }

  #turn(day: number): void {
    if (this.#day >= 0) {
      const keep = dayKeep ** (day - this.#day);
      this.#observations *= keep;
      this.#news *= keep;
    }
    this.#day = day;
    this.#dayEnd = (day + 1) * dayMicros;
  }
}
