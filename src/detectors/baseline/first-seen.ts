import { combine32 } from "#base/hash.ts";
import type { FlowFact, Reason, TransactionFact } from "#contract/detector.ts";
import { Novelty } from "./novelty.ts";
import { Opening } from "./payloads.ts";
import { dynamicPorts, type OddOpening, placeName } from "./traffic.ts";

export interface NewsLimits {
  readonly port: boolean;
  readonly protocol: boolean;
  readonly peer: boolean;
  readonly software: boolean;
  readonly payload: boolean;
  /** Surprise of something new from which on it is told, bits. */
  readonly bitsMin: number;
}

/** Something that was never seen here. */
export interface News {
  readonly sort: keyof typeof listLimits | "country" | "system" | "payload";
  /** Whom it is about, when that is not the client. */
  readonly about?: "client" | "server";
  readonly bits: number;
  readonly cause: string;
  readonly title: string;
  readonly why: readonly Reason[];
}

/** Keys that are remembered of each sort. */
const listLimits = { served: 30_000, port: 5_000, protocol: 1_000, peer: 50_000, software: 30_000 } as const;
const sorts = Object.keys(listLimits) as (keyof typeof listLimits)[];

const TCP = 6;
const UDP = 17;
/** Doors for administrators, databases and plants: who comes in there for the first time is worth a line. */
const criticalPorts: ReadonlySet<number> = new Set([
  22, 23, 102, 445, 502, 1433, 1521, 2404, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 20_000, 27_017, 44_818,
]);

/**
 * Ports, protocols, peers and programs that were never seen before. Most networks see some of it all the time, so each
 * sort knows how often it has news, and only news of a sort that has none are told.
 */
export class FirstSeen {
  readonly #limits: NewsLimits;
  readonly #lists: Readonly<Record<keyof typeof listLimits, Novelty>>;
  /** Names → hashes, so that a name is walked once. */
  readonly #hashes = new Map<string, number>();

  constructor(limits: NewsLimits) {
    this.#limits = limits;
    this.#lists = {
      served: new Novelty(listLimits.served),
      port: new Novelty(listLimits.port),
      protocol: new Novelty(listLimits.protocol),
      peer: new Novelty(listLimits.peer),
      software: new Novelty(listLimits.software),
    };
  }

  /** An answered flow has ended. `serverKnown`: the server is inside and was seen for long enough. */
  flow(fact: FlowFact, serverKnown: boolean, isInside: boolean, clock: number): News | undefined {
    if (fact.midstream || !fact.established || fact.serverPort >= dynamicPorts) return undefined;
    if (fact.protocol !== TCP && fact.protocol !== UDP) return undefined;
    const place = (fact.serverPort << 8) | fact.protocol;
    const { served, port, protocol, peer } = this.#lists;
    const { service } = fact;
    let news: News | undefined;
    if (isInside && service !== "ftp-data") {
      const bits = served.observe(combine32(fact.serverHash, place), clock);
      if (bits > 0 && serverKnown && this.#limits.port && bits >= this.#limits.bitsMin) news = this.#served(fact, bits);
      if (fact.protocol === TCP && criticalPorts.has(fact.serverPort)) {
        const first = peer.observe(combine32(combine32(fact.serverHash, place), fact.clientHash), clock);
        if (first > 0 && serverKnown && this.#limits.peer && first >= this.#limits.bitsMin) news ??= this.#peer(fact, first);
      }
    }
    if (fact.protocol === TCP) {
      const bits = port.observe(place, clock);
      if (bits > 0 && this.#limits.port && bits >= this.#limits.bitsMin) news ??= this.#port(fact, bits);
    }
    if (service !== undefined && service !== "failed") {
      const bits = protocol.observe(this.#hash(service), clock);
      if (bits > 0 && this.#limits.protocol && bits >= this.#limits.bitsMin) news ??= this.#protocol(fact, service, bits);
    }
    return news;
  }

  /** What a message says of the program that sent it. */
  software(fact: TransactionFact, clock: number): News | undefined {
    const found = softwareOf(fact);
    if (found === undefined) return undefined;
    const bits = this.#lists.software.observe(this.#hash(`${found.sort} ${found.name}`), clock);
    if (bits === 0 || !this.#limits.software || bits < this.#limits.bitsMin) return undefined;
    return {
      sort: "software",
      bits,
      cause: `software ${found.sort} ${found.name}`,
      title: `${fact.client} uses a ${found.sort} that nobody used here before: ${found.text}`,
      why: [{ feature: found.sort, value: found.text }, ...this.#why("software", bits)],
    };
  }

  /** A flow begins as none of its service or port did: in clear text, or in bytes that are none. */
  payload(fact: FlowFact, odd: OddOpening): News | undefined {
    const bits = Math.log2(odd.others + 2);
    if (!this.#limits.payload || bits < this.#limits.bitsMin) return undefined;
    const [now, before] =
      odd.opening === Opening.text ? ["clear text", "bytes that are no text"] : ["bytes that are no text", "clear text"];
    return {
      sort: "payload",
      bits,
      cause: `payload ${odd.name}`,
      title: `${fact.client} and ${fact.server} speak ${now} on ${placeName(fact.protocol, fact.serverPort)}; all ${odd.others} connections before began with ${before}`,
      why: [
        { feature: "surprise, bits", value: bits, threshold: this.#limits.bitsMin, sample: odd.others },
        { feature: "share of text in the client's first bytes", value: fact.payloadTextToServer, sample: fact.payloadToServer },
        { feature: "share of text in the server's first bytes", value: fact.payloadTextToClient, sample: fact.payloadToClient },
        { feature: "entropy of the client's first bytes, bits of 8", value: fact.payloadBitsToServer, sample: fact.payloadToServer },
        { feature: "entropy of the server's first bytes, bits of 8", value: fact.payloadBitsToClient, sample: fact.payloadToClient },
      ],
    };
  }

  state(): unknown {
    return Object.fromEntries(sorts.map((sort) => [sort, this.#lists[sort].state()]));
  }

  fromState(saved: Readonly<Record<string, unknown>>): void {
    for (const sort of sorts) this.#lists[sort].fromState(saved[sort]);
  }

  forget(): void {
    for (const sort of sorts) this.#lists[sort].forget();
  }

  #served(fact: FlowFact, bits: number): News {
    const place = placeName(fact.protocol, fact.serverPort);
    return {
      sort: "served",
      about: "server",
      bits,
      cause: `served ${fact.server} ${place}`,
      title: `${fact.server} answers on ${place}, which it never did before; ${fact.client} asked`,
      why: [{ feature: "port", value: place }, ...this.#why("served", bits)],
    };
  }

  #peer(fact: FlowFact, bits: number): News {
    const place = placeName(fact.protocol, fact.serverPort);
    return {
      sort: "peer",
      bits,
      cause: `peer ${fact.client} ${fact.server} ${place}`,
      title: `${fact.client} connects to ${fact.server} on ${place} for the first time`,
      why: [{ feature: "port", value: place }, ...this.#why("peer", bits)],
    };
  }

  #port(fact: FlowFact, bits: number): News {
    const place = placeName(fact.protocol, fact.serverPort);
    return {
      sort: "port",
      bits,
      cause: `port ${place}`,
      title: `${fact.client} talks to ${fact.server} on ${place}, a port that nobody used here before`,
      why: [{ feature: "port", value: place }, ...this.#why("port", bits)],
    };
  }

  #protocol(fact: FlowFact, service: string, bits: number): News {
    return {
      sort: "protocol",
      bits,
      cause: `protocol ${service}`,
      title: `${fact.client} speaks ${service} with ${fact.server}, a protocol that nobody spoke here before`,
      why: [{ feature: "protocol", value: service }, ...this.#why("protocol", bits)],
    };
  }

  #why(sort: keyof typeof listLimits, bits: number): Reason[] {
    const list = this.#lists[sort];
    return [
      { feature: "surprise, bits", value: bits, threshold: this.#limits.bitsMin, sample: list.observations },
      { feature: "different ones known", value: list.size - 1 },
    ];
  }

  #hash(name: string): number {
    const known = this.#hashes.get(name);
    if (known !== undefined) return known;
    let hash = name.length;
    for (let i = 0; i < name.length; i++) hash = combine32(hash, name.charCodeAt(i));
    if (this.#hashes.size >= 4096) this.#hashes.clear();
    this.#hashes.set(name, hash);
    return hash;
  }
}

interface Software {
  readonly sort: string;
  /** Without version numbers: an update is no new program. */
  readonly name: string;
  readonly text: string;
}

/** Program that a message names; undefined where it names none. */
export function softwareOf({ kind, fields }: Pick<TransactionFact, "kind" | "fields">): Software | undefined {
  if (kind === "http") return named("User-Agent", fields["http_user_agent"]);
  if (kind === "ssh") return named("SSH client", (fields["client"] as { software_version?: unknown } | undefined)?.software_version);
  if (kind !== "tls") return undefined;
  const print = fields["ja4"];
  return typeof print === "string" ? { sort: "TLS client (JA4)", name: print, text: print } : undefined;
}

function named(sort: string, text: unknown): Software | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  return { sort, name: text.replace(/\d+/g, "0").slice(0, 200), text: text.slice(0, 120) };
}
