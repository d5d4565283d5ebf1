import { toHex } from "#base/bytes.ts";
import type { FileFacts, FileSink, ParserContext, Side, Transaction } from "#contract/parser.ts";
import type { DigestAlgorithm, FileCopy, Hasher } from "#contract/platform.ts";
import type { FileRules } from "./file-rules.ts";
import { fileType, typeBytesMax } from "./file-type.ts";
import { digestsFor, FileValues } from "./file-values.ts";

/**
 * A file on its way through a flow: counts and hashes its bytes, copies them out when that is configured, and tells it
 * in a `fileinfo` event when it ends. It keeps no view; of the bytes only the first few are copied, for the type.
 */
export class FlowFile implements FileSink {
  readonly #context: ParserContext;
  readonly #rules: FileRules;
  readonly #side: Side;
  readonly #txId: number;
  readonly #facts: FileFacts;
  /** What rules see of it, when some look. */
  readonly #values: FileValues | undefined;
  /** A copy is kept only when a rule wants it; asked when rules have seen all of it. */
  readonly #rulesChoose: boolean;
  readonly #algorithms: readonly DigestAlgorithm[];
  #hasher: Hasher | undefined;
  #copy: FileCopy | undefined;
  #copied = 0;
  #bytes = 0;
  /** First bytes, while there are too few of them to tell the type. */
  #head: Uint8Array | undefined = undefined;
  #type: readonly [string, string] | undefined = undefined;
  #typeKnown = false;
  #gaps = false;
  #closed = false;

  constructor(context: ParserContext, rules: FileRules, side: Side, txId: number, facts: FileFacts, rulesChoose = false) {
    this.#rulesChoose = rulesChoose;
    this.#context = context;
    this.#rules = rules;
    this.#side = side;
    this.#txId = txId;
    this.#facts = facts;
    const tap = context.rules;
    this.#values = tap === undefined ? undefined : new FileValues(tap, side, txId, facts, rules.judgedBytesMax);
    this.#algorithms = rules.algorithms(digestsFor(tap));
    this.#hasher = rules.hasher(this.#algorithms);
    this.#copy = rules.copy();
    // The middle of a file does not show what it is.
    this.#typeKnown = (facts.start ?? 0) > 0;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (this.#closed || to <= from) return;
    if (!this.#typeKnown) this.#look(bytes, from, to);
    this.#bytes += to - from;
    this.#values?.data(bytes, from, to);
    this.#hasher?.update(bytes, from, to);
    if (this.#copy !== undefined) this.#write(this.#copy, bytes, from, to);
  }

  gap(bytes: number): void {
    if (this.#closed) return;
    if (!this.#typeKnown) this.#decideType();
    this.#bytes += bytes;
    this.#gaps = true;
    // A file with holes would have the digest of another.
    this.#hasher?.finish();
    this.#hasher = undefined;
    this.#giveUp();
  }

  close(complete: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    const whole = complete && !this.#gaps;
    if (!this.#typeKnown) this.#decideType();
    const finished = this.#hasher?.finish();
    const digests = whole && finished !== undefined ? finished : [];
    const digestOf = (algorithm: DigestAlgorithm): Uint8Array | undefined => digests[this.#algorithms.indexOf(algorithm)];
    this.#values?.close(this.#bytes, this.#type?.[1], digestOf);
    const { name, start, beside } = this.#facts;
    const fields: Transaction = {};
    if (name !== undefined) fields["filename"] = name;
    if (this.#type !== undefined) [fields["type"], fields["magic"]] = this.#type;
    fields["gaps"] = this.#gaps;
    fields["state"] = whole ? "CLOSED" : "TRUNCATED";
    for (const algorithm of this.#rules.digests) {
      const digest = digestOf(algorithm);
      if (digest !== undefined) fields[algorithm] = toHex(digest);
    }
    fields["stored"] = this.#keep(whole, digestOf("sha256"));
    fields["size"] = this.#bytes;
    if (start !== undefined) {
      fields["start"] = start;
      fields["end"] = start + Math.max(0, this.#bytes - 1);
    }
    fields["tx_id"] = this.#txId;
    this.#context.emit("fileinfo", this.#side, this.#txId, fields, beside?.());
  }

  /** Enough bytes at once are looked at where they are; fewer are gathered. */
  #look(bytes: Uint8Array, from: number, to: number): void {
    if (this.#bytes === 0 && to - from >= typeBytesMax) {
      this.#type = fileType(bytes, from, to);
      this.#typeKnown = true;
      return;
    }
    this.#head ??= this.#rules.takeHead();
    const taken = Math.min(to - from, typeBytesMax - this.#bytes);
    this.#head.set(bytes.subarray(from, from + taken), this.#bytes);
    if (this.#bytes + taken === typeBytesMax) this.#decideType(taken);
  }

  /** `more` bytes are in the head that are not counted yet. */
  #decideType(more = 0): void {
    this.#typeKnown = true;
    if (this.#head === undefined) return;
    this.#type = fileType(this.#head, 0, Math.min(this.#bytes + more, typeBytesMax));
    this.#rules.giveHead(this.#head);
    this.#head = undefined;
  }

  #write(copy: FileCopy, bytes: Uint8Array, from: number, to: number): void {
    this.#copied += to - from;
    const fits = this.#rules.reserve(to - from) && this.#copied <= this.#rules.fileBytesMax;
    if (!fits || !copy.write(bytes, from, to)) this.#giveUp();
  }

  #giveUp(): void {
    if (this.#copy === undefined) return;
    this.#copy.drop();
    this.#copy = undefined;
    this.#rules.released(this.#copied);
  }

  #isWanted(): boolean {
    return !this.#rulesChoose || this.#context.rules?.stores?.(this.#side, this.#txId) === true;
  }

  /** True when the copy stays, under its digest's name. Empty files do not. */
  #keep(whole: boolean, sha256: Uint8Array | undefined): boolean {
    const copy = this.#copy;
    if (copy === undefined) return false;
    if (!whole || this.#bytes === 0 || sha256 === undefined || !this.#isWanted()) {
      this.#giveUp();
      return false;
    }
    this.#copy = undefined;
    const kept = copy.keep(toHex(sha256));
    this.#rules.released(kept ? 0 : this.#copied);
    return kept;
  }
}
