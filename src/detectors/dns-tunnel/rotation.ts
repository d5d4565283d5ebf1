import type { Micros } from "#base/time.ts";
import { type Carried, type Carrier, partSeconds, partsInWindow, together } from "./carrier.ts";

/** Domains followed for each client; the one added first goes first. */
const carriersMax = 256;

/** Which domains a client has told something to. */
export class Rotation {
  last: Micros;
  bytes = 0;
  judgeAt: number;
  readonly carriers = new Set<Carrier>();

  constructor(time: Micros, judgeAt: number) {
    this.last = time;
    this.judgeAt = judgeAt;
  }

  add(carrier: Carrier, bytes: number, time: Micros): void {
    // What is older than the window fades: the exact sums stand with the domains.
    const window = partSeconds * partsInWindow * 1e6;
    this.bytes = this.bytes * Math.exp(-Math.max(0, time - this.last) / window) + bytes;
    this.last = time;
    if (this.carriers.has(carrier)) return;
    if (this.carriers.size >= carriersMax) this.carriers.delete(this.carriers.keys().next().value as Carrier);
    this.carriers.add(carrier);
  }
}

/** Share of a domain's names that carry data, and questions for each of them, that a domain made for it has. */
const ladenMin = 0.8;
const questionsMax = 1.5;

/** The client's domains that look as if they were made for data: nobody else asks for them, once for each name. */
export function rotationOf(rotation: Rotation, time: Micros, windowMicros: number): readonly Carrier[] {
  const found: Carrier[] = [];
  for (const carrier of rotation.carriers) {
    if (time - carrier.last > windowMicros) {
      rotation.carriers.delete(carrier);
      continue;
    }
    const { clients, unique, laden, queries, repeatedTypes } = carrier.carried();
    if (clients === 1 && laden >= ladenMin * unique && queries <= questionsMax * unique && repeatedTypes === 0) found.push(carrier);
  }
  return found;
}

/** What they carried together, when it is enough and more than one domain's. */
export function isRotating(carriers: readonly Carrier[], bytesMin: number, namesMin: number): Carried | undefined {
  if (carriers.length < 2) return undefined;
  const all = together(carriers);
  return all.bytes >= bytesMin && all.unique >= namesMin ? all : undefined;
}
