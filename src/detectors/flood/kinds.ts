import type { FlowFact } from "#contract/detector.ts";

export const [ICMP, TCP, UDP, ICMPV6] = [1, 6, 17, 58];
export const [SYN, RST, ACK] = [2, 4, 16];
const [ECHO, ECHO_V6] = [8, 128];
/** Frames up to this have neither options of TCP nor a payload. */
const BARE_BYTES = 60;
const VLAN_BYTES = 4;
/** Protocols of IP that networks speak among themselves, from few sources: IGMP, OSPF, PIM, VRRP, SCTP. */
const routine: ReadonlySet<number> = new Set([2, 89, 103, 112, 132]);

/** What floods are told apart by. */
export const floodKinds: readonly string[] = ["SYN", "UDP", "ping", "ACK/RST", "IP"];
export const Kind = { syn: 0, udp: 1, ping: 2, stray: 3, other: 4, none: -1 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Which flood the first packet of a flow could belong to. */
export function kindOf(fact: FlowFact): Kind {
  if (fact.packetsToServer === 0 || fact.serverIsGroup) return Kind.none;
  if (fact.protocol === TCP) return (fact.flagsToServer & (SYN | ACK)) === SYN ? Kind.syn : Kind.stray;
  if (fact.protocol === UDP) return Kind.udp;
  const isEcho = (fact.protocol === ICMP && fact.clientPort === ECHO) || (fact.protocol === ICMPV6 && fact.clientPort === ECHO_V6);
  if (isEcho) return Kind.ping;
  return fact.protocol === ICMP || fact.protocol === ICMPV6 || routine.has(fact.protocol) ? Kind.none : Kind.other;
}

/** The flow's packets to the server carry no more than headers. */
export const isBare = ({ bytesToServer, packetsToServer, vlan }: FlowFact): boolean =>
  bytesToServer <= packetsToServer * (BARE_BYTES + (vlan === 0 ? 0 : VLAN_BYTES));
