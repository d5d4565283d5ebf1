import type { Side } from "#contract/parser.ts";
import type { Effect } from "#engine/rules/effect.ts";
import type { Signature } from "#engine/rules/signature.ts";

/** Transactions of one flow that are remembered; of further ones, only files that rules look at themselves are kept. */
const transactionsMax = 64;

type FileStore = Extract<Effect, { type: "filestore" }>;

/** Which files of one flow rules want kept beside those that they have matched: by side, as bits of `1 << side`. */
export class StoredFiles {
  #sides = 0;
  readonly #transactions = new Map<number, number>();

  has(side: Side, txId: number): boolean {
    return ((this.#sides | (this.#transactions.get(txId) ?? 0)) & (1 << side)) !== 0;
  }

  /** A rule has matched in what `side` sent. */
  add({ direction, scope }: FileStore, side: Side, txId: number): void {
    const sides = direction === undefined ? 1 << side : direction === "both" ? 3 : direction === "request" ? 1 : 2;
    if (scope === "ssn" || scope === "flow") this.#sides |= sides;
    else if (this.#transactions.size < transactionsMax || this.#transactions.has(txId))
      this.#transactions.set(txId, (this.#transactions.get(txId) ?? 0) | sides);
  }
}

export const fileStoreOf = (signature: Signature): FileStore | undefined =>
  signature.effects.find((effect): effect is FileStore => effect.type === "filestore");
