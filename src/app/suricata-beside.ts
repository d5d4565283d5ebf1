import { micros, parseTime, TimeText } from "#base/time.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { Config } from "#schema/config.ts";
import type { BesideAnswer, FeedCounts, SuricataStatus, ZeekStatus } from "#schema/suricata.ts";
import { eveOf } from "#suricata/configure.ts";
import { EveReader } from "#suricata/eve-reader.ts";
import { EventSocket } from "#suricata/event-socket.ts";
import { FileFollower } from "#suricata/file-follower.ts";
import { FlowTable } from "#suricata/flow-table.ts";
import { JoinQueue } from "#suricata/join-queue.ts";
import { type Verdict, Watchdog } from "#suricata/watchdog.ts";
import { ZeekFollower } from "#suricata/zeek-follower.ts";
import { ZeekReader } from "#suricata/zeek-reader.ts";
import { communityIdMaker } from "./suricata-community-id.ts";
import { readKeeper } from "./suricata-setup.ts";

/** Time between two looks at what waits and at how the other program is. */
const LOOK_MS = 100;
/** Interval of the counters of a Suricata that has not told any yet: its own default. */
const STATS_INTERVAL_S = 8;

export interface BesideOptions {
  readonly config: Config;
  /** Run directory of a Suricata that was started for us. */
  readonly directory: string | undefined;
  /** Takes events on their way to sinks and live views. */
  readonly tell: (events: readonly OddwireEvent[]) => void;
  /** Packets that Oddwire has seen so far. */
  readonly packets: () => number;
}

/**
 * A Suricata, and Zeek's logs, beside a running engine: reads their events, joins them to our flows, watches over the
 * Suricata.
 *
 *     facts of flows ─▶ table ◀── join ◀── eve-reader ◀── file or socket
 *                                   │                       Zeek's logs ─▶ zeek-reader ─▶ join
 *                                   └──▶ events, told ten times in a second
 */
export class Beside {
  /** Fills the table; goes among the engine's listeners. */
  readonly listener: DetectorDefinition;
  readonly #options: BesideOptions;
  readonly #suricata: { readonly reader: EveReader; readonly join: JoinQueue; readonly watchdog: Watchdog } | undefined;
  readonly #zeek: { readonly reader: ZeekReader; readonly join: JoinQueue; readonly follower: ZeekFollower } | undefined;
  readonly #times = new TimeText();
  #file: FileFollower | undefined;
  #socket: EventSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ready: OddwireEvent[] = [];
  #startedAt = performance.now();

  constructor(options: BesideOptions) {
    this.#options = options;
    const { config } = options;
    const table = new FlowTable(communityIdMaker());
    this.listener = {
      name: "beside",
      summary: "Remembers flows, so that events of a Suricata or Zeek are joined to them.",
      category: "observation",
      create: () => ({
        onFlow: (fact) => table.add(fact),
      }),
    };
    const onEvent = (event: OddwireEvent): void => void this.#ready.push(event);
    if (config["suricata.mode"] !== "off") {
      const join = new JoinQueue(table);
      const watchdog = new Watchdog({ silentIntervals: config["suricata.silent-intervals"], onVerdict: (verdict) => this.#say(verdict) });
      this.#suricata = { join, watchdog, reader: new EveReader({ join, tell: config["suricata.tell"], onEvent }) };
    }
    if (config["zeek.logs"] !== "") {
      const join = new JoinQueue(table);
      const reader = new ZeekReader({ join, tell: config["zeek.tell"], onEvent });
      this.#zeek = { join, reader, follower: new ZeekFollower(config["zeek.logs"], reader, "end") };
    }
  }

  async start(): Promise<void> {
    const { config, directory } = this.#options;
    const reader = this.#suricata?.reader;
    this.#startedAt = performance.now();
    if (reader !== undefined) {
      const onLine = (line: string): void => reader.line(line);
      if (config["suricata.mode"] === "socket") {
        this.#socket = new EventSocket(config["suricata.socket"], onLine);
        await this.#socket.start();
      } else if (directory !== undefined) this.#file = new FileFollower(eveOf(directory), { from: "start", onLine });
      else this.#file = new FileFollower(config["suricata.eve"], { from: "end", onLine });
    }
    this.#file?.start();
    this.#zeek?.follower.start();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Reads what is there, tells it, and stops. The Suricata is its keeper's. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#file?.[Symbol.asyncDispose]();
    await this.#socket?.[Symbol.asyncDispose]();
    await this.#zeek?.follower[Symbol.asyncDispose]();
    for (const join of [this.#suricata?.join, this.#zeek?.join]) join?.retry(true);
    this.#flush();
  }

  status(): BesideAnswer {
    const zeek = this.#zeekStatus();
    return { suricata: this.#suricataStatus(), ...(zeek !== undefined && { zeek }) };
  }

  #look(): void {
    this.#suricata?.join.retry();
    this.#zeek?.join.retry();
    this.#watch();
    this.#flush();
  }

  #flush(): void {
    if (this.#ready.length === 0) return;
    const events = this.#ready;
    this.#ready = [];
    this.#options.tell(events);
  }

  #watch(): void {
    if (this.#suricata === undefined) return;
    const { reader, watchdog } = this.#suricata;
    const { directory, packets } = this.#options;
    const keeper = directory === undefined ? undefined : (readKeeper(directory) ?? "none");
    // Before its first word the keeper is starting, unless it takes too long.
    if (keeper === "none" && performance.now() - this.#startedAt < 10_000) return;
    const process =
      keeper === undefined
        ? undefined
        : keeper === "none"
          ? { state: "stopped" as const, ends: [], restarts: 0, restartsMax: 0, kept: false }
          : {
              state: keeper.state,
              ends: keeper.process.ends,
              restarts: keeper.process.restarts,
              restartsMax: keeper.process.restarts_max,
              kept: keeper.kept,
            };
    const sight = { quiet: this.#quiet(), heard: reader.lastAt > 0, statsInterval: this.#statsInterval(), packets: packets() };
    watchdog.look(process === undefined ? sight : { ...sight, process });
  }

  #statsInterval(): number {
    const { config, directory } = this.#options;
    if (directory !== undefined) return config["suricata.stats-interval-s"];
    return this.#suricata?.reader.statsInterval ?? STATS_INTERVAL_S;
  }

  #quiet(): number {
    return (performance.now() - Math.max(this.#startedAt, this.#suricata?.reader.lastAt ?? 0)) / 1000;
  }

  /** A finding, on the wall clock: it tells of this machine, not of packets. */
  #say({ detector, ...finding }: Verdict): void {
    const timestamp = this.#times.format(micros(Date.now() * 1000));
    this.#ready.push({
      timestamp,
      event_type: "finding",
      pkt_src: "wire/pcap",
      finding: { detector, category: "observation", ...finding },
    });
  }

  #suricataStatus(): SuricataStatus {
    const { config, directory } = this.#options;
    if (this.#suricata === undefined) return { mode: "off", state: "off", reason: "" };
    const { reader, join, watchdog } = this.#suricata;
    const keeper = directory === undefined ? undefined : readKeeper(directory);
    const source = this.#socket?.path ?? this.#file?.path;
    const trouble = this.#file?.trouble;
    const { counters, statsTime } = reader;
    return {
      mode: config["suricata.mode"] as SuricataStatus["mode"],
      state: watchdog.state,
      reason: watchdog.reason !== "" ? watchdog.reason : reader.lastAt === 0 && trouble !== undefined ? trouble : "",
      ...(keeper !== undefined && { version: keeper.version, process: keeper.process }),
      ...(source !== undefined && { source }),
      counts: countsOf(reader, join, reader.bad + (this.#file?.tooLong ?? this.#socket?.tooLong ?? 0), this.#file?.rotations ?? 0),
      ...(reader.lastAt > 0 && { quiet: this.#quiet() }),
      ...(counters !== undefined && { counters }),
      ...(statsTime !== undefined && { counters_at: this.#times.format(parseTime(statsTime) ?? micros(0)) }),
    };
  }

  #zeekStatus(): ZeekStatus | undefined {
    if (this.#zeek === undefined) return undefined;
    const { reader, join, follower } = this.#zeek;
    const state = follower.trouble !== undefined ? "failed" : reader.lines > 0 ? "running" : "waiting";
    return { state, source: follower.path, counts: countsOf(reader, join, follower.bad, follower.rotations) };
  }
}

const countsOf = (
  { lines, alerts, kinds }: { readonly lines: number; readonly alerts: number; readonly kinds: ReadonlyMap<string, number> },
  join: JoinQueue,
  bad: number,
  rotations: number,
): FeedCounts => ({ lines, bad, alerts, joined: { ...join.counts }, kinds: Object.fromEntries(kinds), rotations });
