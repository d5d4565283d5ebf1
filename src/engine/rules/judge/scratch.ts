import { NumberReader } from "./read-number.ts";

/** Places of matches that are remembered of one rule; later ones are left out. */
export const placesMax = 16;
/** Captured groups that are remembered of one rule; later ones are left out. */
export const capturesMax = 16;
/** Variables that one rule may hold; `byte_extract` and `byte_math` beyond it are lost, so that what reads them sees 0. */
export const variablesMax = 64;

/** What the judge asks of named sets (`dataset`, `datarep`): `datasets.ts` answers. */
export interface DatasetAccess {
  has(name: string, bytes: Uint8Array, from: number, to: number): boolean;
  /** `undefined` when nothing is known of the value. */
  reputation(name: string, bytes: Uint8Array, from: number, to: number): number | undefined;
}

/** Where a positive literal or pattern stands: for evidence. */
export interface MatchPlace {
  /** Name of the buffer (`BufferTests.buffer`). */
  buffer: string;
  /** From the beginning of the bytes that were judged. */
  offset: number;
  /** In bytes. */
  length: number;
}

/** A group of a pattern that was captured for a variable. */
export interface Capture {
  scope: "flow" | "pkt" | "alert";
  name: string;
  /** One character a byte. */
  value: string;
}

/**
 * Memory of the judge for one rule at a time: what the rule has extracted and where it matched. One is reused for all
 * rules of a thread; `beginRule` comes before the first buffer of each rule. What the buffers of a rule share stands
 * here, so they are judged with the same scratch one after the other.
 */
export class Scratch {
  /**
   * Offset into the judged array. When it is beyond its beginning, buffers count only when a positive literal or
   * pattern ends behind it: bytes before it were judged already, and are there for what begins in them. Buffers
   * without positive literals and patterns are judged as if it were 0.
   */
  minimumEnd = 0;
  /** Bytes of the stream before the judged ones: `offset` and `depth` count from the stream's beginning. */
  precedingBytes = 0;
  /** Byte order of the DCE/RPC message, for `dce`. */
  dceLittle = false;
  /** For `rpc`: the message stands behind a record mark. */
  overTcp = false;
  /** IPv4 address of the packet's sender, for `ftpbounce`; `undefined` for IPv6. */
  sourceAddress: number | undefined = undefined;
  datasets: DatasetAccess | undefined = undefined;
  /** Judgements that were given up because they took too many steps, since the scratch was made. */
  givenUp = 0;

  /** End of the last match in the buffer judged last, from its beginning: where relative words go on. */
  position = 0;
  readonly places: readonly MatchPlace[] = Array.from({ length: placesMax }, () => ({ buffer: "", offset: 0, length: 0 }));
  /** Of `places`, this many are set. */
  placeCount = 0;
  readonly captures: readonly Capture[] = Array.from({ length: capturesMax }, () => ({ scope: "pkt" as const, name: "", value: "" }));
  captureCount = 0;
  /** Used by the words that read numbers. */
  readonly reader = new NumberReader();
  readonly #names: string[] = [];
  readonly #values: (number | bigint)[] = [];
  #variableCount = 0;

  /** Forgets what the rule before has extracted and where it has matched. */
  beginRule(): void {
    this.#variableCount = 0;
    this.placeCount = 0;
    this.captureCount = 0;
    this.position = 0;
  }

  /** Value of an extracted variable; 0 when it was not extracted. Bigint only beyond 2^53. */
  variable(name: string): number | bigint {
    for (let i = 0; i < this.#variableCount; i++) if (this.#names[i] === name) return this.#values[i] as number | bigint;
    return 0;
  }

  setVariable(name: string, value: number | bigint): void {
    for (let i = 0; i < this.#variableCount; i++) {
      if (this.#names[i] === name) {
        this.#values[i] = value;
        return;
      }
    }
    if (this.#variableCount === variablesMax) return;
    this.#names[this.#variableCount] = name;
    this.#values[this.#variableCount++] = value;
  }

  addPlace(buffer: string, offset: number, length: number): void {
    const place = this.places[this.placeCount];
    if (place === undefined) return;
    place.buffer = buffer;
    place.offset = offset;
    place.length = length;
    this.placeCount++;
  }

  addCapture(scope: Capture["scope"], name: string, value: string): void {
    const capture = this.captures[this.captureCount];
    if (capture === undefined) return;
    capture.scope = scope;
    capture.name = name;
    capture.value = value;
    this.captureCount++;
  }
}
