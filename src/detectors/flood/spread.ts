import { entropy, normalised } from "#engine/stats/entropy.ts";

const CELLS = 64;

/**
 * How evenly addresses or ports are spread: the entropy of 64 cells that keys are hashed to, from 0 (all the same) to 1
 * (as even as can be). Forged addresses are spread evenly, the ports of a victim are one (Lakhina, Crovella, Diot,
 * SIGCOMM 2005; Feinstein et al., DISCEX 2003).
 */
export class Spread {
  readonly #cells = new Uint32Array(CELLS);
  total = 0;

  /** `hash` is well mixed: its upper bits choose the cell. */
  add(hash: number): void {
    const at = hash >>> 26;
    this.#cells[at] = (this.#cells[at] as number) + 1;
    this.total++;
  }

  get evenness(): number {
    return normalised(entropy(this.#cells), Math.min(CELLS, this.total));
  }

  /** Share of the fullest cell. */
  get peak(): number {
    let most = 0;
    for (const count of this.#cells) most = Math.max(most, count);
    return this.total === 0 ? 0 : most / this.total;
  }

  clear(): void {
    this.#cells.fill(0);
    this.total = 0;
  }
}
