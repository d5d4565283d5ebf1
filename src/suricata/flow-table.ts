import { parseAddress } from "#base/address.ts";

/** A flow of Oddwire, as far as others can name it. */
export interface KnownFlow {
  readonly flowId: number;
  /** First packet, microseconds. */
  readonly time: number;
  readonly client: string;
  readonly server: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** IP protocol number. */
  readonly protocol: number;
}

/** What another program says of a flow. Ports are absent where the protocol has none. */
export interface ForeignFlow {
  readonly communityId: string | undefined;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly sourcePort: number | undefined;
  readonly targetPort: number | undefined;
  /** `TCP`, `udp`, `ICMP`, `IPv6-ICMP`, or a number. */
  readonly protocol: string | undefined;
  /** Microseconds. */
  readonly time: number;
}

export interface Joined {
  readonly flowId: number;
  readonly by: "community_id" | "five_tuple";
}

/** Flows that are remembered; the oldest goes beyond it. */
const FLOWS_MAX = 131_072;
/** Newest flows of the same endpoints that are told apart by time. */
const SAME_MAX = 4;
/** How much earlier than our first packet the other program's clock may stand. */
const CLOCK_SLACK_MICROS = 5_000_000;

interface Entry {
  readonly flowId: number;
  readonly time: number;
}

/** Numbers of the names that Suricata, Zeek and we use, in capitals. */
const PROTOCOLS: ReadonlyMap<string, number> = new Map(
  "ICMP 1 IGMP 2 TCP 6 UDP 17 GRE 47 ESP 50 AH 51 IPV6-ICMP 58 ICMP6 58 ICMPV6 58 EIGRP 88 OSPFIGP 89 OSPF 89 PIM 103 VRRP 112 SCTP 132"
    .match(/\S+ \d+/g)
    ?.map((row): [string, number] => [row.split(" ")[0] as string, Number(row.split(" ")[1])]),
);

/**
 * Finds Oddwire's flow for what another program tells: by community ID, else by addresses, ports and protocol. Of
 * several flows between the same endpoints the newest one that had begun is meant.
 */
export class FlowTable {
  readonly #byId = new Map<string, Entry[]>();
  readonly #byTuple = new Map<string, Entry[]>();
  readonly #communityId: (flow: KnownFlow) => string;
  readonly #flowsMax: number;
  readonly #sameMax: number;

  constructor(communityId: (flow: KnownFlow) => string, flowsMax = FLOWS_MAX, sameMax = SAME_MAX) {
    this.#communityId = communityId;
    this.#flowsMax = flowsMax;
    this.#sameMax = sameMax;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(flow: KnownFlow): void {
    const entry = { flowId: flow.flowId, time: flow.time };
    this.#put(this.#byId, this.#communityId(flow), entry);
    this.#put(this.#byTuple, tupleOf(flow.protocol, flow.client, flow.clientPort, flow.server, flow.serverPort), entry);
  }

  find(foreign: ForeignFlow): Joined | undefined {
    const { communityId, source, target, time } = foreign;
    const byId = communityId === undefined ? undefined : newest(this.#byId.get(communityId), time);
    if (byId !== undefined) return { flowId: byId.flowId, by: "community_id" };
    const protocol = protocolNumber(foreign.protocol);
    if (source === undefined || target === undefined || protocol === undefined) return undefined;
    const tuple = tupleOf(protocol, source, foreign.sourcePort ?? 0, target, foreign.targetPort ?? 0);
    const byTuple = newest(this.#byTuple.get(tuple), time);
    return byTuple === undefined ? undefined : { flowId: byTuple.flowId, by: "five_tuple" };
  }

  #put(map: Map<string, Entry[]>, key: string, entry: Entry): void {
    const entries = map.get(key) ?? [];
    entries.push(entry);
    if (entries.length > this.#sameMax) entries.shift();
    // Taken out and put back, so that the map's first key is the one that was quiet for longest.
    map.delete(key);
    map.set(key, entries);
    if (map.size > this.#flowsMax) map.delete(map.keys().next().value as string);
  }
}

const newest = (entries: readonly Entry[] | undefined, time: number): Entry | undefined =>
  entries?.findLast((entry) => entry.time <= time + CLOCK_SLACK_MICROS);

function tupleOf(protocol: number, source: string, sourcePort: number, target: string, targetPort: number): string {
  const [a, b] = [`${addressKey(source)} ${sourcePort}`, `${addressKey(target)} ${targetPort}`];
  return a < b ? `${protocol} ${a} ${b}` : `${protocol} ${b} ${a}`;
}

/** Number of a protocol's name, or of its number as a text. */
export function protocolNumber(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  return PROTOCOLS.get(name.toUpperCase()) ?? (/^\d{1,3}$/.test(name) ? Number(name) : undefined);
}

/** One spelling for each address, whoever wrote it. */
function addressKey(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : parsed.words.join(".");
}
