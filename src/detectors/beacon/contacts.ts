/** Contacts that begin within so many seconds of another are one: a client often opens several connections at once. */
const togetherSeconds = 0.25;
/** Contacts kept of one pair; half of them, the oldest, go when there are more. */
const contactsKept = 2048;

/** When one host called another, and with how many bytes. */
export class Contacts {
  /** Starts of contacts in seconds, nearly ascending: they come in the order of their ends. */
  readonly #times: number[] = [];
  readonly #bytes: number[] = [];
  /** All that were ever seen. */
  seen = 0;
  /** Judged next when so many were seen. */
  nextJudged: number;
  /** Name of the server, where a message told it; else empty. */
  name = "";
  told = false;
  /** The last look found a clock. */
  like = false;
  waits = false;
  client = "";
  server = "";
  port: number;
  /** Hash of the name or server, with the port. */
  destination = 0;

  constructor(first: number, port: number) {
    this.nextJudged = first;
    this.port = port;
  }

  get kept(): number {
    return this.#times.length;
  }

  /** Adds a contact; the answer is by how much the number of kept ones changed. */
  add(time: number, bytes: number): number {
    this.seen++;
    this.#times.push(time);
    this.#bytes.push(bytes);
    if (this.#times.length <= contactsKept) return 1;
    this.#times.splice(0, contactsKept / 2);
    this.#bytes.splice(0, contactsKept / 2);
    return 1 - contactsKept / 2;
  }

  /** In the order of their starts, those that belong together added up. */
  sample(): { readonly times: number[]; readonly bytes: number[] } {
    const order = this.#times.map((_, i) => i).toSorted((a, b) => (this.#times[a] as number) - (this.#times[b] as number));
    const times: number[] = [];
    const bytes: number[] = [];
    for (const i of order) {
      const time = this.#times[i] as number;
      const size = this.#bytes[i] as number;
      const at = times.length - 1;
      if (at >= 0 && time - (times[at] as number) < togetherSeconds) bytes[at] = (bytes[at] as number) + size;
      else {
        times.push(time);
        bytes.push(size);
      }
    }
    return { times, bytes };
  }
}
