import { writeDatagram } from "./datagram.ts";
import { type Path, Side } from "./endpoint.ts";
import type { Trace } from "./frame-buffer.ts";
import type { Outlet } from "./tcp-connection.ts";

/** Datagrams between two ports. */
export class DatagramFlow {
  readonly #outlet: Outlet;
  readonly #path: Path;
  readonly #trace: Trace;
  readonly clientPort: number;
  readonly serverPort: number;

  constructor(outlet: Outlet, path: Path, trace: Trace, clientPort: number, serverPort: number) {
    this.#outlet = outlet;
    this.#path = path;
    this.#trace = trace;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
  }

  /** How long the side takes to answer, µs. */
  lag(side: Side): number {
    return this.#path.ends[side].lag;
  }

  send(side: Side, payload: Uint8Array): void {
    const { frames, now } = this.#outlet;
    const client = side === Side.client;
    const from = client ? this.clientPort : this.serverPort;
    const to = client ? this.serverPort : this.clientPort;
    frames.commit(writeDatagram(frames, this.#path, side, from, to, payload), this.#trace, now);
  }
}
