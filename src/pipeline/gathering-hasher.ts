import { createHash, type Hash, hash } from "node:crypto";
import type { DigestAlgorithm, Hasher } from "#contract/platform.ts";

/** Bytes that are gathered before they are hashed: a call for each small piece costs more than to copy it. */
const gatheredBytesMax = 4096;
/** Pieces of memory that messages have at the same time; those beyond are hashed piece by piece. */
const piecesMax = 1024;
/** Pieces that are kept for the next messages. */
const piecesKeptMax = 32;

/** Makes the hashers of one thread. */
export class Hashers {
  readonly #pieces: Uint8Array[] = [];
  #taken = 0;

  open(algorithms: readonly DigestAlgorithm[]): Hasher {
    return new GatheringHasher(this, algorithms);
  }

  /** Memory to gather in; `undefined` when too many have some. */
  takePiece(): Uint8Array | undefined {
    if (this.#taken >= piecesMax) return undefined;
    this.#taken++;
    return this.#pieces.pop() ?? new Uint8Array(gatheredBytesMax);
  }

  givePiece(piece: Uint8Array): void {
    this.#taken--;
    if (this.#pieces.length < piecesKeptMax) this.#pieces.push(piece);
  }
}

/** Hashes a short message at once, because an object that takes pieces costs four times as much; a longer one in steps. */
class GatheringHasher implements Hasher {
  readonly #all: Hashers;
  readonly #algorithms: readonly DigestAlgorithm[];
  #piece: Uint8Array | undefined = undefined;
  #gathered = 0;
  #hashes: readonly Hash[] | undefined = undefined;

  constructor(all: Hashers, algorithms: readonly DigestAlgorithm[]) {
    this.#all = all;
    this.#algorithms = algorithms;
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.#gathered + length > gatheredBytesMax) this.#flush();
    if (length < gatheredBytesMax) this.#piece ??= this.#all.takePiece();
    if (length >= gatheredBytesMax || this.#piece === undefined) {
      this.#flush();
      this.#take(bytes.subarray(from, to));
      return;
    }
    this.#piece.set(bytes.subarray(from, to), this.#gathered);
    this.#gathered += length;
  }

  finish(): readonly Uint8Array[] {
    const digests = this.#hashes === undefined ? this.#atOnce() : this.#inSteps(this.#hashes);
    if (this.#piece !== undefined) this.#all.givePiece(this.#piece);
    this.#piece = undefined;
    return digests;
  }

  #atOnce(): readonly Uint8Array[] {
    const message = this.#piece?.subarray(0, this.#gathered) ?? new Uint8Array(0);
    return this.#algorithms.map((algorithm) => hash(algorithm, message, "buffer"));
  }

  #inSteps(hashes: readonly Hash[]): readonly Uint8Array[] {
    this.#flush();
    return hashes.map((one) => one.digest());
  }

  #flush(): void {
    if (this.#gathered === 0 || this.#piece === undefined) return;
    const part = this.#piece.subarray(0, this.#gathered);
    this.#gathered = 0;
    this.#take(part);
  }

  #take(part: Uint8Array): void {
    this.#hashes ??= this.#algorithms.map((algorithm) => createHash(algorithm));
    for (const one of this.#hashes) one.update(part);
  }
}
