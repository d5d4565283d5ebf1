import type { Places } from "#base/place.ts";
import type { Micros } from "#base/time.ts";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { AlertFact, Detector, DetectorDefinition, ToldFinding } from "#contract/detector.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { AlertGate } from "#contract/inspector.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { Config } from "#schema/config.ts";
import { M } from "#schema/metrics.ts";
import type { Accused, AllowList } from "./allow-list.ts";
import { DetectorSeats, type Hearer } from "./detector-seats.ts";
import { EventLines } from "./event-lines.ts";
import { FactHosts } from "./fact-hosts.ts";
import { type FactNames, FactReader } from "./fact-reader.ts";
import { FactKind, type FactRows, type FactWish } from "./facts.ts";
import { FindingDesk } from "./finding-desk.ts";
import { admitAlerts, type GatedRows } from "./gated-alerts.ts";
import { Networks } from "./networks.ts";

export interface ReducerOptions {
  readonly config: Config;
  readonly plugins: readonly Plugin[];
  /** All detectors that may be on, now or later; those of the plugins when absent. */
  readonly detectors?: readonly DetectorDefinition[] | undefined;
  /** Listeners beside the detectors of the plugins. */
  readonly listeners?: readonly DetectorDefinition[] | undefined;
  /** Flows that are read elsewhere: their protocols come first in the numbering. */
  readonly claims?: readonly ForwardClaim[] | undefined;
  /** Where addresses belong, when there is a database. */
  readonly places?: Places | undefined;
  /** What detectors have learnt in earlier runs, by name. */
  readonly saved?: Readonly<Record<string, unknown>> | undefined;
  /** Who is never told; `detect.allow` of the configuration when absent. */
  readonly allow?: AllowList | undefined;
  /** Is told of what cannot be gone on with. */
  readonly onRemark?: ((text: string) => void) | undefined;
  /** Reads files that detectors' settings name. */
  readonly readFile?: ((path: string) => Uint8Array) | undefined;
  readonly onBug?: ((where: string, error: unknown) => void) | undefined;
}

/** The desk's name among those of the detectors, where what was learnt is kept. */
const deskName = "finding-desk";

/** Rows of one shard; the lines are those that they were made beside, when they come from another thread. */
export interface ShardFacts {
  readonly rows: FactRows;
  readonly lines?: Uint8Array | undefined;
}

/**
 * The one place that sees the facts of all partitions, in packet-number order: home of whatever depends on order
 * across address pairs (scans, floods, baselines of hosts). Its findings go behind the events of the same block.
 */
export class Reducer {
  readonly lines = new EventLines(1 << 14);
  /** Alerts that gates have not admitted. */
  suppressed = 0;
  readonly desk: FindingDesk;
  readonly #seats: DetectorSeats;
  /** Findings told so far, by detector. */
  readonly told = new Map<string, number>();
  #names: FactNames;
  readonly #onBug: ((where: string, error: unknown) => void) | undefined;
  readonly #benched = new Set<Detector>();
  #clock = 0;

  constructor(options: ReducerOptions) {
    const { config } = options;
    const desk = new FindingDesk(config, this.lines, (told) => this.#told(told), options);
    this.desk = desk;
    const causes = options.saved?.[deskName];
    if (causes !== undefined && !desk.restore(causes))
      options.onRemark?.("the open findings of the last run cannot be read: what goes on is told as new");
    this.#onBug = options.onBug;
    this.#seats = new DetectorSeats({
      config,
      definitions: options.detectors ?? options.plugins.flatMap((plugin) => plugin.detectors ?? []),
      listeners: options.listeners ?? [],
      report: (definition, finding) => desk.take(definition, finding),
      saved: options.saved ?? {},
      readFile: options.readFile,
    });
    const protocols = [...(options.claims ?? []), ...options.plugins.flatMap((plugin) => plugin.protocols ?? [])].map(({ name }) => name);
    this.#names = {
      protocol: (number) => (number === 0xffff ? "failed" : protocols[number - 1]),
      kinds: this.#seats.kinds,
      hosts: new FactHosts(new Networks(config["detect.home-networks"])),
      places: options.places,
    };
  }

  /** What the detectors listen to: other facts need not be made. */
  get wish(): FactWish {
    return this.#seats.wish;
  }

  /** True when nobody listens to anything but findings. */
  get idle(): boolean {
    return this.#seats.isIdle;
  }

  /** Lets the gates decide over a block's alerts that depend on more than their flow. Comes before `block`. */
  alerts(workers: readonly GatedRows[], gates: readonly AlertGate[]): void {
    if (workers.length === 0) return;
    const listeners = this.#seats.seats.filter(({ detector }) => detector.onAlert !== undefined);
    this.suppressed += admitAlerts(workers, gates, this.lines, listeners.length === 0 ? undefined : (alert) => this.#alert(alert));
  }

  /** Reads the facts of one block from every shard, merged by packet number and partition. */
  block(shards: readonly ShardFacts[], clock: number): void {
    this.#clock = clock;
    const readers = shards.map(({ rows, lines }) => new FactReader(rows, this.#names, lines));
    const [first] = readers;
    if (first !== undefined && readers.length === 1) {
      const count = (shards[0] as ShardFacts).rows.count;
      for (let i = 0; i < count; i++) {
        first.show(i);
        this.#fact(first);
      }
    } else
      this.#merged(
        readers,
        shards.map(({ rows }) => rows.count),
      );
    for (const { detector } of this.#seats.seats)
      if (detector.onTick !== undefined) this.#guard(detector, () => detector.onTick?.(clock as Micros));
  }

  /** The run is over. */
  end(): void {
    for (const { detector } of this.#seats.seats)
      if (detector.onEnd !== undefined) this.#guard(detector, () => detector.onEnd?.(this.#clock as Micros));
  }

  /**
   * Goes by another configuration from now on: detectors that are on, their settings, the cool-down, our networks. The
   * names of detectors that were switched or made anew; `wish` may be another afterwards.
   */
  configure(config: Config): readonly string[] {
    this.desk.cooldown = config["detect.cooldown-s"];
    this.#names = { ...this.#names, hosts: new FactHosts(new Networks(config["detect.home-networks"])) };
    return this.#seats.configure(config, (detector) => this.#benched.has(detector));
  }

  /** Names of detectors that were benched because they threw. */
  get benched(): readonly string[] {
    return this.#seats.seats.filter(({ detector }) => this.#benched.has(detector)).map(({ name }) => name);
  }

  /** Others are on the allow-list now: what was found of them before is of no weight any more. */
  allowChanged(): void {
    const covers = (detector: string, accused: Accused): boolean => this.desk.allow.covers(detector, accused, this.#clock);
    for (const { detector } of this.#seats.seats)
      if (detector.onAllow !== undefined) this.#guard(detector, () => detector.onAllow?.(covers));
  }

  /** What a detector shows of what it has learnt. */
  get learnt(): BaselineControl | undefined {
    return this.#seats.seats.find(({ detector }) => detector.learnt !== undefined && !this.#benched.has(detector))?.detector.learnt;
  }

  /** Writes what was kept back to the counters. */
  count(counters: Float64Array): void {
    counters[M.alertsSuppressed] = this.suppressed;
    counters[M.findingsAllowed] = this.desk.allowed;
    counters[M.findingsRepeated] = this.desk.repeated;
  }

  /** What the detectors have learnt, by name, and the findings that are open. */
  save(): Record<string, unknown> {
    const saved: Record<string, unknown> = { ...this.#seats.parked, [deskName]: this.desk.save() };
    for (const { name, detector } of this.#seats.seats)
      if (detector.save !== undefined)
        this.#guard(detector, () => {
          saved[name] = detector.save?.();
        });
    return saved;
  }

  #merged(readers: readonly FactReader[], counts: readonly number[]): void {
    const places = readers.map(() => 0);
    readers.forEach((reader, s) => {
      if ((counts[s] as number) > 0) reader.show(0);
    });
    for (;;) {
      let best = -1;
      for (let s = 0; s < readers.length; s++) {
        const reader = readers[s] as FactReader;
        if ((places[s] as number) >= (counts[s] as number)) continue;
        const first = readers[best];
        if (first === undefined || reader.key < first.key || (reader.key === first.key && reader.partition < first.partition)) best = s;
      }
      const reader = readers[best];
      if (reader === undefined) return;
      this.#fact(reader);
      const next = (places[best] as number) + 1;
      places[best] = next;
      if (next < (counts[best] as number)) reader.show(next);
    }
  }

  #fact(fact: FactReader): void {
    const isMessage = fact.kindOfRow === FactKind.message;
    const kind = isMessage ? fact.kind : "";
    if (kind === "alert") {
      const isReply = fact.side === 1;
      const { number, time, flowId, client, server, fields } = fact;
      this.#alert({ number, time, flowId, source: isReply ? server : client, target: isReply ? client : server, fields });
      return;
    }
    const hearers = isMessage ? this.#seats.readers.get(kind) : this.#seats.hearers[fact.kindOfRow];
    if (hearers !== undefined) this.#tell(hearers, fact);
  }

  #tell(hearers: readonly Hearer[], fact: FactReader): void {
    const areAllWell = this.#benched.size === 0;
    // By index: this runs for each fact, and an iterator is an object for each step.
    for (let i = 0; i < hearers.length; i++) {
      const hearer = hearers[i] as Hearer;
      if (!areAllWell && this.#benched.has(hearer.detector)) continue;
      try {
        hearer.hear(fact);
      } catch (error) {
        this.#bench(hearer.detector, error);
      }
    }
  }

  /** Of an alert between hosts of whom a detector may tell nothing it does not hear: it would count to their risk. */
  #alert(alert: AlertFact): void {
    for (const { name, detector } of this.#seats.seats)
      if (detector.onAlert !== undefined && !this.desk.allow.covers(name, alert, alert.time))
        this.#guard(detector, () => detector.onAlert?.(alert));
  }

  /** Others hear of a finding; whoever said it knows it. */
  #told(told: ToldFinding): void {
    if (told.signs === 1) this.told.set(told.detector, (this.told.get(told.detector) ?? 0) + 1);
    for (const { name, detector } of this.#seats.seats)
      if (detector.onFinding !== undefined && name !== told.detector) this.#guard(detector, () => detector.onFinding?.(told));
  }

  #guard(detector: Detector, act: () => void): void {
    if (this.#benched.has(detector)) return;
    try {
      act();
    } catch (error) {
      this.#bench(detector, error);
    }
  }

  /** A detector that throws is benched: the others and the capture go on. */
  #bench(detector: Detector, error: unknown): void {
    this.#benched.add(detector);
    const name = this.#seats.seats.find((seat) => seat.detector === detector)?.name ?? "";
    this.#onBug?.(`detector ${name}`, error);
  }
}
