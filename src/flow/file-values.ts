import type { RuleTap } from "#contract/inspector.ts";
import type { FileFacts, Side } from "#contract/parser.ts";
import type { DigestAlgorithm } from "#contract/platform.ts";
import { giveText } from "#contract/rule-values.ts";

const firstCapacity = 4096;
/** Words about a file's digests. */
const digestWords: readonly (readonly [word: string, algorithm: DigestAlgorithm])[] = [
  ["file.md5", "md5"],
  ["file.sha1", "sha1"],
  ["file.sha256", "sha256"],
];

/** Digests that rules look at, and that are made even when they are not told. */
export const digestsFor = (tap: RuleTap | undefined): readonly DigestAlgorithm[] =>
  tap === undefined ? [] : digestWords.filter(([word]) => tap.wants(word)).map(([, algorithm]) => algorithm);

/**
 * What rules see of a file: its name, its first bytes, and when it has ended its size, type and digests. The bytes are
 * copied as they come, and judged when there are as many as rules look at, or at the end.
 */
export class FileValues {
  readonly #tap: RuleTap;
  readonly #side: Side;
  readonly #txId: number;
  readonly #facts: FileFacts;
  readonly #bytesMax: number;
  #bytes: Uint8Array | undefined;
  #length = 0;

  constructor(tap: RuleTap, side: Side, txId: number, facts: FileFacts, bytesMax: number) {
    this.#tap = tap;
    this.#side = side;
    this.#txId = txId;
    this.#facts = facts;
    this.#bytesMax = bytesMax;
    if (tap.wants("file.data")) this.#bytes = new Uint8Array(Math.min(firstCapacity, bytesMax));
    if (facts.name !== undefined && tap.wants("file.name")) {
      this.#text("file.name", facts.name);
      this.#judge();
    }
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    const taken = Math.min(to - from, this.#bytesMax - this.#length);
    let own = this.#bytes;
    if (own === undefined || taken <= 0) return;
    if (this.#length + taken > own.length) {
      const grown = new Uint8Array(Math.min(this.#bytesMax, Math.max(own.length * 2, this.#length + taken)));
      grown.set(own.subarray(0, this.#length));
      own = grown;
      this.#bytes = grown;
    }
    own.set(bytes.subarray(from, from + taken), this.#length);
    this.#length += taken;
    if (this.#length < this.#bytesMax) return;
    this.#giveData();
    this.#judge();
  }

  /** The file has ended. `digestOf` gives those that `digestsFor` asked for, when it is whole. */
  close(size: number, magic: string | undefined, digestOf: (algorithm: DigestAlgorithm) => Uint8Array | undefined): void {
    const tap = this.#tap;
    this.#giveData();
    if (magic !== undefined && tap.wants("file.magic")) this.#text("file.magic", magic);
    if (tap.wants("file.size")) tap.number("file.size", this.#side, this.#txId, size);
    for (const [word, algorithm] of digestWords) {
      const digest = tap.wants(word) ? digestOf(algorithm) : undefined;
      if (digest !== undefined) tap.value(word, this.#side, this.#txId, digest, 0, digest.length);
    }
    this.#judge();
  }

  #giveData(): void {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    if (bytes !== undefined && this.#length > 0) this.#tap.value("file.data", this.#side, this.#txId, bytes, 0, this.#length);
  }

  #text(word: string, text: string): void {
    giveText(this.#tap, word, this.#side, this.#txId, text);
  }

  #judge(): void {
    this.#tap.judge(this.#side, this.#txId, this.#facts.beside);
  }
}
