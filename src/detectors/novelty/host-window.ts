import { MICROS_PER_SECOND } from "#base/time.ts";
import type { FlowFact } from "#contract/detector.ts";

/** Peers and ports that are told apart in one window. */
const distinctMax = 256;
const UDP = 17;
const dayMicros = 86_400 * MICROS_PER_SECOND;

interface WindowFeature {
  readonly name: string;
  readonly of: (window: HostWindow, time: number) => number;
  readonly told: (window: HostWindow) => number | string;
}

const log = (value: number): number => Math.log1p(value);
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What a host did in a window, as numbers of ordinary size. The hour is two of them, so that midnight lies beside 23 h. */
export const windowFeatures: readonly WindowFeature[] = [
  { name: "connections that it opened", of: (w) => log(w.opened), told: (w) => w.opened },
  { name: "connections that it took", of: (w) => log(w.taken), told: (w) => w.taken },
  { name: "bytes sent", of: (w) => log(w.sent), told: (w) => w.sent },
  { name: "bytes received", of: (w) => log(w.received), told: (w) => w.received },
  { name: "packets", of: (w) => log(w.packets), told: (w) => w.packets },
  { name: "mean size of packets", of: (w) => w.meanSize, told: (w) => Math.round(w.meanSize) },
  { name: "peers", of: (w) => log(w.peers.size), told: (w) => w.peers.size },
  { name: "ports that it asked", of: (w) => log(w.ports.size), told: (w) => w.ports.size },
  { name: "attempts without an answer", of: (w) => log(w.failed), told: (w) => w.failed },
  {
    name: "share of UDP",
    of: (w) => w.datagrams / Math.max(1, w.opened + w.taken),
    told: (w) => percent(w.datagrams / Math.max(1, w.opened + w.taken)),
  },
  { name: "hour of the day", of: (_w, time) => Math.sin((time / dayMicros) * 2 * Math.PI), told: () => "unusual" },
  { name: "time of the day", of: (_w, time) => Math.cos((time / dayMicros) * 2 * Math.PI), told: () => "unusual" },
];

/** Counts of one host in the running window; a flow counts when it has ended. */
export class HostWindow {
  opened = 0;
  taken = 0;
  sent = 0;
  received = 0;
  packets = 0;
  failed = 0;
  datagrams = 0;
  readonly peers = new Set<number>();
  readonly ports = new Set<number>();

  get isIdle(): boolean {
    return this.opened + this.taken === 0;
  }

  get meanSize(): number {
    return this.packets === 0 ? 0 : (this.sent + this.received) / this.packets;
  }

  client(fact: FlowFact): void {
    this.opened++;
    this.sent += fact.bytesToServer;
    this.received += fact.bytesToClient;
    if (!fact.answered) this.failed++;
    if (this.ports.size < distinctMax) this.ports.add(fact.serverPort);
    this.#both(fact, fact.serverHash);
  }

  server(fact: FlowFact): void {
    this.taken++;
    this.sent += fact.bytesToClient;
    this.received += fact.bytesToServer;
    this.#both(fact, fact.clientHash);
  }

  clear(): void {
    this.opened = this.taken = this.sent = this.received = this.packets = this.failed = this.datagrams = 0;
    this.peers.clear();
    this.ports.clear();
  }

  #both(fact: FlowFact, peer: number): void {
    this.packets += fact.packetsToServer + fact.packetsToClient;
    if (fact.protocol === UDP) this.datagrams++;
    if (this.peers.size < distinctMax) this.peers.add(peer);
  }
}
