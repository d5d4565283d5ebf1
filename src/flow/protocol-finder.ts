import { ByteView } from "#base/bytes.ts";
import { Probe, type ProtocolDefinition, type Side } from "#contract/parser.ts";

/** Longest beginning of a stream that is kept while no parser is sure, bytes. */
export const probeBytesMax = 4096;
/** Datagrams of a flow that are looked at before its protocol counts as unknown. */
export const probeDatagramsMax = 8;

/** Application protocol numbers: 0 is undecided, then the definitions from 1 on. */
export const UNDECIDED = 0;
export const UNKNOWN = 0xffff;

type Transport = "tcp" | "udp";

/** A protocol with its number. */
interface Candidate {
  readonly number: number;
  readonly definition: ProtocolDefinition;
}

/** All protocols that can be recognised, in the order of their names, so that the first to say yes is always the same. */
export class ProtocolFinder {
  readonly #definitions: readonly ProtocolDefinition[];
  /** By number; UNDECIDED has none. */
  readonly #names: readonly (string | undefined)[];
  readonly #tcp: readonly Candidate[];
  /** Of them, those that a stream of this side (256 places each) with this first byte can be; made when first needed. */
  readonly #tcpByFirst: (readonly Candidate[] | undefined)[] = Array.from({ length: 512 }, () => undefined);
  readonly #udp: readonly Candidate[];
  /** Of them, those that a datagram with this first byte can be. */
  readonly #udpByFirst: (readonly Candidate[] | undefined)[] = Array.from({ length: 256 }, () => undefined);
  /** By port; one whose protocols are all of the other transport is there with none. */
  readonly #tcpByPort: ReadonlyMap<number, readonly Candidate[]>;
  readonly #udpByPort: ReadonlyMap<number, readonly Candidate[]>;
  /** Set by `find`: true when some protocol wants more bytes. */
  undecided = false;
  /** Set by `find`: the first protocol that said maybe, for when no more bytes come. */
  likely = UNKNOWN;

  constructor(definitions: readonly ProtocolDefinition[]) {
    this.#definitions = definitions;
    this.#names = [undefined, ...definitions.map(({ name }) => name)];
    const all = definitions.map((definition, index) => ({ number: index + 1, definition }));
    const anywhere = all.filter(({ definition }) => definition.portsOnly !== true);
    this.#tcp = anywhere.filter(({ definition }) => definition.transports.includes("tcp"));
    this.#udp = anywhere.filter(({ definition }) => definition.transports.includes("udp"));
    this.#tcpByPort = byPort(all, "tcp");
    this.#udpByPort = byPort(all, "udp");
  }

  definition(number: number): ProtocolDefinition {
    return this.#definitions[number - 1] as ProtocolDefinition;
  }

  /** Name as in `app_proto`; `undefined` while undecided. */
  name(number: number): string | undefined {
    return number === UNKNOWN ? "failed" : this.#names[number];
  }

  /** True when servers of some protocol over TCP usually have this port. */
  isServerPort(port: number): boolean {
    return this.#tcpByPort.has(port);
  }

  /** Number of the protocol of this name, UNKNOWN when there is none. */
  numberOf(name: string): number {
    const index = this.#definitions.findIndex((definition) => definition.name === name);
    return index < 0 ? UNKNOWN : index + 1;
  }

  /** Number of the protocol that these first bytes are, or UNKNOWN. Those with a matching port are asked first. */
  find(transport: Transport, side: Side, view: ByteView, clientPort: number, serverPort: number): number {
    this.undecided = false;
    this.likely = UNKNOWN;
    const ports = transport === "tcp" ? this.#tcpByPort : this.#udpByPort;
    const usual = ports.get(serverPort) ?? ports.get(clientPort);
    if (usual !== undefined) {
      const found = this.#ask(usual, side, view, true);
      if (found !== UNKNOWN) return found;
    }
    const found = this.#ask(transport === "tcp" ? this.#tcpOf(side, view) : this.#udpOf(view), side, view, false);
    return found !== UNKNOWN || this.undecided ? found : this.likely;
  }

  /** False when these first bytes of a side are certainly not of the protocol. */
  mayBe(protocol: number, side: Side, view: ByteView): boolean {
    return this.definition(protocol).probe(side, view, true) !== Probe.no;
  }

  /**
   * Number of the protocol that the first bytes of a side are, when the other side has spoken `protocol` and these are
   * not of it; UNKNOWN otherwise. Only what is certain counts, and what is read: by a name alone too much is believed.
   */
  otherThan(protocol: number, transport: Transport, side: Side, view: ByteView, clientPort: number, serverPort: number): number {
    if (this.mayBe(protocol, side, view)) return UNKNOWN;
    const other = this.find(transport, side, view, clientPort, serverPort);
    const isCertain = other !== UNKNOWN && other !== this.likely && other !== protocol;
    return isCertain && this.definition(other).depth !== "named" ? other : UNKNOWN;
  }

  /**
   * A stream that cannot be a protocol by its first byte cannot be it with more bytes either, so most protocols need
   * not be asked. Datagrams are different: there, one byte may be too few.
   */
  #tcpOf(side: Side, view: ByteView): readonly Candidate[] {
    const first = view.bytes[view.at] as number;
    const place = side * 256 + first;
    const known = this.#tcpByFirst[place];
    if (known !== undefined) return known;
    const single = ByteView.over(Uint8Array.of(first));
    const able = this.#tcp.filter(({ definition }) => definition.probe(side, single, false) !== Probe.no);
    this.#tcpByFirst[place] = able;
    return able;
  }

  #udpOf(view: ByteView): readonly Candidate[] {
    const first = view.bytes[view.at] as number;
    const known = this.#udpByFirst[first];
    if (known !== undefined) return known;
    const able = this.#udp.filter(({ definition }) => definition.firstBytes?.includes(first) ?? true);
    this.#udpByFirst[first] = able;
    return able;
  }

  #ask(candidates: readonly Candidate[], side: Side, view: ByteView, usualPort: boolean): number {
    for (let i = 0; i < candidates.length; i++) {
      const { number, definition } = candidates[i] as Candidate;
      const answer = definition.probe(side, view, usualPort);
      if (answer === Probe.no) continue;
      if (answer === Probe.yes) return number;
      if (answer === Probe.more) this.undecided = true;
      else if (this.likely === UNKNOWN) this.likely = number;
    }
    return UNKNOWN;
  }
}

function byPort(all: readonly Candidate[], transport: Transport): Map<number, readonly Candidate[]> {
  const table = new Map<number, Candidate[]>();
  for (const candidate of all) {
    const { ports, transports } = candidate.definition;
    for (const port of ports) {
      const others = table.get(port) ?? [];
      table.set(port, others);
      if (transports.includes(transport)) others.push(candidate);
    }
  }
  return table;
}
