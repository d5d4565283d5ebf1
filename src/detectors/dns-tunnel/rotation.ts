import { OldestFirstSet } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import { type Carried, type Carrier, partSeconds, partsInWindow, together } from "./carrier.ts";

/** Domains followed for each client; the one added first goes first. */
const carriersMax = 1024;
/** Packet time between two looks at all domains of a client. */
const pauseMicros = 10 * MICROS_PER_SECOND;
const windowMicros = partSeconds * partsInWindow * MICROS_PER_SECOND;

/** Which domains a client has told something to, by name: who forgets a domain need not know of it; about 50 bytes for each. */
export class Rotation {
  last: Micros;
  readonly domains = new OldestFirstSet<string>(carriersMax);
  /** Bytes since it was judged. */
  #bytes = 0;
  #judged: Micros;

  constructor(time: Micros) {
    this.last = time;
    this.#judged = time;
  }

  /** Takes a name that carried something; true when there is enough new to judge the client. */
  add(carrier: Carrier, bytes: number, bytesMin: number, time: Micros): boolean {
    this.last = time;
    this.#bytes += bytes;
    this.domains.add(carrier.domain);
    if (this.#bytes < bytesMin / 8 || time - this.#judged < pauseMicros) return false;
    this.#bytes = 0;
    this.#judged = time;
    return true;
  }
}

/** Share of a domain's names that carry data, and questions for each of them, that a domain made for it has. */
const ladenMin = 0.8;
const questionsMax = 1.5;

/** What is known of a domain; undefined when that was forgotten. */
export type CarrierOf = (domain: string) => Carrier | undefined;

/** The client's domains that look as if they were made for data: nobody else asks for them, once for each name. */
function suspects(rotation: Rotation, time: Micros, carrierOf: CarrierOf): readonly Carrier[] {
  const found: Carrier[] = [];
  for (const domain of rotation.domains) {
    const carrier = carrierOf(domain);
    if (carrier === undefined || time - carrier.last > windowMicros) {
      rotation.domains.delete(domain);
      continue;
    }
    const { clients, unique, laden, queries, repeatedTypes } = carrier.carried();
    if (clients === 1 && laden > 0 && laden >= ladenMin * unique && queries <= questionsMax * unique && repeatedTypes === 0)
      found.push(carrier);
  }
  return found;
}

/** Domains that are told together, and what they carried. */
export interface Ring {
  readonly carriers: readonly Carrier[];
  readonly carried: Carried;
}

/**
 * Domains in turn have one master: the same address is answered for all of them, or records of another kind, or nothing.
 * The groups are returned, and all together, where they carried enough; a client that is many clients' resolver has other
 * domains beside them.
 */
export function ringsOf(
  rotation: Rotation,
  time: Micros,
  carrierOf: CarrierOf,
  { bytesMin, namesMin }: { readonly bytesMin: number; readonly namesMin: number },
): readonly Ring[] {
  const all = suspects(rotation, time, carrierOf);
  const groups = new Map<number | string, Carrier[]>();
  const join = (key: number | string, carrier: Carrier): void => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [carrier]);
    else group.push(carrier);
  };
  for (const carrier of all) {
    for (const address of carrier.addresses) join(address, carrier);
    if (carrier.addresses.size === 0) join(carrier.carried().other > 0 ? "other records" : "nothing", carrier);
  }
  const rings: Ring[] = [];
  for (const carriers of [...groups.values(), all]) {
    if (carriers.length < 2) continue;
    const carried = together(carriers);
    if (carried.bytes >= bytesMin && carried.unique >= namesMin) rings.push({ carriers, carried });
  }
  return rings;
}
