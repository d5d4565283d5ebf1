/** Names that are counted one by one in a partition; what is beyond shares one count. */
const namesMax = 512;

/**
 * Lets through so many anomaly events of a name from each partition and no more, so that a flood of broken packets
 * does not bury the rest. Counted by partition, because that does not depend on the workers.
 */
export class AnomalyLimit {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  allows(partition: number, event: string): boolean {
    const key = this.#counts.size < namesMax * 16 ? `${partition} ${event}` : "";
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count <= this.#max) this.#counts.set(key, count);
    return count <= this.#max;
  }
}
