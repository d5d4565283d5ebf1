import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { textKey } from "#engine/stats/key.ts";
import { type Carried, Carrier, kindOf, partSeconds, partsInWindow } from "./carrier.ts";
import { chanceOf, type Sign, signsOf } from "./evidence.ts";
import { type Place, Places } from "./names.ts";
import { type Ring, Rotation, ringsOf } from "./rotation.ts";

export interface Limits {
  /** Bytes beyond words in new names within the window, from which on a domain is judged. */
  readonly bytesMin: number;
  /** New names within the window. */
  readonly namesMin: number;
  /** Chance from which on it is told. */
  readonly chanceMin: number;
  /** Bytes each second that make it a tunnel, not a slow leak. */
  readonly tunnelRate: number;
}

/** Domains and clients followed at once; those silent for longest go first. */
const carriersMax = 8192;
const rotationsMax = 4096;
/** What is remembered at most, about 40 MB; beyond it goes what was silent for longest. */
interface Bounds {
  /** Names, addresses and clients of all domains together. */
  readonly marksMax: number;
  /** Domains of all clients together. */
  readonly entriesMax: number;
}
const usualBounds: Bounds = { marksMax: 400_000, entriesMax: 200_000 };
const windowMicros = partSeconds * partsInWindow * MICROS_PER_SECOND;
/** By how much the bytes must grow before a domain is judged again. */
const judgeAgain = 1.2;
/** Domains in turn that are named. */
const examplesMax = 5;
/** Seconds over which a rate is at least taken. */
const rateSecondsMin = 30;

/** What is told beside the verdict. */
interface Told {
  readonly fact: TransactionFact;
  readonly seconds: number;
  readonly rate: number;
  readonly returned: number;
  readonly isTunnel: boolean;
}

interface Verdict {
  readonly cause: string;
  readonly title: string;
  readonly signs: readonly Sign[];
  readonly chance: number;
  /** Domains in turn. */
  readonly domains?: readonly string[];
}

/**
 * Data carried in the names that are asked for: what each registered domain was told beyond words in 15 to 20 minutes, and
 * what each client told to many domains that nobody else asked for.
 */
export class DnsTunnel implements Detector {
  readonly #limits: Limits;
  readonly #bounds: Bounds;
  readonly #report: (finding: Finding) => void;
  readonly #places = new Places();
  readonly #carriers = new OldestFirstMap<string, Carrier>(carriersMax, ({ marks }) => {
    this.#marks -= marks;
  });
  /** By hash of the client. */
  readonly #rotations = new OldestFirstMap<number, Rotation>(rotationsMax, ({ domains }) => {
    this.#entries -= domains.size;
  });
  #marks = 0;
  #entries = 0;

  constructor(limits: Limits, report: (finding: Finding) => void, bounds: Bounds = usualBounds) {
    this.#limits = limits;
    this.#bounds = bounds;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const { fields } = fact;
    if (fields["variant"] !== undefined || fields["opcode"] !== 0) return;
    const name = fields["rrname"];
    if (typeof name !== "string" || name === "") return;
    const place = this.#places.of(name);
    if (place === undefined) return;
    const carrier = this.#carrierOf(place, fact.time);
    const before = carrier.marks;
    const { key } = place;
    const isQuery = fields["type"] === "query";
    if (isQuery || !carrier.knows(key)) {
      const bytes = carrier.ask(key, place.subdomain, kindOf(fields["rrtype"]), fact.clientHash, fact.time);
      if (bytes > 0) this.#laden(carrier, bytes, fact);
    }
    if (!isQuery) takeAnswer(carrier, fields["answers"]);
    this.#marks += carrier.marks - before;
    while (this.#marks > this.#bounds.marksMax) this.#carriers.forgetFirst();
  }

  /** What is remembered: marks of domains, and domains of clients. */
  get kept(): { readonly marks: number; readonly entries: number; readonly domains: number; readonly clients: number } {
    return { marks: this.#marks, entries: this.#entries, domains: this.#carriers.size, clients: this.#rotations.size };
  }

  onTick(time: Micros): void {
    this.#carriers.expire((carrier) => time - carrier.last > windowMicros);
    this.#rotations.expire((rotation) => time - rotation.last > windowMicros);
  }

  #carrierOf({ domain }: Place, time: Micros): Carrier {
    const known = this.#carriers.get(domain);
    // To move a domain behind the others costs more than to find it: once a minute is often enough.
    if (known !== undefined && time - known.moved < 60 * MICROS_PER_SECOND) return known;
    const carrier = known ?? new Carrier(domain, time, this.#limits.bytesMin);
    carrier.moved = time;
    this.#carriers.renew(domain, carrier);
    return carrier;
  }

  #laden(carrier: Carrier, bytes: number, fact: TransactionFact): void {
    if (carrier.bytes >= carrier.judgeAt) this.#judge(carrier, fact);
    const { clientHash, time } = fact;
    const rotation = this.#rotations.ensure(clientHash, () => new Rotation(time));
    const before = rotation.domains.size;
    const isDue = rotation.add(carrier, bytes, this.#limits.bytesMin, time);
    if (isDue) this.#judgeRotation(rotation, fact);
    this.#entries += rotation.domains.size - before;
    while (this.#entries > this.#bounds.entriesMax) this.#rotations.forgetFirst();
  }

  #judge(carrier: Carrier, fact: TransactionFact): void {
    const { bytesMin, namesMin, chanceMin } = this.#limits;
    const carried = carrier.carried();
    carrier.judgeAt = Math.max(bytesMin, carried.bytes * judgeAgain);
    if (carried.unique < namesMin) {
      carrier.judgeAt = carried.bytes;
      return;
    }
    const signs = signsOf(carried, bytesMin);
    const chance = chanceOf(signs);
    if (chance < chanceMin) return;
    const told = this.#toldOf(fact, carried, carrier.since);
    const where = carrier.domain === "." ? "that end in no top-level domain" : `below ${carrier.domain}`;
    const who = carried.clients > 1 ? `${carried.clients} clients` : fact.client;
    this.#tell(told, {
      cause: carrier.domain,
      title: `${who} asked for ${carried.unique} names ${where} in ${span(told.seconds)}; about ${Math.round(carried.bytes)} bytes of data seem hidden in them`,
      signs,
      chance,
    });
  }

  /** Tells the client's group of domains that looks most like data. */
  #judgeRotation(rotation: Rotation, fact: TransactionFact): void {
    const { bytesMin, chanceMin } = this.#limits;
    let most: (Ring & { readonly signs: readonly Sign[]; readonly chance: number }) | undefined;
    for (const ring of ringsOf(rotation, fact.time, (domain) => this.#carriers.get(domain), this.#limits)) {
      const signs = signsOf(ring.carried, bytesMin);
      const chance = chanceOf(signs);
      if (chance >= Math.max(chanceMin, most?.chance ?? 0)) most = { ...ring, signs, chance };
    }
    if (most === undefined) return;
    const { carriers, carried, signs, chance } = most;
    const since = carriers.reduce((least, carrier) => Math.min(least, carrier.since), fact.time as number);
    const told = this.#toldOf(fact, carried, since);
    this.#tell(told, {
      cause: `client ${fact.client}`,
      title: `${fact.client} asked for ${carried.unique} names of ${carriers.length} domains that nobody else asks for in ${span(told.seconds)}; about ${Math.round(carried.bytes)} bytes of data seem hidden in them`,
      signs,
      chance,
      domains: carriers.map(({ domain }) => domain),
    });
  }

  #toldOf(fact: TransactionFact, { bytes, returned }: Carried, since: number): Told {
    const seconds = (fact.time - since) / MICROS_PER_SECOND;
    const counted = Math.max(rateSecondsMin, seconds);
    const rate = bytes / counted;
    return { fact, seconds, rate, returned, isTunnel: Math.max(rate, returned / counted) >= this.#limits.tunnelRate };
  }

  #tell({ fact, seconds, rate, returned, isTunnel }: Told, { cause, title, signs, chance, domains }: Verdict): void {
    this.#report({
      ...placeOf(fact),
      cause,
      title,
      category: isTunnel ? "tunnel" : "exfiltration",
      techniques: isTunnel ? ["T1071.004", "T1572"] : ["T1048.003", "T1071.004"],
      severity: "high",
      score: chance,
      why: [
        ...(domains === undefined
          ? []
          : [{ feature: "domains in turn", value: domains.slice(0, examplesMax).join(", "), sample: domains.length }]),
        { feature: "bytes hidden in names each second", value: rate, sample: Math.round(seconds) },
        ...signs.map(({ feature, value, sample }) => ({ feature, value, sample })),
        { feature: "bytes of records that came back", value: returned },
      ],
    });
  }
}

/** Addresses are counted by their text; other records by their length. */
function takeAnswer(carrier: Carrier, answers: unknown): void {
  if (!Array.isArray(answers)) return;
  for (const { rrtype, rdata } of answers as readonly { readonly rrtype?: unknown; readonly rdata?: unknown }[]) {
    if (typeof rdata !== "string") continue;
    if (rrtype !== "A" && rrtype !== "AAAA") carrier.giveBack(rdata.length);
    else {
      carrier.answer(textKey(rdata), rdata.startsWith("127."));
      return;
    }
  }
}

const span = (seconds: number): string => (seconds < 120 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`);
