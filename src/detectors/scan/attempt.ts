import type { FlowFact } from "#contract/detector.ts";

export const TCP = 6;
export const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];
/** FIN to URG; the bits above are of congestion control. */
const CONTROL = 0x3f;

/** How an attempt to reach a door, a host's port, went. `shut`: no answer or a refusal; `bounced`: a lone ACK was reset. */
export const Outcome = { none: 0, answered: 1, shut: 2, bounced: 3 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** A side that sends more than this without an answer does not knock: it talks one way, as syslog and RTP do. */
const knocksMax = 7;
/** The ports of a traceroute by UDP begin here, one for each probe: up to 64 hops of three. */
const TRACE_PORT = 33_434;
const TRACE_PORTS = 192;
/** ICMP requests that expect an answer: echo, timestamp, address mask; echo of ICMPv6. */
const questions: ReadonlySet<number> = new Set([8, 13, 17]);
const ECHO_V6 = 128;

/** What a flow that has ended says of its client's attempt; `none` when it was not one. */
export function outcomeOf(fact: FlowFact): Outcome {
  // Backscatter of forged addresses and reflected answers begin with the server.
  if (fact.packetsToServer === 0 || fact.serverIsGroup) return Outcome.none;
  switch (fact.protocol) {
    case TCP:
      return ofTcp(fact);
    case UDP:
      if (fact.packetsToClient > 0) return Outcome.answered;
      if (fact.packetsToServer > knocksMax) return Outcome.none;
      return fact.serverPort >= TRACE_PORT && fact.serverPort < TRACE_PORT + TRACE_PORTS ? Outcome.none : Outcome.shut;
    case ICMP:
      if (!questions.has(fact.clientPort)) return Outcome.none;
      return fact.packetsToClient > 0 ? Outcome.answered : Outcome.shut;
    case ICMPV6:
      if (fact.clientPort !== ECHO_V6) return Outcome.none;
      return fact.packetsToClient > 0 ? Outcome.answered : Outcome.shut;
    default:
      return fact.packetsToClient > 0 ? Outcome.answered : fact.packetsToServer > knocksMax ? Outcome.none : Outcome.shut;
  }
}

/** A segment without SYN, ACK and RST opens nothing: NULL, FIN and XMAS probes look for hosts that answer it with RST. */
export const isStealthy = (fact: FlowFact): boolean => fact.protocol === TCP && (fact.flagsToServer & (SYN | ACK | RST)) === 0;

function ofTcp(fact: FlowFact): Outcome {
  if (fact.packetsToServer > knocksMax) return fact.answered ? Outcome.answered : Outcome.none;
  if (isStealthy(fact)) return Outcome.shut;
  const sent = fact.flagsToServer & CONTROL;
  if ((sent & SYN) !== 0) {
    if (fact.answered) return Outcome.answered;
    // Where only one direction was captured, the client acknowledges what nobody saw.
    return (sent & ACK) === 0 || (sent & FIN) !== 0 ? Outcome.shut : Outcome.none;
  }
  const isBounced = sent === ACK && (fact.flagsToClient & CONTROL) === RST && fact.packetsToServer <= 2 && fact.clientPort >= 1024;
  if (isBounced) return Outcome.bounced;
  return fact.packetsToClient > 0 ? Outcome.answered : Outcome.none;
}

/** Neither TCP, UDP nor ICMP: what is tried is the protocol itself. */
export const isOther = ({ protocol }: FlowFact): boolean =>
  protocol !== TCP && protocol !== UDP && protocol !== ICMP && protocol !== ICMPV6;

export const isPing = ({ protocol }: FlowFact): boolean => protocol === ICMP || protocol === ICMPV6;
