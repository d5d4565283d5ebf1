import type { LiteralHits } from "#base/literal.ts";
import type { LiteralStore } from "./literal-store.ts";

/** Literals of one byte: looked up in a table, until each of its bytes has been met. */
export class BytePass {
  /** Literals by byte. */
  readonly #byByte: readonly (readonly number[])[];
  readonly #wanted: Uint8Array;
  readonly #distinct: number;
  readonly #met = new Uint8Array(256);

  readonly #store: LiteralStore;

  constructor(store: LiteralStore, ids: readonly number[]) {
    this.#store = store;
    const byByte: number[][] = Array.from({ length: 256 }, () => []);
    for (const id of ids) {
      const byte = store.text[store.starts[id] as number] as number;
      byByte[byte]?.push(id);
      if (store.nocase[id] === 1 && byte >= 0x61 && byte <= 0x7a) byByte[byte - 0x20]?.push(id);
    }
    this.#byByte = byByte;
    this.#wanted = Uint8Array.from(byByte, (list) => (list.length > 0 ? 1 : 0));
    this.#distinct = this.#wanted.reduce((sum, one) => sum + one, 0);
  }

  get memoryBytes(): number {
    return 256 * 16;
  }

  scan(bytes: Uint8Array, from: number, to: number, hits: LiteralHits): void {
    const met = this.#met;
    met.set(this.#wanted);
    let left = this.#distinct;
    for (let at = from; at < to && left > 0; at++) {
      const byte = bytes[at] as number;
      if (met[byte] === 0) continue;
      met[byte] = 0;
      left--;
      for (const id of this.#byByte[byte] ?? []) this.#store.hit(id, hits);
    }
  }
}
