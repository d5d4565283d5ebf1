import type { OddwireEvent } from "#contract/event.ts";
import type { LiveBus } from "#contract/live.ts";
import type { SourceState } from "#pipeline/live-loop.ts";
import type { LivePart } from "#pipeline/live-view.ts";
import { coverageBy } from "#schema/coverage.ts";
import type { LiveSummary, ProtocolShare, Talker } from "#schema/live.ts";
import { M, metricKeys, namedCounters, newCounters } from "#schema/metrics.ts";

const historyMax = 3600;
const flowsMax = 200;
const talkersMax = 20;
/** Events of one batch that are parsed for the live views; the store has them all. */
const eventsPerBatchMax = 500;
const NEWLINE = 10;

interface Worker {
  part: LivePart;
  source: SourceState;
  fresh: boolean;
}

/** Puts the parts of all workers together into one summary a second, and remembers an hour of them. */
export class EngineBus implements LiveBus {
  summary: LiveSummary | undefined;
  readonly history: LiveSummary[] = [];
  /** Events that sinks threw away; whoever owns the sinks says how many. */
  readonly #eventsDropped: () => number;
  /** Writes what the reducer counts: it sees what no worker sees. */
  readonly #reduced: (counters: Float64Array) => void;
  readonly #summaryListeners = new Set<(summary: LiveSummary) => void>();
  readonly #eventListeners = new Set<(events: readonly OddwireEvent[]) => void>();
  readonly #workers: (Worker | undefined)[];
  #events = 0;
  #eventsBefore = 0;
  #wall = performance.now();
  #finished = false;

  constructor(workers: number, eventsDropped: () => number, reduced: (counters: Float64Array) => void = () => undefined) {
    this.#workers = Array.from({ length: workers }, () => undefined);
    this.#eventsDropped = eventsDropped;
    this.#reduced = reduced;
  }

  onSummary(listener: (summary: LiveSummary) => void): () => void {
    this.#summaryListeners.add(listener);
    return () => this.#summaryListeners.delete(listener);
  }

  onEvents(listener: (events: readonly OddwireEvent[]) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Counters of all workers together. */
  counters(): Float64Array {
    const sums = newCounters();
    for (const worker of this.#workers)
      if (worker !== undefined)
        for (let i = 0; i < metricKeys.length; i++) sums[i] = (sums[i] as number) + (worker.part.counters[i] as number);
    // All threads judge by the same rules.
    for (const metric of [M.rulesLoaded, M.rulesFailed])
      sums[metric] = Math.max(0, ...this.#workers.map((worker) => worker?.part.counters[metric] ?? 0));
    this.#reduced(sums);
    sums[M.events] = this.#events;
    // Those that threads threw away are counted by them.
    sums[M.eventsDropped] = (sums[M.eventsDropped] as number) + this.#eventsDropped();
    return sums;
  }

  /** A worker's part has come; with the last of them a summary is made. */
  add(index: number, part: LivePart, source: SourceState, finished: boolean): void {
    this.#workers[index] = { part, source, fresh: true };
    this.#finished ||= finished;
    if (this.#workers.every((worker) => worker?.fresh === true)) this.#make();
  }

  /** Lines of events on their way to the sinks. `total` is the number of events so far. */
  lines(bytes: Uint8Array, total: number): void {
    this.#events = total;
    if (this.#eventListeners.size === 0) return;
    const events = parseLines(bytes);
    if (events.length > 0) for (const listener of this.#eventListeners) listener(events);
  }

  #make(): void {
    const workers = this.#workers as Worker[];
    for (const worker of workers) worker.fresh = false;
    const before = this.summary;
    const time = Math.max(...workers.map(({ part }) => part.time));
    const wall = performance.now();
    const wallSeconds = Math.max(0.001, (wall - this.#wall) / 1000);
    this.#wall = wall;
    const interval = before === undefined || time <= before.time ? wallSeconds : (time - before.time) / 1e6;
    const counters = this.counters();
    const named = namedCounters(counters);
    const grown = (metric: number, name: string): number => (counters[metric] as number) - (before?.counters[name] ?? 0);
    const { source } = workers[0] as Worker;
    this.summary = {
      sequence: (before?.sequence ?? 0) + 1,
      time,
      source: { name: source.name, kind: source.kind, finished: this.#finished },
      interval,
      packets_per_second: grown(M.packets, "decoder.pkts") / interval,
      bits_per_second: (grown(M.bytes, "decoder.bytes") * 8) / interval,
      events_per_second: (this.#events - this.#eventsBefore) / interval,
      live_flows: workers.reduce((sum, { part }) => sum + part.liveFlows, 0),
      coverage: coverageBy((metric) => counters[M[metric]] as number),
      protocols: addShares(workers.map(({ part }) => part.protocols)),
      talkers: addTalkers(workers.map(({ part }) => part.talkers)),
      flows: workers
        .flatMap(({ part }) => part.flows)
        .toSorted((a, b) => b.last - a.last)
        .slice(0, flowsMax),
      counters: named,
    };
    this.#eventsBefore = this.#events;
    this.history.push({ ...this.summary, flows: [], talkers: [] });
    if (this.history.length > historyMax) this.history.shift();
    for (const listener of this.#summaryListeners) listener(this.summary);
  }
}

function addShares(parts: readonly (readonly ProtocolShare[])[]): ProtocolShare[] {
  const sums = new Map<string, { name: string; packets: number; bytes: number }>();
  for (const { name, packets, bytes } of parts.flat()) {
    const sum = sums.get(name) ?? { name, packets: 0, bytes: 0 };
    sums.set(name, { name, packets: sum.packets + packets, bytes: sum.bytes + bytes });
  }
  return [...sums.values()].toSorted((a, b) => b.bytes - a.bytes);
}

const addTalkers = (parts: readonly (readonly Talker[])[]): Talker[] =>
  addShares(parts.map((part) => part.map(({ address, packets, bytes }) => ({ name: address, packets, bytes }))))
    .slice(0, talkersMax)
    .map(({ name, packets, bytes }) => ({ ...parts.flat().find(({ address }) => address === name), address: name, packets, bytes }));

/** Events of the first lines, as objects. */
function parseLines(bytes: Uint8Array): OddwireEvent[] {
  const events: OddwireEvent[] = [];
  let at = 0;
  while (at < bytes.length && events.length < eventsPerBatchMax) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) break;
    events.push(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("utf8")) as OddwireEvent);
    at = end + 1;
  }
  return events;
}
