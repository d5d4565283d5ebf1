import type { Side, Transaction } from "#contract/parser.ts";
import type { WantedWord } from "./word-rules.ts";
import { comparable, wordBytes } from "./word-value.ts";

/** One value of a word: copied bytes, or what stands in the event. Bytes are made of it when somebody looks. */
export class WordValue {
  readonly #wanted: WantedWord;
  readonly #value: unknown;
  #bytes: Uint8Array | undefined;
  #isMade = false;
  /** Literals have been searched in it. */
  isScanned = false;

  constructor(wanted: WantedWord, value: unknown) {
    this.#wanted = wanted;
    this.#value = value;
  }

  get wanted(): WantedWord {
    return this.#wanted;
  }

  /** As it stands in the event. */
  get raw(): unknown {
    return this.#value;
  }

  get bytes(): Uint8Array | undefined {
    if (!this.#isMade) {
      this.#isMade = true;
      this.#bytes = wordBytes(this.#wanted.word, this.#value);
    }
    return this.#bytes;
  }

  get comparable(): number | bigint | string | boolean | undefined {
    return comparable(this.#wanted.word, this.#value);
  }
}

/** What one side of a transaction has shown so far. */
export class SideState {
  readonly values = new Map<string, WordValue[]>();
  /** Events of the parser, in lower case. */
  readonly events = new Set<string>();
  /** Rules of which a literal was found. */
  readonly candidates = new Set<number>();
  /** Rules that were told: once is enough. */
  readonly told = new Set<number>();
  /** It waits to be judged. */
  isQueued = false;
  /** Values of files come behind others of the same transaction. */
  hasFile = false;
}

/** A transaction as rules see it. */
export class TransactionState {
  readonly id: number;
  readonly sides: readonly [SideState, SideState] = [new SideState(), new SideState()];
  /** Makes the members that tell it. */
  members: (() => { readonly [member: string]: Transaction }) | undefined = undefined;
  /** Files of it that have been told. */
  readonly files: Transaction[] = [];

  constructor(id: number) {
    this.id = id;
  }

  side(side: Side): SideState {
    return this.sides[side];
  }
}
