import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Config } from "#schema/config.ts";
import { EndReason, RecordFlag } from "#schema/flow-record.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";
import { TcpState } from "./tcp-state.ts";
import { TCP, UDP } from "./track.ts";

/** How long a flow may be silent before it is over, by protocol and state, in microseconds of packet time. */
export class Timeouts {
  readonly #tcpNew: number;
  readonly #tcpEstablished: number;
  readonly #tcpClosed: number;
  readonly #udpNew: number;
  readonly #udpEstablished: number;
  readonly #icmp: number;
  readonly #other: number;

  constructor(config: Config) {
    this.#tcpNew = config["flow.timeout-tcp-new-s"] * MICROS_PER_SECOND;
    this.#tcpEstablished = config["flow.timeout-tcp-established-s"] * MICROS_PER_SECOND;
    this.#tcpClosed = config["flow.timeout-tcp-closed-s"] * MICROS_PER_SECOND;
    this.#udpNew = config["flow.timeout-udp-new-s"] * MICROS_PER_SECOND;
    this.#udpEstablished = config["flow.timeout-udp-established-s"] * MICROS_PER_SECOND;
    this.#icmp = config["flow.timeout-icmp-s"] * MICROS_PER_SECOND;
    this.#other = config["flow.timeout-other-s"] * MICROS_PER_SECOND;
  }

  of(table: FlowTable, slot: number): number {
    const at = slot * R.RECORD_WORDS;
    const kind = table.words[at + R.KIND] as number;
    const established = ((table.words[at + R.FLAGS] as number) & RecordFlag.established) !== 0;
    switch (kind & 0xff) {
      case TCP: {
        const state = kind >>> 24;
        if (state >= TcpState.timeWait && state !== TcpState.closeWait) return this.#tcpClosed;
        return established ? this.#tcpEstablished : this.#tcpNew;
      }
      case UDP:
        return established ? this.#udpEstablished : this.#udpNew;
      case 1:
      case 58:
        return this.#icmp;
      default:
        return this.#other;
    }
  }

  /** True when the flow has been silent for longer than it may at `clock`. */
  isOver(table: FlowTable, slot: number, clock: number): boolean {
    return clock - lastTime(table, slot) > this.of(table, slot);
  }
}

/** Time of the flow's last packet, µs. */
export function lastTime(table: FlowTable, slot: number): number {
  const d = slot * R.RECORD_DOUBLES;
  const client = table.doubles[d + R.LAST_TIME_CLIENT] as number;
  const server = table.doubles[d + R.LAST_TIME_SERVER] as number;
  return client > server ? client : server;
}

/** A connection that was closed before the clock or the capture's end came. */
export function closedBy(flags: number, cause: EndReason): EndReason {
  if ((flags & (RecordFlag.rstClient | RecordFlag.rstServer)) !== 0) return EndReason.rst;
  const both = RecordFlag.finClient | RecordFlag.finServer;
  return (flags & both) === both ? EndReason.fin : cause;
}
