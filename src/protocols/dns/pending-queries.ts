/** Queries of one flow that wait for their answer; beyond it the oldest is forgotten. */
export const pendingMax = 256;

/** Finds the transaction of an answer by the query's id and side. */
export class PendingQueries {
  /** Side and id in one number, then the transaction's number; oldest first. */
  readonly #keys: number[] = [];
  readonly #transactions: number[] = [];

  add(side: number, id: number, txId: number): void {
    if (this.#keys.length >= pendingMax) {
      this.#keys.shift();
      this.#transactions.shift();
    }
    this.#keys.push((side << 16) | id);
    this.#transactions.push(txId);
  }

  /** The newest transaction that `side` began with this id, -1 when there is none; it is forgotten. */
  take(side: number, id: number): number {
    const keys = this.#keys;
    const key = (side << 16) | id;
    for (let i = keys.length - 1; i >= 0; i--) {
      if (keys[i] !== key) continue;
      const txId = this.#transactions[i] as number;
      if (i === keys.length - 1) {
        keys.pop();
        this.#transactions.pop();
      } else {
        keys.splice(i, 1);
        this.#transactions.splice(i, 1);
      }
      return txId;
    }
    return -1;
  }
}
