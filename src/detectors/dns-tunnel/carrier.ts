import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import { payloadBytes } from "./payload.ts";

/** Parts of the window: what is older than all of them is forgotten. */
export const partsInWindow = 4;
export const partSeconds = 300;
const partMicros = partSeconds * MICROS_PER_SECOND;

/** Names of a domain remembered at once; then they are forgotten together, and count once more. */
const namesMax = 1024;
/** Distinct addresses and clients that are told apart. */
const addressesMax = 256;
const clientsMax = 64;

/** Kinds of questions: what a client asks for to connect, and the rest. */
export const kindBits: Readonly<Record<string, number>> = { A: 1, AAAA: 2, HTTPS: 4 };
const otherKind = 8;

/** What was asked of a domain, or of several together, within the window. */
export interface Carried {
  /** Bytes that words do not explain, in names not asked before. */
  readonly bytes: number;
  /** Names not asked before. */
  readonly unique: number;
  /** Those of them that carry anything. */
  readonly laden: number;
  readonly queries: number;
  /** Questions for types other than those of addresses. */
  readonly other: number;
  /** Names asked for by more than one type, as programs do that want to connect. */
  readonly repeatedTypes: number;
  /** Answers with addresses, and how many different addresses they had. */
  readonly answers: number;
  readonly addresses: number;
  /** Answers of a list: addresses of 127.0.0.0/8 that say why somebody stands in it (RFC 5782 section 2.1). */
  readonly listed: number;
  /** Clients that asked. */
  readonly clients: number;
  /** Length of the other records that came back, bytes. */
  readonly returned: number;
}

const [BYTES, UNIQUE, LADEN, QUERIES, OTHER, REPEATED, ANSWERS, RETURNED, LISTED] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const columns = 9;

/** A domain, and what its subdomains have carried; about 1 KB, and 50 bytes for each mark: a name, an address or a client. */
export class Carrier {
  readonly domain: string;
  last: Micros;
  /** Time of the first question within the window. */
  since: Micros;
  /** When it was last put behind the others. */
  moved: Micros;
  /** Bytes at which it is judged next. */
  judgeAt: number;
  readonly addresses = new Set<number>();
  readonly clients = new Set<number>();
  /** Kinds that were asked for, by hash of the name. */
  readonly #names = new Map<number, number>();
  readonly #parts = new Float64Array(columns * partsInWindow);
  #part = 0;
  #partBegan: Micros;

  constructor(domain: string, time: Micros, judgeAt: number) {
    this.domain = domain;
    this.last = time;
    this.moved = time;
    this.since = time;
    this.#partBegan = time;
    this.judgeAt = judgeAt;
  }

  /** Takes a question; the answer is how many bytes it carried that were not carried before. */
  ask(name: number, subdomain: string, kind: number, client: number, time: Micros): number {
    this.#turn(time);
    this.#add(QUERIES, 1);
    if (kind === otherKind) this.#add(OTHER, 1);
    if (this.clients.size < clientsMax) this.clients.add(client);
    const asked = this.#names.get(name);
    if (asked !== undefined) {
      if ((asked & kind) === 0) {
        if ((asked & (asked - 1)) === 0) this.#add(REPEATED, 1);
        this.#names.set(name, asked | kind);
      }
      return 0;
    }
    if (this.#names.size >= namesMax) this.#names.clear();
    this.#names.set(name, kind);
    this.#add(UNIQUE, 1);
    const bytes = payloadBytes(subdomain);
    if (bytes > 0) {
      this.#add(LADEN, 1);
      this.#add(BYTES, bytes);
    }
    return bytes;
  }

  /** Whether the name was asked for. */
  knows(name: number): boolean {
    return this.#names.has(name);
  }

  answer(address: number, isListed: boolean): void {
    this.#add(ANSWERS, 1);
    if (isListed) this.#add(LISTED, 1);
    if (this.addresses.size < addressesMax) this.addresses.add(address);
  }

  /** Names, addresses and clients that are remembered. */
  get marks(): number {
    return this.#names.size + this.addresses.size + this.clients.size;
  }

  giveBack(bytes: number): void {
    this.#add(RETURNED, bytes);
  }

  get bytes(): number {
    return this.#sum(BYTES);
  }

  carried(): Carried {
    return {
      bytes: this.#sum(BYTES),
      unique: this.#sum(UNIQUE),
      laden: this.#sum(LADEN),
      queries: this.#sum(QUERIES),
      other: this.#sum(OTHER),
      repeatedTypes: this.#sum(REPEATED),
      answers: this.#sum(ANSWERS),
      addresses: this.addresses.size,
      listed: this.#sum(LISTED),
      clients: this.clients.size,
      returned: this.#sum(RETURNED),
    };
  }

  /** Moves on to the present part of the window and empties those that are over. */
  #turn(time: Micros): void {
    if (time > this.last) this.last = time;
    if (time - this.#partBegan < partMicros) return;
    const passed = Math.floor((time - this.#partBegan) / partMicros);
    for (let i = 0; i < Math.min(passed, partsInWindow); i++) {
      this.#part = (this.#part + 1) % partsInWindow;
      this.#parts.fill(0, this.#part * columns, (this.#part + 1) * columns);
    }
    this.#partBegan = (this.#partBegan + passed * partMicros) as Micros;
    this.since = Math.max(this.since, this.#partBegan - (partsInWindow - 1) * partMicros) as Micros;
    if (passed < partsInWindow) return;
    this.since = time;
    this.addresses.clear();
    this.clients.clear();
  }

  #add(column: number, value: number): void {
    this.#parts[this.#part * columns + column] = (this.#parts[this.#part * columns + column] as number) + value;
  }

  #sum(column: number): number {
    let sum = 0;
    for (let at = column; at < this.#parts.length; at += columns) sum += this.#parts[at] as number;
    return sum;
  }
}

export const kindOf = (type: unknown): number => kindBits[type as string] ?? otherKind;

/** What several carriers carried together. */
export function together(carriers: readonly Carrier[]): Carried {
  const addresses = new Set<number>();
  const sums = { bytes: 0, unique: 0, laden: 0, queries: 0, other: 0, repeatedTypes: 0, answers: 0, listed: 0, returned: 0 };
  for (const carrier of carriers) {
    const one = carrier.carried();
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += one[key];
    for (const address of carrier.addresses) addresses.add(address);
  }
  return { ...sums, addresses: addresses.size, clients: 1 };
}
