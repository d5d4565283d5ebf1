/**
 * Which key has the majority of a stream, and about how large a share, in three numbers (Boyer and Moore's vote). The
 * share is never too high: it counts only what came since the key became the candidate.
 */
export class Majority {
  total = 0;
  #key = 0;
  #votes = 0;
  #count = 0;

  add(key: number): void {
    this.total++;
    if (this.#votes === 0) {
      this.#key = key;
      this.#count = 0;
    }
    this.#votes += key === this.#key ? 1 : -1;
    if (key === this.#key) this.#count++;
  }

  get share(): number {
    return this.total === 0 ? 0 : this.#count / this.total;
  }
}
