const dayMicros = 86_400e6;

/** At most so many a day of packet time (UTC), whatever happens; what is held back is counted. */
export class Ration {
  readonly perDay: number;
  held = 0;
  #day = -1;
  #given = 0;

  constructor(perDay: number) {
    this.perDay = perDay;
  }

  take(micros: number): boolean {
    const day = Math.floor(micros / dayMicros);
    if (day > this.#day) [this.#day, this.#given] = [day, 0];
    if (this.#given >= this.perDay) {
      this.held++;
      return false;
    }
    this.#given++;
    return true;
  }

  state(): number[] {
    return [this.#day, this.#given];
  }

  fromState(saved: unknown): void {
    if (!Array.isArray(saved) || saved.length !== 2 || !saved.every(Number.isFinite)) return;
    [this.#day, this.#given] = saved as [number, number];
  }
}
