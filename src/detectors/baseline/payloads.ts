import type { FlowFact } from "#contract/detector.ts";

/** How both sides of a flow begin: in clear text, in bytes that are none, or in a way that says neither. */
export const Opening = { unclear: 0, text: 1, binary: 2 } as const;
export type Opening = (typeof Opening)[keyof typeof Opening];

/** A flow whose sides both look so begins in text: a header, a greeting, a form. */
const textMin = 0.9;
/** Random bytes are text to 0.38; handshakes with names in them reach more. */
const binaryMax = 0.7;

/** How a flow begins; unclear when one side has said too little. */
export function openingOf(fact: FlowFact): Opening {
  if (fact.payloadToServer === 0 || fact.payloadToClient === 0) return Opening.unclear;
  const toServer = fact.payloadTextToServer;
  const toClient = fact.payloadTextToClient;
  if (toServer >= textMin && toClient >= textMin) return Opening.text;
  return toServer <= binaryMax && toClient <= binaryMax ? Opening.binary : Opening.unclear;
}

/** Intervals whose means the usual entropy is a mean of, about. */
const memory = 100;

/**
 * What the first payloads of the flows of each row look like: the usual entropy, which is told, and how many begin in
 * text and how many do not, by which a flow of the other sort is judged.
 */
export class Payloads {
  /** Usual bits of entropy of a byte; 0 where nothing is known. */
  readonly bits: Float32Array;
  readonly #sums: Float64Array;
  readonly #flows: Uint32Array;
  /** Flows by how they begin, without the unclear ones. */
  readonly #texts: Uint32Array;
  readonly #binaries: Uint32Array;

  constructor(rows: number) {
    this.bits = new Float32Array(rows);
    this.#sums = new Float64Array(rows);
    this.#flows = new Uint32Array(rows);
    this.#texts = new Uint32Array(rows);
    this.#binaries = new Uint32Array(rows);
  }

  /** A flow of the row has ended whose payload has so many bits of entropy. */
  add(row: number, bits: number, opening: Opening): void {
    this.#sums[row] = (this.#sums[row] as number) + bits;
    this.#flows[row] = (this.#flows[row] as number) + 1;
    if (opening === Opening.text) this.#texts[row] = (this.#texts[row] as number) + 1;
    else if (opening === Opening.binary) this.#binaries[row] = (this.#binaries[row] as number) + 1;
  }

  /** How many flows of the row began in the other way than `opening`, where none has begun like it; else 0. */
  others(row: number, opening: Opening): number {
    const [texts, binaries] = [this.#texts[row] as number, this.#binaries[row] as number];
    if (opening === Opening.text) return texts === 0 ? binaries : 0;
    return opening === Opening.binary && binaries === 0 ? texts : 0;
  }

  /** Learns the interval. */
  turn(row: number): void {
    const flows = this.#flows[row] as number;
    if (flows === 0) return;
    const mean = (this.#sums[row] as number) / flows;
    const before = this.bits[row] as number;
    this.bits[row] = before === 0 ? mean : before + (mean - before) / memory;
    this.#sums[row] = 0;
    this.#flows[row] = 0;
  }

  forget(row: number): void {
    for (const list of [this.bits, this.#sums, this.#flows, this.#texts, this.#binaries]) list[row] = 0;
  }

  state(row: number): readonly number[] {
    return [Math.round((this.bits[row] as number) * 100), this.#texts[row] as number, this.#binaries[row] as number];
  }

  fromState(row: number, saved: readonly unknown[]): void {
    const [bits, texts, binaries] = saved.map((one) => (typeof one === "number" && one >= 0 ? one : 0));
    this.bits[row] = Math.min(8, (bits ?? 0) / 100);
    this.#texts[row] = texts ?? 0;
    this.#binaries[row] = binaries ?? 0;
  }
}
