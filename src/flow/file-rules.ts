import type { DigestAlgorithm, FileCopy, Hasher, Platform } from "#contract/platform.ts";
import type { Config } from "#schema/config.ts";
import { typeBytesMax } from "./file-type.ts";

/** Files that one partition extracts at the same time; further ones are only told. */
const copiesMax = 32;

const known = (name: string): name is DigestAlgorithm => name === "md5" || name === "sha1" || name === "sha256";

/** Pieces of memory that are kept for the beginnings of the next files. */
const headsKeptMax = 8;

/** What is done with the files that protocols carry: which digests, which are extracted. One for each partition. */
export class FileRules {
  /** Digests that are told, in EVE's order. */
  readonly digests: readonly DigestAlgorithm[];
  readonly fileBytesMax: number;
  /** Bytes of one file that rules look at. */
  readonly judgedBytesMax: number;
  readonly #platform: Platform;
  readonly #hashed: readonly DigestAlgorithm[];
  /** Bytes that may still be extracted: the partition's own share, so that the workers change nothing. */
  #bytesLeft: number;
  #copies = 0;
  readonly #heads: Uint8Array[] = [];

  constructor(config: Config, platform: Platform, partitions: number) {
    const { "files.digests": wanted, "files.extract": folder } = config;
    this.digests = (["md5", "sha1", "sha256"] as const).filter((name) => wanted.includes(name) && known(name));
    this.fileBytesMax = config["files.file-bytes-max"];
    this.judgedBytesMax = config["rules.body-bytes-max"];
    this.#platform = platform;
    // The name of an extracted file is its SHA-256, told or not.
    this.#hashed = folder === "" || this.digests.includes("sha256") ? this.digests : [...this.digests, "sha256"];
    this.#bytesLeft = folder === "" ? 0 : Math.floor(config["files.extract-bytes-max"] / partitions);
  }

  /** Digests that are made of a file: those that are told, those that copies need, and those that `more` names. */
  algorithms(more: readonly DigestAlgorithm[]): readonly DigestAlgorithm[] {
    return more.length === 0 ? this.#hashed : [...new Set([...this.#hashed, ...more])];
  }

  /** `undefined` when no digest is wanted. */
  hasher(algorithms: readonly DigestAlgorithm[]): Hasher | undefined {
    return algorithms.length === 0 ? undefined : this.#platform.hasher(algorithms);
  }

  /** Memory for the first bytes of a file, of any content. */
  takeHead(): Uint8Array {
    return this.#heads.pop() ?? new Uint8Array(typeBytesMax);
  }

  giveHead(head: Uint8Array): void {
    if (this.#heads.length < headsKeptMax) this.#heads.push(head);
  }

  /** A copy of a new file, when files are extracted and there is room. `released` must follow. */
  copy(): FileCopy | undefined {
    if (this.#bytesLeft <= 0 || this.#copies >= copiesMax) return undefined;
    const copy = this.#platform.copyFile?.();
    if (copy !== undefined) this.#copies++;
    return copy;
  }

  /** Takes room for extracted bytes; false when there is none left. */
  reserve(bytes: number): boolean {
    this.#bytesLeft -= bytes;
    return this.#bytesLeft >= 0;
  }

  /** A copy has ended; `unused` bytes of it did not stay. */
  released(unused: number): void {
    this.#copies--;
    this.#bytesLeft += unused;
  }
}
