import { randomInt } from "node:crypto";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { ForwardReader } from "#contract/forward.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { Platform } from "#contract/platform.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { Sink } from "#contract/sink.ts";
import type { AllowList } from "#pipeline/allow-list.ts";
import { Backlog } from "#pipeline/backlog.ts";
import { FactRows } from "#pipeline/facts.ts";
import { ForwardRun } from "#pipeline/forward-run.ts";
import type { LiveMessage, SourceState } from "#pipeline/live-loop.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { Output } from "#pipeline/output.ts";
import { Reducer } from "#pipeline/reducer.ts";
import type { NamedReport, ThreadCommand } from "#pipeline/rule-reload.ts";
import { addKinds } from "#pipeline/run.ts";
import { writeStats } from "#pipeline/stats-event.ts";
import type { Config } from "#schema/config.ts";
import type { SourceSpec } from "./engine-source.ts";
import type { EngineThreadData } from "./engine-thread.ts";
import type { Learnt } from "./learnt.ts";
import { EngineBus } from "./live-bus.ts";
import { readModelFile } from "./model-file.ts";
import { type PlaceFile, placesOf } from "./place-files.ts";
import type { Recording } from "./recording.ts";
import { rejectionTexts } from "./rule-remarks.ts";
import { RuleSwap } from "./rule-swap.ts";

export interface LiveEngineOptions {
  readonly config: Config;
  /** One thread for each. */
  readonly sources: readonly SourceSpec[];
  readonly sinks: readonly Sink[];
  /** What detectors have learnt in earlier runs. */
  readonly saved?: Learnt | undefined;
  /** Who is never told; `detect.allow` of the configuration when absent. */
  readonly allow?: AllowList | undefined;
  /** Opened. */
  readonly plugins: readonly Plugin[];
  /** Detectors that may be on, now or later; those of the plugins when absent. */
  readonly detectors?: readonly DetectorDefinition[] | undefined;
  /** Rules to judge by. */
  readonly rules?: RuleMaterial | undefined;
  /** Reads the flows that it claims; started and ended by its owner. */
  readonly reader?: ForwardReader | undefined;
  /** Databases of addresses. */
  readonly places: readonly PlaceFile[];
  /** Keeps the packets; started and ended by its owner. */
  readonly recording?: Recording | undefined;
  readonly log: (text: string) => void;
  /** Listeners to facts about flows beside the detectors of the shelf. */
  readonly listeners?: readonly DetectorDefinition[];
}

/** What a live run came to, for the summary at its end. */
export interface LiveTotals {
  readonly counters: Float64Array;
  readonly events: ReadonlyMap<string, number>;
}

/**
 * A run that goes on until it is stopped: threads capture and analyse, this thread merges what they say, hands it to
 * the sinks and tells the live views.
 */
export class LiveEngine {
  readonly bus: EngineBus;
  readonly #options: LiveEngineOptions;
  readonly #platform: Platform;
  readonly #reducer: Reducer;
  readonly #output: Output;
  readonly #forwardRun: ForwardRun | undefined;
  readonly #backlogs: readonly Backlog[];
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #kinds: ReadonlyMap<string, number>[];
  readonly #own = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #done = Promise.withResolvers<void>();
  #exits: Promise<unknown>[] = [];
  #running = 0;
  #queue: Promise<void> = Promise.resolve();
  #clock = 0;
  #statsAt = 0;
  #threads: readonly Worker[] = [];
  readonly #rules: RuleSwap;
  /** What the threads were started with, once they have said it. */
  reports: readonly NamedReport[] = [];

  constructor(options: LiveEngineOptions) {
    this.#options = options;
    this.#platform = createNodePlatform(undefined, "", undefined, placesOf(options.places));
    this.bus = new EngineBus(
      options.sources.length,
      () => options.sinks.reduce((sum, sink) => sum + sink.dropped, 0),
      (counters) => this.#reducer.count(counters),
    );
    this.#reducer = new Reducer({
      config: options.config,
      plugins: options.plugins,
      detectors: options.detectors,
      listeners: options.listeners ?? [],
      claims: options.reader?.claims,
      saved: options.saved,
      allow: options.allow,
      onRemark: options.log,
      places: this.#platform.places,
      readFile: readModelFile,
      onBug: (where, error) => options.log(`bug in a ${where}: ${String(error)}`),
    });
    this.#output = new Output(options.sinks);
    this.#forwardRun = options.reader === undefined ? undefined : new ForwardRun(options.reader, this.#reducer.desk.allow);
    this.#kinds = options.sources.map(() => new Map());
    this.#backlogs = options.sources.map(() => new Backlog());
    this.#rules = new RuleSwap({
      plugins: options.plugins,
      platform: this.#platform,
      config: options.config,
      rules: options.rules,
      threads: options.sources.length,
      post: (thread, command) => this.#threads[thread]?.postMessage(command),
    });
  }

  /** Judges by other rules from now on, without losing a packet. Throws ODW_RELOAD_REFUSED, and the old rules stay. */
  use(rules: RuleMaterial): Promise<readonly NamedReport[]> {
    return this.#rules.use(rules);
  }

  /** Starts a thread for each source. */
  start(): void {
    const { sources } = this.#options;
    const config = seeded(this.#options.config);
    this.#running = sources.length;
    this.#threads = sources.map((source, index) => {
      const workerData: EngineThreadData = {
        config,
        source,
        facts: this.#reducer.wish,
        rules: this.#options.rules,
        claims: this.#options.reader?.claims,
        places: this.#options.places,
        recording: this.#options.recording?.threads[index],
        stop: this.#stop,
        backlog: (this.#backlogs[index] as Backlog).memory,
      };
      const worker = new Worker(new URL("./engine-thread.ts", import.meta.url), { workerData, name: `engine ${index}` });
      worker.on("message", (message: LiveMessage) => {
        // One after the other, in the order in which they came.
        this.#queue = this.#queue.then(() => this.#take(index, message));
        this.#queue.catch((error: unknown) => this.#done.reject(error));
      });
      worker.on("error", (error) => this.#done.reject(error));
      return worker;
    });
    this.#exits = this.#threads.map((worker) => once(worker, "exit").catch(() => undefined));
  }

  /** Resolves when all sources have ended and everything is with the sinks; rejects when a thread fails. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Lets the threads end: flows end, everything is written. `done` resolves then. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Events that do not come from our packets (a Suricata beside us, findings about it) go the way of all others. */
  tell(events: readonly OddwireEvent[]): void {
    if (events.length === 0) return;
    for (const { event_type } of events) this.#own.set(event_type, (this.#own.get(event_type) ?? 0) + 1);
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    this.#queue = this.#queue.then(() => this.#write(bytes));
    this.#queue.catch((error: unknown) => this.#done.reject(error));
  }

  /** What the detectors have learnt so far. */
  learnt(): Learnt {
    return this.#reducer.save();
  }

  /** Detectors, their settings and what else of the configuration they go by, from now on. No packet waits for it. */
  configure(config: Config): readonly string[] {
    const before = JSON.stringify(this.#reducer.wish);
    const changed = this.#reducer.configure(config);
    const { wish } = this.#reducer;
    const command: ThreadCommand = { type: "facts", wish };
    if (JSON.stringify(wish) === before) return changed;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window.
    for (const thread of this.#threads) thread.postMessage(command);
    return changed;
  }

  /** Findings told so far by detector, and detectors that were benched because they threw. */
  get detection(): { readonly told: ReadonlyMap<string, number>; readonly benched: readonly string[] } {
    return this.#reducer;
  }

  /** Others are on the allow-list now. */
  allowChanged(): void {
    this.#reducer.allowChanged();
  }

  /** What was learnt of the network, to be seen and forgotten; absent where no detector learns it. */
  get baselines(): BaselineControl | undefined {
    return this.#reducer.learnt;
  }

  totals(): LiveTotals {
    const events = new Map(this.#own);
    for (const kinds of this.#kinds) addKinds(events, kinds);
    addKinds(events, this.#reducer.lines.kinds);
    if (this.#forwardRun !== undefined) addKinds(events, this.#forwardRun.lines.kinds);
    return { counters: this.bus.counters(), events };
  }

  /** Waits for the threads to end by themselves: one that is ended inside a call into the system takes the process along. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await Promise.all(this.#exits);
  }

  async #take(index: number, message: LiveMessage): Promise<void> {
    if (message.type === "lines") {
      this.#kinds[index] = message.kinds;
      this.#clock = Math.max(this.#clock, message.clock);
      await this.#write(message.bytes);
      await this.#reduce(index, message);
      await this.#forward(message);
      this.#backlogs[index]?.take(message.bytes.length + message.facts.byteLength);
      return;
    }
    if (message.type === "rules-ready" || message.type === "rules-failed" || message.type === "rules-used") {
      if (message.type === "rules-ready" && message.generation === 0) this.#announce(message.reports);
      else this.#rules.take(index, message);
      return;
    }
    if (message.type === "end") this.#rules.end(index);
    this.#tellDamage(message.source);
    this.bus.add(index, message.part, message.source, message.type === "end");
    this.#clock = Math.max(this.#clock, message.part.time);
    if (message.type === "part") await this.#stats(false);
    else if (--this.#running === 0) await this.#finish();
  }

  async #reduce(index: number, message: LiveMessage & { type: "lines" }): Promise<void> {
    const { gated } = message;
    const gates = gated === undefined ? undefined : this.#rules.gatesFor(index);
    for (const rows of this.#rules.released()) this.#reducer.alerts([rows], this.#rules.gatesFor(index) ?? []);
    if (gated !== undefined && gates === undefined) this.#rules.hold(gated);
    else if (gated !== undefined) this.#reducer.alerts([gated], gates ?? []);
    else if (this.#reducer.idle) return;
    this.#reducer.block([{ rows: new FactRows(message.facts, message.factCount), lines: message.bytes }], message.clock);
    const { lines } = this.#reducer;
    if (lines.count > 0) await this.#write(lines.swap());
  }

  async #forward(message: LiveMessage & { type: "lines" }): Promise<void> {
    const forward = this.#forwardRun;
    if (forward === undefined) return;
    await forward.block(message.forwarded === undefined ? [] : [message.forwarded], message.clock);
    if (forward.lines.count > 0) await this.#write(forward.lines.swap());
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { events } = this.totals();
    this.bus.lines(
      bytes,
      [...events.values()].reduce((sum, count) => sum + count, 0),
    );
    await this.#output.write(bytes);
  }

  /** A `stats` event every so often in packet time, and one at the end. */
  async #stats(always: boolean): Promise<void> {
    if (this.#statsAt === 0) this.#statsAt = this.#clock;
    if (!always && this.#clock - this.#statsAt < this.#options.config["stats.interval-s"] * 1e6) return;
    this.#statsAt = this.#clock;
    const { counters, events } = this.totals();
    const before = events.get("stats") ?? 0;
    await this.#write(writeStats(counters, new Map(events), this.#clock));
    this.#own.set("stats", before + 1);
  }

  async #finish(): Promise<void> {
    this.#reducer.end();
    if (this.#reducer.lines.count > 0) await this.#write(this.#reducer.lines.swap());
    if (this.#forwardRun !== undefined) {
      await this.#forwardRun.finish(this.#clock);
      if (this.#forwardRun.lines.count > 0) await this.#write(this.#forwardRun.lines.swap());
    }
    await this.#stats(true);
    await this.#output.flush();
    this.#done.resolve();
  }

  /** What the threads were started with; all say the same. */
  #announce(reports: readonly NamedReport[]): void {
    const isFirst = this.reports.length === 0;
    this.reports = reports;
    if (isFirst) for (const text of rejectionTexts(reports, this.#options.config)) this.#options.log(text);
  }

  #tellDamage(source: SourceState): void {
    for (const { reason } of source.damage) {
      if (this.#told.has(reason)) continue;
      this.#told.add(reason);
      this.#options.log(`${source.name}: ${reason}`);
    }
  }
}

/** A live run whose seed was left open gets one that no sender can know. */
const seeded = (config: Config): Config => (config["engine.seed"] === 0 ? { ...config, "engine.seed": randomInt(1, 0x7fff_ffff) } : config);
