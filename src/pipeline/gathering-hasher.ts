import { createHash, type Hash, hash } from "node:crypto";
import type { DigestAlgorithm, Hasher } from "#contract/platform.ts";

/** Bytes up to which a message is gathered and hashed at once: an object that takes pieces costs four times as much. */
const gatheredBytesMax = 4096;
/** Pieces of memory that are kept for the next messages. */
const piecesKeptMax = 32;

/** Makes the hashers of one thread. */
export class Hashers {
  readonly #pieces: Uint8Array[] = [];

  open(algorithms: readonly DigestAlgorithm[]): Hasher {
    return new GatheringHasher(this, algorithms);
  }

  takePiece(): Uint8Array {
    return this.#pieces.pop() ?? new Uint8Array(gatheredBytesMax);
  }

  givePiece(piece: Uint8Array): void {
    if (this.#pieces.length < piecesKeptMax) this.#pieces.push(piece);
  }
}

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
    if (this.#hashes === undefined && this.#gathered + to - from <= gatheredBytesMax) {
      this.#piece ??= this.#all.takePiece();
      this.#piece.set(bytes.subarray(from, to), this.#gathered);
      this.#gathered += to - from;
      return;
    }
    const part = bytes.subarray(from, to);
    this.#hashes ??= this.#begin();
    for (const one of this.#hashes) one.update(part);
  }

  finish(): readonly Uint8Array[] {
    if (this.#hashes !== undefined) return this.#hashes.map((one) => one.digest());
    const message = this.#piece?.subarray(0, this.#gathered) ?? new Uint8Array(0);
    const digests = this.#algorithms.map((algorithm) => hash(algorithm, message, "buffer"));
    this.#letGo();
    return digests;
  }

  /** The message is longer: what was gathered of it goes first. */
  #begin(): readonly Hash[] {
    const hashes = this.#algorithms.map((algorithm) => createHash(algorithm));
    if (this.#piece !== undefined) {
      const part = this.#piece.subarray(0, this.#gathered);
      for (const one of hashes) one.update(part);
      this.#letGo();
    }
    return hashes;
  }

  #letGo(): void {
    if (this.#piece !== undefined) this.#all.givePiece(this.#piece);
    this.#piece = undefined;
  }
}
