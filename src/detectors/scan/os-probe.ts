import { combine32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { TCP, UDP } from "./attempt.ts";
import { duration } from "./words.ts";

export interface ProbeLimits {
  /** Kinds of odd packets to one host that make a fingerprint. */
  readonly kindsMin: number;
  readonly windowSeconds: number;
}

const [FIN, SYN, RST, PSH, ACK, URG] = [1, 2, 4, 8, 16, 32];
const CONGESTION = 0xc0;
const ECHO_REQUEST = 8;
/** A UDP question to a port without a service: 300 bytes behind IP, UDP and Ethernet. */
const closedPortBytes = 342;
const pairsMax = 4_000;

/** Kinds of packets, as bits: the first are impossible in an honest connection, the rest odd only beside them. */
const kinds = [
  "no flag (NULL)",
  "SYN and FIN",
  "FIN, PSH and URG (XMAS)",
  "FIN alone",
  "echo with a code",
  "lone ACK",
  "SYN with ECN",
  "UDP of 300 bytes",
];
const Kind = { null: 1, synFin: 2, xmas: 4, fin: 8, echoCode: 16, ack: 32, ecn: 64, udp: 128 } as const;
const IMPOSSIBLE = Kind.null | Kind.synFin | Kind.xmas | Kind.fin | Kind.echoCode;

interface Pair {
  readonly since: number;
  kinds: number;
  packets: number;
  told: number;
}

/**
 * Finding out a host's operating system by how it answers packets that no honest program sends: NULL, SYN+FIN+PSH+URG and
 * FIN+PSH+URG segments, echo requests whose code is not 0, lone ACKs, a UDP datagram to a closed port (the probes T2 to
 * T7, ECN, IE and U1 of nmap's second generation, nmap.org/book/osdetect-methods.html). Each comes from a port of its own
 * and so begins a flow.
 */
export class OsProbe implements Detector {
  readonly #limits: ProbeLimits;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new OldestFirstMap<number, Pair>(pairsMax);

  constructor(limits: ProbeLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlow(fact: FlowFact): void {
    const kind = kindOf(fact);
    if (kind === 0) return;
    const key = combine32(fact.clientHash, fact.serverHash);
    const known = this.#pairs.get(key);
    const isKnown = known !== undefined && fact.time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND;
    if (!isKnown && (kind & IMPOSSIBLE) === 0 && kind !== Kind.ecn) return;
    const pair: Pair = isKnown ? known : { since: fact.time, kinds: 0, packets: 0, told: 0 };
    if (!isKnown) this.#pairs.renew(key, pair);
    pair.kinds |= kind;
    pair.packets++;
    const count = bits(pair.kinds);
    const impossible = bits(pair.kinds & IMPOSSIBLE);
    if (impossible < 2 || count < this.#limits.kindsMin || count <= pair.told) return;
    pair.told = count;
    this.#tell(pair, count, impossible, fact);
  }

  onTick(time: Micros): void {
    const end = time - this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#pairs.expire(({ since }) => since < end);
  }

  #tell(pair: Pair, count: number, impossible: number, fact: FlowFact): void {
    const { client, server } = fact;
    const names = kinds.filter((_name, bit) => (pair.kinds & (1 << bit)) !== 0);
    this.#report({
      time: fact.time,
      number: fact.number,
      source: client,
      target: server,
      title: `${client} tried ${count} kinds of odd packets on ${server} in ${duration(fact.time - pair.since)}, as a fingerprint of its operating system does`,
      severity: "medium",
      score: Math.min(1, 0.5 + 0.1 * count),
      why: [
        { feature: "kinds of odd packets", value: count, threshold: this.#limits.kindsMin, sample: pair.packets },
        { feature: "of which impossible in a connection", value: impossible, threshold: 2, sample: pair.packets },
        { feature: "which", value: names.join(", ") },
      ],
    });
  }
}

/** Which odd packet a flow began with; 0 for an ordinary one. */
function kindOf(fact: FlowFact): number {
  if (fact.packetsToServer === 0) return 0;
  if (fact.protocol === TCP) return kindOfSegment(fact.flagsToServer);
  if (fact.protocol === UDP) return fact.bytesToServer === closedPortBytes && fact.serverPort > 1024 ? Kind.udp : 0;
  return fact.protocol === 1 && fact.clientPort === ECHO_REQUEST && fact.serverPort !== 0 ? Kind.echoCode : 0;
}

function kindOfSegment(flags: number): number {
  const control = flags & 0x3f;
  if (control === 0) return Kind.null;
  if ((control & (SYN | FIN)) === (SYN | FIN)) return Kind.synFin;
  if (control === (FIN | PSH | URG)) return Kind.xmas;
  if (control === FIN) return Kind.fin;
  if (control === ACK) return Kind.ack;
  return control === SYN && (flags & CONGESTION) === CONGESTION && (flags & RST) === 0 ? Kind.ecn : 0;
}

const bits = (word: number): number => {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
};
