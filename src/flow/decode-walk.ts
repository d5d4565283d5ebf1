import { ExtensionWalk } from "#wire/ipv6-extensions.ts";
import { packTunnel, type TunnelKind } from "#wire/tunnel.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import { type PacketColumns, PacketFlag } from "./columns.ts";

/**
 * How the decoder's parts work together. A frame is read header by header: each reader looks at the header of its kind
 * at `walk.at`, writes what it learned into the columns, moves `at`, `end` and `wireEnd` to what the header carries,
 * and returns the `Layer` that stands there. There is no recursion, hence no nesting that could exhaust the stack.
 *
 *   frame   |--------------- captured ---------------|- - cut by the snap length - -|
 *   header       at                                 end                         wireEnd
 *
 * `end` is the last byte that may be read, `wireEnd` where the data would end had nothing been cut.
 */
export const Layer = {
  done: 0,
  ethernet: 1,
  ipv4: 2,
  ipv6: 3,
  tcp: 4,
  udp: 5,
  icmp: 6,
  icmpv6: 7,
  otherTransport: 8,
  sctp: 9,
  udpLite: 10,
  ah: 11,
  esp: 12,
  vlan: 13,
  arp: 14,
  llc: 15,
  mpls: 16,
  pppoeDiscovery: 17,
  pppoeSession: 18,
  ppp: 19,
  vntag: 20,
  pbb: 21,
  dce: 22,
  rawIp: 23,
  ipip: 24,
  ipv6InIp: 25,
  gre: 26,
  erspan: 27,
  etherip: 28,
  mplsInIp: 29,
  udpTunnel: 30,
  wccp: 31,
  etag: 32,
  nsh: 33,
  sll: 40,
  sll2: 41,
  nullLoop: 42,
  pppSerial: 43,
  chdlc: 44,
  frameRelay: 45,
  ieee80211: 46,
  radiotap: 47,
  avs: 48,
  prism: 49,
  ppi: 50,
  nflog: 51,
  unknownLink: 52,
} as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/** Tunnels inside each other that are unwrapped. */
export const tunnelsMax = 8;
/** Headers of one frame that are read. */
export const headersMax = 48;

/** State of the walk through one frame; one object is reused for all. */
export class Walk {
  view: DataView = new DataView(new ArrayBuffer(0));
  columns: PacketColumns;
  row = 0;
  at = 0;
  end = 0;
  wireEnd = 0;
  /** Tunnels entered so far. */
  depth = 0;
  /** ARP messages met in the batch. */
  arpMessages = 0;
  /** VLAN tags met so far. */
  vlanTags = 0;
  /** Offset of the IP header around a guessed UDP tunnel, or -1. */
  guessL3 = -1;
  guessL4 = 0;
  guessEnd = 0;
  guessWireEnd = 0;
  guessVerdict: number = Verdict.ok;
  guessFlags = 0;
  guessTunnel = 0;
  guessVlan = 0;
  /** Where the verdict was reached, for the words of `decodeReason`. */
  failAt = 0;
  failEnd = 0;
  failWireEnd = 0;
  readonly extensions = new ExtensionWalk();

  constructor(columns: PacketColumns) {
    this.columns = columns;
  }
}

/** Notes a broken rule of the header at `walk.at`. The first one stands; one that stops the walk replaces a mere notice. */
export function fail(walk: Walk, verdict: Verdict): void {
  const { columns, row } = walk;
  const before = columns.verdict[row] as number;
  if (before !== Verdict.ok && (verdictKind(before) === VerdictKind.invalid || verdictKind(verdict) !== VerdictKind.invalid)) return;
  columns.verdict[row] = verdict;
  walk.failAt = walk.at;
  walk.failEnd = walk.end;
  walk.failWireEnd = walk.wireEnd;
}

/**
 * Ends the walk at a header of `need` bytes that is not all there. When the wire had it and only the snap length took
 * it away, nothing is broken: a frame without addresses is `cut`, one with addresses stays in its flow.
 */
export function short(walk: Walk, verdict: Verdict, need: number): Layer {
  if (walk.wireEnd > walk.end && walk.wireEnd - walk.at >= need) return undecoded(walk, Verdict.cut);
  fail(walk, verdict);
  return Layer.done;
}

/** Ends the walk at something sound that is not read further. It is worth a verdict only when no IP header was met. */
export function undecoded(walk: Walk, verdict: Verdict): Layer {
  if (walk.columns.ipVersion[walk.row] === 0) fail(walk, verdict);
  return Layer.done;
}

/** Ends the walk with a broken rule. */
export function broken(walk: Walk, verdict: Verdict): Layer {
  fail(walk, verdict);
  return Layer.done;
}

/** Notes that what follows came through a tunnel; false when there are too many. */
export function enterTunnel(walk: Walk, kind: TunnelKind, id: number): boolean {
  if (walk.depth === tunnelsMax) {
    fail(walk, Verdict.tooManyLayers);
    return false;
  }
  walk.depth++;
  const { columns, row } = walk;
  if (columns.tunnel[row] === 0) columns.tunnel[row] = packTunnel(kind, id);
  columns.flags[row] = (columns.flags[row] as number) | PacketFlag.tunnelled;
  return true;
}

const VLAN_PRESENT = 1 << 12;
const VLAN_SECOND_SHIFT = 13;

/** Adds a VLAN id to the row; the third and later ones and id 0 (a mere priority) are not told. */
export function addVlan(walk: Walk, id: number): void {
  if (id === 0) return;
  const { columns, row } = walk;
  const before = columns.vlan[row] as number;
  if (before === 0) columns.vlan[row] = id | VLAN_PRESENT;
  else if (before >>> VLAN_SECOND_SHIFT === 0) columns.vlan[row] = before | ((id | VLAN_PRESENT) << VLAN_SECOND_SHIFT);
}
