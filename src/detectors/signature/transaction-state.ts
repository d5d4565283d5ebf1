import type { Transaction } from "#contract/parser.ts";
import type { WantedWord } from "./word-rules.ts";
import { comparable, valuesMax, wordBytes } from "./word-value.ts";

/** One value of a word: copied bytes, or what stands in the event. Bytes are made of it when somebody looks. */
export class WordValue {
  readonly #wanted: WantedWord;
  readonly #value: unknown;
  #bytes: Uint8Array | undefined;
  #isMade = false;

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

const noRules: ReadonlyMap<number, number> = new Map();
const noEvents: ReadonlySet<string> = new Set();

/** What one side of a transaction has shown so far. Most sides have nothing that a rule waits for, so sets are made late. */
export class SideState {
  /** Values of one word in each. */
  readonly #lists: WordValue[][] = [];
  #events: Set<string> | undefined = undefined;
  /** By rule: at which version of the values it was judged in vain, -1 for never. */
  #candidates: Map<number, number> | undefined = undefined;
  #told: Set<number> | undefined = undefined;
  /** Raised with everything that is new. */
  #version = 0;
  /** It waits to be judged. */
  isQueued = false;
  /** It had a value, whether it is kept or not. */
  hasValues = false;
  /** Values of files come behind others of the same transaction. */
  hasFile = false;

  /** Events of the parser, in lower case. */
  get events(): ReadonlySet<string> {
    return this.#events ?? noEvents;
  }

  /** Rules of which a literal was found. */
  get candidates(): Iterable<number> {
    return (this.#candidates ?? noRules).keys();
  }

  /** Nothing has come that a rule could be fulfilled by, but for rules that are found without literals. */
  get isQuiet(): boolean {
    return this.#events === undefined && (this.#candidates === undefined || this.#candidates.size === 0);
  }

  addEvent(event: string): void {
    this.#events ??= new Set();
    this.#events.add(event);
    this.#version++;
  }

  addCandidates(rules: readonly number[]): void {
    this.#candidates ??= new Map();
    for (const rule of rules) if (!this.#candidates.has(rule)) this.#candidates.set(rule, -1);
  }

  /** The values that there are do not fulfil the rule. */
  fail(rule: number): void {
    if (this.#candidates?.has(rule) === true) this.#candidates.set(rule, this.#version);
  }

  /** True when the rule was judged in vain and nothing has come since. */
  hasFailed(rule: number): boolean {
    return this.#candidates?.get(rule) === this.#version;
  }

  /** True when the rule was told: once is enough. */
  wasTold(rule: number): boolean {
    return this.#told?.has(rule) === true;
  }

  tell(rule: number): void {
    this.#told ??= new Set();
    this.#told.add(rule);
    this.#candidates?.delete(rule);
  }

  valuesOf(word: string): readonly WordValue[] | undefined {
    for (const list of this.#lists) if (list[0]?.wanted.word.name === word) return list;
    return undefined;
  }

  /** Keeps one more value of a word that has several; of others in place of the one before. Returns the bytes let go. */
  add(wanted: WantedWord, value: unknown): number {
    this.#version++;
    const list = this.valuesOf(wanted.word.name) as WordValue[] | undefined;
    if (list === undefined) this.#lists.push([new WordValue(wanted, value)]);
    else if (wanted.word.several !== true) {
      const before = bytesIn(list);
      list.length = 0;
      list.push(new WordValue(wanted, value));
      return before;
    } else if (list.length < valuesMax) list.push(new WordValue(wanted, value));
    return 0;
  }

  /** Lets the values of a word go. Returns their bytes. */
  drop(word: string): number {
    const at = this.#lists.findIndex((list) => list[0]?.wanted.word.name === word);
    const [list] = at < 0 ? [] : this.#lists.splice(at, 1);
    if (list === undefined) return 0;
    this.#version++;
    return bytesIn(list);
  }

  /** Bytes that are copied for it. */
  get keptBytes(): number {
    return this.#lists.reduce((sum, list) => sum + bytesIn(list), 0);
  }
}

const bytesIn = (list: readonly WordValue[]): number =>
  list.reduce((sum, { raw }) => sum + (raw instanceof Uint8Array ? raw.length : 0), 0);

/** A transaction as rules see it. */
export class TransactionState {
  readonly id: number;
  /** The word of the frame that this is instead of a transaction (`frame:mqtt.pdu`). */
  readonly frame: string | undefined;
  readonly #sides: [SideState | undefined, SideState | undefined] = [undefined, undefined];
  /** Makes the members that tell it. */
  members: (() => { readonly [member: string]: Transaction }) | undefined = undefined;
  /** Bits that rules have set on it (`xbits … track tx`). */
  bits: Set<string> | undefined = undefined;
  #files: Transaction[] | undefined = undefined;

  constructor(id: number, frame?: string) {
    this.id = id;
    this.frame = frame;
  }

  /** Files of it that have been told. */
  get files(): readonly Transaction[] {
    return this.#files ?? noFiles;
  }

  addFile(fields: Transaction): void {
    this.#files ??= [];
    this.#files.push(fields);
  }

  side(side: 0 | 1): SideState {
    const state = this.#sides[side] ?? new SideState();
    this.#sides[side] = state;
    return state;
  }

  /** Bytes that are copied for it. */
  get keptBytes(): number {
    return (this.#sides[0]?.keptBytes ?? 0) + (this.#sides[1]?.keptBytes ?? 0);
  }
}

const noFiles: readonly Transaction[] = [];
