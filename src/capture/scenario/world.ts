import type { Random } from "#base/random.ts";
import type { Noise } from "./content/noise.ts";
import { DatagramFlow } from "./frames/datagram-flow.ts";
import { addressText, type Path } from "./frames/endpoint.ts";
import type { FrameBuffer, Trace } from "./frames/frame-buffer.ts";
import { type Outlet, TcpConnection, type TcpSettings } from "./frames/tcp-connection.ts";
import type { Host, Office } from "./office.ts";
import type { OfficeHours } from "./office-hours.ts";
import type { Outside } from "./outside.ts";
import type { Process, Scheduler } from "./scheduler.ts";

/** What all actors of a playback share. */
export interface Stage {
  readonly scheduler: Scheduler;
  readonly frames: FrameBuffer;
  readonly office: Office;
  readonly outside: Outside;
  readonly noise: Noise;
  readonly hours: OfficeHours;
  /** The row of the truth for what `actor` does between the two. */
  trace(actor: string, label: "ordinary" | "attack", client: string, server: string): Trace;
}

export interface RoundFacts {
  readonly actor: string;
  readonly label: "ordinary" | "attack";
  /** Number of the round, from 0. */
  readonly round: number;
  /** Packet time at which the scenario begins, µs. */
  readonly begin: number;
  /** Packet time at which the round begins and ends, µs. */
  readonly from: number;
  readonly until: number;
  readonly random: Random;
  /** The same in every round. */
  readonly steady: Random;
}

const LOSS = 0.000_25;
const LAST_PORT = 65_000;
const FIRST_PORT = 49_200;

/** The world as one actor meets it in one round: machines, the clock, and ways to talk. */
export class World implements Outlet {
  readonly round: number;
  /** When the scenario, this round, and the next one begin: packet time, µs. The next one never, for what goes on for ever. */
  readonly begin: number;
  readonly from: number;
  readonly until: number;
  /** Numbers that are the same in every round: who plays which part. */
  readonly steady: Random;
  readonly frames: FrameBuffer;
  readonly office: Office;
  readonly outside: Outside;
  readonly noise: Noise;
  readonly hours: OfficeHours;
  readonly #stage: Stage;
  readonly #facts: RoundFacts;
  readonly #random: Random;

  constructor(stage: Stage, facts: RoundFacts) {
    this.#stage = stage;
    this.#facts = facts;
    this.round = facts.round;
    this.begin = facts.begin;
    this.from = facts.from;
    this.until = facts.until;
    this.steady = facts.steady;
    this.#random = facts.random;
    this.frames = stage.frames;
    this.office = stage.office;
    this.outside = stage.outside;
    this.noise = stage.noise;
    this.hours = stage.hours;
  }

  /** Packet time, µs. */
  get now(): number {
    return this.#stage.scheduler.now;
  }

  /** True until the round's end: an actor begins nothing new behind it. */
  get open(): boolean {
    return this.now < this.until;
  }

  /** How long to wait for that many seconds into the round. */
  wait(seconds: number): number {
    return Math.max(0, this.from + seconds * 1e6 - this.now);
  }

  /** Starts something that goes on beside the rest. */
  spawn(process: Process, after = 0): void {
    this.#stage.scheduler.spawn(process, this.now + after);
  }

  /** A TCP connection that is not open yet. */
  connect(client: Host, server: Host, serverPort: number, more: Partial<TcpSettings> & { readonly version?: 4 | 6 } = {}): TcpConnection {
    const far = Math.max(client.lag, server.lag) > 3_500;
    const spacing = far ? 90 : 14;
    const path: Path = { ends: [client, server], version: more.version ?? 4 };
    const settings: TcpSettings = {
      clientPort: nextPort(client),
      serverPort,
      lag: [client.lag, server.lag],
      spacing,
      loss: far ? LOSS : 0,
      ...more,
    };
    return new TcpConnection(this, path, this.trace(client, server, path.version), this.#random, settings);
  }

  /** A UDP conversation. */
  datagrams(
    client: Host,
    server: Host,
    serverPort: number,
    more: { readonly clientPort?: number; readonly version?: 4 | 6 } = {},
  ): DatagramFlow {
    const path: Path = { ends: [client, server], version: more.version ?? 4 };
    return new DatagramFlow(this, path, this.trace(client, server, path.version), more.clientPort ?? nextPort(client), serverPort);
  }

  /** Whom frames between the two count for. */
  trace(client: Host, server: Host, version: 4 | 6 = 4): Trace {
    const { actor, label } = this.#facts;
    return this.#stage.trace(actor, label, addressText(client, version), addressText(server, version));
  }
}

function nextPort(host: Host): number {
  host.port = host.port >= LAST_PORT ? FIRST_PORT : host.port + 1;
  return host.port;
}
