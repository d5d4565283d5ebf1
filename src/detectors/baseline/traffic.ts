import { combine32 } from "#base/hash.ts";
import type { FlowFact } from "#contract/detector.ts";
import { networkOf } from "./network.ts";
import { Opening, openingOf } from "./payloads.ts";
import type { LearningPace } from "./profile.ts";
import { Scope } from "./scope.ts";

const TCP = 6;
const UDP = 17;
/** Rows of each scope; together some 7 MB of memory and as much JSON. */
export const scopeLimits = { service: 1500, host: 2000, network: 200, port: 400, protocol: 200, interface: 1 } as const;
export type ScopeName = keyof typeof scopeLimits;
/** Most particular first: what a host's one service did is not told again of the host, its network and all. */
export const scopeNames = Object.keys(scopeLimits) as ScopeName[];
/** Long flows of which is known how much was counted already; the one that was begun first goes, and counts as new. */
const longFlowsMax = 20_000;
/** Flows below so many packets of a side are counted at their end. */
const longPackets = 1024;

/** A flow that begins as none of its service, or port, did before. */
export interface OddOpening {
  readonly name: string;
  readonly opening: Opening;
  /** Flows that began in the other way. */
  readonly others: number;
  /** When the service or port was first seen, µs. */
  readonly born: number;
}

/**
 * Counts what flows carry to hosts, services, networks, ports, protocols and the whole, in the interval in which it is
 * heard of. Long flows are counted as they go, not in one lump at their end.
 */
export class Traffic {
  readonly scopes: Readonly<Record<ScopeName, Scope>>;
  /** Key of the network that each row of a host is in. */
  readonly #networks = new Int32Array(scopeLimits.host);
  /** Its row when it was last looked for. */
  readonly #networkRows = new Int32Array(scopeLimits.host).fill(-1);
  readonly #protocols = new Map<string, number>();
  readonly #counted = new Map<number, { bytes: number; packets: number }>();

  /** Rows of the last fact's hosts, -1 for who has none. */
  clientRow = -1;
  serverRow = -1;
  /** Set where its flow begins as no other of its service or port does. */
  odd: OddOpening | undefined = undefined;
  /** What the running fact adds. */
  #bytes = 0;
  #packets = 0;
  #ends = 0;
  #failures = 0;
  #gap = 0;
  /** Bits of entropy of its first payloads, -1 for none, and how it begins. */
  #bits = -1;
  #opening: Opening = Opening.unclear;
  #serviceRow = -1;
  #portRow = -1;

  constructor(pace: LearningPace) {
    const make = (name: ScopeName): Scope => new Scope(name, scopeLimits[name], pace);
    this.scopes = {
      service: make("service"),
      host: make("host"),
      network: make("network"),
      port: make("port"),
      protocol: make("protocol"),
      interface: make("interface"),
    };
  }

  update(fact: FlowFact, clock: number): void {
    if (Math.max(fact.packetsToServer, fact.packetsToClient) < longPackets) return;
    const bytes = fact.bytesToServer + fact.bytesToClient;
    const packets = fact.packetsToServer + fact.packetsToClient;
    const before = this.#counted.get(fact.flowId);
    if (before === undefined) {
      if (this.#counted.size >= longFlowsMax) {
        for (const oldest of this.#counted.keys()) {
          this.#counted.delete(oldest);
          break;
        }
      }
      this.#counted.set(fact.flowId, { bytes, packets });
      this.#count(fact, clock, bytes, packets, 0);
      return;
    }
    this.#count(fact, clock, bytes - before.bytes, packets - before.packets, 0);
    before.bytes = bytes;
    before.packets = packets;
  }

  end(fact: FlowFact, clock: number): void {
    let bytes = fact.bytesToServer + fact.bytesToClient;
    let packets = fact.packetsToServer + fact.packetsToClient;
    if (this.#counted.size > 0 && packets >= longPackets) {
      const before = this.#counted.get(fact.flowId);
      if (before !== undefined) {
        bytes -= before.bytes;
        packets -= before.packets;
        this.#counted.delete(fact.flowId);
      }
    }
    this.#count(fact, clock, bytes, packets, 1);
  }

  #count(fact: FlowFact, clock: number, bytes: number, packets: number, ends: number): void {
    const { protocol, clientHash, serverHash, serverPort } = fact;
    const hasPorts = protocol === TCP || protocol === UDP;
    this.#bytes = bytes;
    this.#packets = packets;
    this.#ends = ends;
    this.#failures = ends === 1 && hasPorts && !fact.answered ? 1 : 0;
    this.#gap = ends === 1 ? fact.gapMeanToServer : 0;
    this.#bits = ends === 1 ? bitsOf(fact) : -1;
    this.#opening = this.#bits < 0 ? Opening.unclear : openingOf(fact);
    const { host, network, service, port, interface: all } = this.scopes;
    const client = this.#host(fact, clientHash, false, clock);
    const server = this.#host(fact, serverHash, true, clock);
    this.#add(host, client, serverHash);
    this.#add(host, server, clientHash);
    this.clientRow = client;
    this.serverRow = server;
    this.odd = undefined;
    this.#serviceRow = -1;
    const clientNetwork = this.#network(client, clock);
    const serverNetwork = this.#network(server, clock);
    this.#add(network, clientNetwork, serverHash);
    if (serverNetwork !== clientNetwork) this.#add(network, serverNetwork, clientHash);
    this.#addProtocol(fact, clock);
    this.#add(all, all.isAt(0, 0) ? 0 : all.admit(0, "all", clock), clientHash);
    if (!hasPorts || !fact.answered) return;
    const place = (serverPort << 8) | protocol;
    if (server >= 0) {
      const key = combine32(serverHash, place);
      this.#serviceRow = service.rowOf(key) ?? service.admit(key, `${fact.server} ${placeName(protocol, serverPort)}`, clock);
    }
    this.#portRow = port.rowOf(place) ?? (serverPort < dynamicPorts ? port.admit(place, placeName(protocol, serverPort), clock) : -1);
    this.odd = this.#opening === Opening.unclear || fact.midstream ? undefined : this.#oddOpening();
    this.#add(service, this.#serviceRow, clientHash);
    this.#add(port, this.#portRow, clientHash);
  }

  /** A service inside is judged by its own flows, one outside by those of its port. */
  #oddOpening(): OddOpening | undefined {
    const [scope, row] = this.#serviceRow >= 0 ? [this.scopes.service, this.#serviceRow] : [this.scopes.port, this.#portRow];
    if (row < 0) return undefined;
    const others = scope.payloads.others(row, this.#opening);
    if (others === 0) return undefined;
    return { name: scope.names[row] as string, opening: this.#opening, others, born: scope.born[row] as number };
  }

  #add(scope: Scope, row: number, peer: number): void {
    if (row < 0) return;
    scope.add(row, this.#bytes, this.#packets, this.#ends, this.#failures);
    scope.meet(row, peer);
    if (this.#bits >= 0) scope.payloads.add(row, this.#bits, this.#opening);
    if (this.#gap <= 0) return;
    scope.gapSums[row] = (scope.gapSums[row] as number) + this.#gap;
    scope.gapFlows[row] = (scope.gapFlows[row] as number) + 1;
  }

  #addProtocol(fact: FlowFact, clock: number): void {
    const { protocol } = this.scopes;
    const name = fact.service ?? transportName(fact.protocol);
    let key = this.#protocols.get(name);
    if (key === undefined) {
      key = 0;
      for (let i = 0; i < name.length; i++) key = combine32(key, name.charCodeAt(i));
      if (this.#protocols.size < 1000) this.#protocols.set(name, key);
    }
    this.#add(protocol, protocol.rowOf(key) ?? protocol.admit(key, name, clock), fact.clientHash);
  }

  /** Row of an inside host; -1 for others, groups, and where there is no place. */
  #host(fact: FlowFact, hash: number, isServer: boolean, clock: number): number {
    const { host } = this.scopes;
    const known = host.rowOf(hash);
    if (known !== undefined) return known;
    if (isServer ? fact.serverIsGroup || !fact.serverInside : !fact.clientInside) return -1;
    const address = isServer ? fact.server : fact.client;
    const row = host.admit(hash, address, clock);
    if (row >= 0) this.#networks[row] = networkOf(address).key;
    return row;
  }

  #network(hostRow: number, clock: number): number {
    if (hostRow < 0) return -1;
    const { host, network } = this.scopes;
    const key = this.#networks[hostRow] as number;
    const before = this.#networkRows[hostRow] as number;
    if (before >= 0 && network.isAt(before, key)) return before;
    const row = network.rowOf(key) ?? network.admit(key, networkOf(host.names[hostRow] as string).name, clock);
    this.#networkRows[hostRow] = row;
    return row;
  }

  forget(): void {
    for (const name of scopeNames) for (const row of this.scopes[name].rows()) this.scopes[name].forget(row);
  }

  /** What is known of first payloads, beside `state`. */
  payloadState(): unknown {
    return Object.fromEntries(scopeNames.map((name) => [name, this.scopes[name].payloadState()]));
  }

  payloadsFromState(saved: Readonly<Record<string, unknown>>): void {
    for (const name of scopeNames) this.scopes[name].payloadsFromState(saved[name]);
  }

  state(): unknown {
    return Object.fromEntries(scopeNames.map((name) => [name, this.scopes[name].state()]));
  }

  fromState(saved: Readonly<Record<string, unknown>>): void {
    for (const name of scopeNames) this.scopes[name].fromState(saved[name]);
    const { host } = this.scopes;
    for (const row of host.rows()) this.#networks[row] = networkOf(host.names[row] as string).key;
  }
}

/** Mean bits of entropy of a byte of both sides' first payloads; -1 where there is none. */
function bitsOf(fact: FlowFact): number {
  if (fact.payloadToServer === 0) return fact.payloadToClient === 0 ? -1 : fact.payloadBitsToClient;
  return fact.payloadToClient === 0 ? fact.payloadBitsToServer : (fact.payloadBitsToServer + fact.payloadBitsToClient) / 2;
}

/** Ports that systems give out for a while (IANA: dynamic ports). */
export const dynamicPorts = 49_152;

const transportName = (protocol: number): string =>
  protocol === TCP ? "tcp" : protocol === UDP ? "udp" : protocol === 1 || protocol === 58 ? "icmp" : `ip-${protocol}`;

export const placeName = (protocol: number, port: number): string => `${transportName(protocol)}/${port}`;
