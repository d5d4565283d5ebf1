import type { StreamInspection } from "#contract/inspector.ts";
import { otherSide, type Side, type Transaction } from "#contract/parser.ts";
import { eventName } from "./rule.ts";
import { type SideState, TransactionState } from "./transaction-state.ts";
import type { ProtocolRules, WantedWord } from "./word-rules.ts";
import { valuesAt, wordBytes } from "./word-value.ts";

/** Transactions of one stream that are remembered; the oldest are forgotten. */
const transactionsMax = 64;
/** Bytes of values that one stream may hold; beyond it, values are not kept. */
const valueBytesMax = 4 * 1024 * 1024;

/** Request and response are one transaction, whose events rules about either side see, as in Suricata. */
const PAIRED = "http";

/** What a tap asks of its inspector. */
export interface TapHost {
  /** Rules about the protocol as they are now; `undefined` without any. */
  rulesOf(protocol: string): ProtocolRules | undefined;
  /** Raised when the rules are others. */
  readonly generation: number;
  /** Notes the rules whose literals stand in a value; true when there are some. */
  search(wanted: WantedWord, state: SideState, bytes: Uint8Array, from: number, to: number): boolean;
  /** The side of the transaction is to be judged when the packet has been read. */
  queue(tap: TransactionTap, transaction: TransactionState, side: Side): void;
  /** True when a rule wants the file of the side kept that has just ended. */
  stores(tap: TransactionTap, transaction: TransactionState, side: Side): boolean;
  /** A parser complained of no transaction in particular. */
  parserEvent(tap: TransactionTap, side: Side, event: string): void;
}

/** Takes the values of one stream's transactions and keeps them until the rules have looked. */
export class TransactionTap implements StreamInspection {
  readonly slot: number;
  readonly protocol: string;
  readonly #host: TapHost;
  readonly #transactions = new Map<number, TransactionState>();
  #rules: ProtocolRules | undefined;
  #generation: number;
  #bytes = 0;

  constructor(host: TapHost, slot: number, protocol: string) {
    this.#host = host;
    this.slot = slot;
    this.protocol = protocol;
    this.#rules = host.rulesOf(protocol);
    this.#generation = host.generation;
  }

  /** The rules that look at this stream. */
  get rules(): ProtocolRules | undefined {
    if (this.#generation !== this.#host.generation) {
      this.#generation = this.#host.generation;
      this.#rules = this.#host.rulesOf(this.protocol);
      // Words and rules have other numbers now.
      this.#transactions.clear();
      this.#bytes = 0;
    }
    return this.#rules;
  }

  wants(word: string): boolean {
    return this.rules?.words.has(word) === true;
  }

  value(word: string, side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void {
    const wanted = this.rules?.words.get(word);
    if (wanted === undefined) return;
    const state = this.#of(txId).side(side);
    if (!this.#isKept(wanted, state, bytes, from, to)) return;
    this.#bytes += to - from;
    if (this.#bytes > valueBytesMax) this.#forgetOldest();
    if (this.#bytes > valueBytesMax) return;
    this.#add(this.#of(txId).side(side), wanted, bytes.slice(from, to));
  }

  /** Searches literals in a value as it comes: one without any is not copied when no rule would look at it. */
  #isKept(wanted: WantedWord, state: SideState, bytes: Uint8Array, from: number, to: number): boolean {
    state.hasValues = true;
    if (wanted.literals.length > 0 && this.#host.search(wanted, state, bytes, from, to)) return true;
    if (wanted.keepsAll) return true;
    if (wanted.word.name.startsWith("file.")) state.hasFile = true;
    // What it would have taken the place of is gone.
    if (wanted.word.several !== true) this.#bytes -= state.drop(wanted.word.name);
    return false;
  }

  number(word: string, side: Side, txId: number, value: number): void {
    const wanted = this.rules?.words.get(word);
    if (wanted !== undefined) this.#add(this.#of(txId).side(side), wanted, value);
  }

  frame(word: string, side: Side, bytes: Uint8Array, from: number, to: number, length: number): void {
    const wanted = this.rules?.words.get(word);
    if (wanted === undefined) return;
    const frame = new TransactionState(-1, word);
    const state = frame.side(side);
    if (!this.#isKept(wanted, state, bytes, from, to)) return;
    const type = word.slice(word.indexOf(".") + 1);
    frame.members = () => ({ frame: { type, length, direction: side === 0 ? "toserver" : "toclient", complete: to - from >= length } });
    state.add(wanted, bytes.slice(from, to));
    this.#queue(frame, side);
  }

  judge(side: Side, txId: number, members?: () => { readonly [member: string]: Transaction }): void {
    if (this.rules === undefined) return;
    const transaction = this.#of(txId);
    if (members !== undefined) transaction.members = members;
    this.#queue(transaction, side);
  }

  transaction(
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: { readonly [member: string]: Transaction } | undefined,
  ): void {
    const { rules } = this;
    if (rules === undefined) return;
    const transaction = this.#of(txId);
    if (kind === "fileinfo") transaction.addFile(fields);
    else transaction.members = () => ({ [kind]: fields, ...beside });
    const places = rules.places.get(kind);
    if (places !== undefined) {
      const found = new Set<string>();
      for (const { wanted, path } of places) {
        const owner = path.side === undefined ? side : path.side === "toServer" ? 0 : 1;
        const key = `${owner}${wanted.word.name}`;
        const { several = false } = wanted.word;
        if (found.has(key) && !several) continue;
        const isAbsolute = path.path.startsWith("/");
        const values = valuesAt(isAbsolute ? { [kind]: fields, ...beside } : fields, isAbsolute ? path.path.slice(1) : path.path);
        if (values.length === 0) continue;
        found.add(key);
        const state = transaction.side(owner);
        // An event that tells the transaction again tells its one value again; of several, more: the next question.
        if (!several) this.#bytes -= state.drop(wanted.word.name);
        for (const value of values) this.#addFromEvent(state, wanted, value);
      }
    }
    this.#queue(transaction, 0);
    this.#queue(transaction, 1);
  }

  event(event: string, side: Side, txId: number | undefined): void {
    const { rules } = this;
    const name = eventName(event);
    if (rules === undefined || !rules.events.has(name)) return;
    if (txId === undefined) {
      this.#host.parserEvent(this, side, name);
      return;
    }
    const transaction = this.#of(txId);
    for (const one of this.protocol === PAIRED ? [side, otherSide(side)] : [side]) {
      transaction.side(one).addEvent(name);
      this.#queue(transaction, one);
    }
  }

  stores(side: Side, txId: number): boolean {
    return this.rules !== undefined && this.#host.stores(this, this.#of(txId), side);
  }

  end(): void {
    for (const transaction of this.#transactions.values()) {
      this.#queue(transaction, 0);
      this.#queue(transaction, 1);
    }
  }

  #of(txId: number): TransactionState {
    let transaction = this.#transactions.get(txId);
    if (transaction === undefined) {
      if (this.#transactions.size >= transactionsMax) this.#forgetOldest();
      transaction = new TransactionState(txId);
      this.#transactions.set(txId, transaction);
    }
    return transaction;
  }

  #forgetOldest(): void {
    const oldest = this.#transactions.keys().next();
    if (oldest.done === true) return;
    this.#bytes -= this.#transactions.get(oldest.value)?.keptBytes ?? 0;
    this.#transactions.delete(oldest.value);
  }

  #addFromEvent(state: SideState, wanted: WantedWord, value: unknown): void {
    const bytes = wanted.literals.length > 0 ? wordBytes(wanted.word, value) : undefined;
    if (bytes === undefined || this.#isKept(wanted, state, bytes, 0, bytes.length)) this.#add(state, wanted, value);
  }

  #add(state: SideState, wanted: WantedWord, value: unknown): void {
    state.hasValues = true;
    if (wanted.word.name.startsWith("file.")) state.hasFile = true;
    this.#bytes -= state.add(wanted, value);
  }

  #queue(transaction: TransactionState, side: Side): void {
    const state = transaction.side(side);
    if (state.isQueued || (!state.hasValues && state.events.size === 0)) return;
    state.isQueued = true;
    this.#host.queue(this, transaction, side);
  }
}
