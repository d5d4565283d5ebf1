import { PARTITIONS } from "#flow/key.ts";

/** Names that are counted one by one in a partition; what is beyond shares one count. */
const namesMax = 512;

/**
 * Lets through so many anomaly events of a name from each partition and no more, so that a flood of broken packets
 * does not bury the rest. Counted by partition, because that does not depend on the workers.
 */
export class AnomalyLimit {
  readonly #max: number;
  /** By event, for each partition. */
  readonly #counts = new Map<string, Float64Array>();
  /** Names in partitions that are counted, and the count that all others share. */
  #names = 0;
  #shared = 0;

  constructor(max: number) {
    this.#max = max;
  }

  allows(partition: number, event: string): boolean {
    if (this.#names >= namesMax * PARTITIONS) return this.#shared++ < this.#max;
    let counts = this.#counts.get(event);
    if (counts === undefined) {
      counts = new Float64Array(PARTITIONS);
      this.#counts.set(event, counts);
    }
    const before = counts[partition] as number;
    if (before >= this.#max) return false;
    if (before === 0) this.#names++;
    counts[partition] = before + 1;
    return true;
  }
}
