import { setImmediate } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import type { Damage, Source, SourceCounters } from "#contract/source.ts";
import { M } from "#schema/metrics.ts";
import type { Backlog } from "./backlog.ts";
import type { ForwardedSteps } from "./forwarded.ts";
import type { GatedRows } from "./gated-alerts.ts";
import { type LivePart, LiveView } from "./live-view.ts";
import { type RuleAnswer, RuleReload } from "./rule-reload.ts";
import { Shard, type ShardOptions } from "./shard.ts";

/** Longest time that an event waits in the worker, milliseconds. */
const postMs = 200;
const postBytes = 1 << 18;
const summaryMs = 1000;

/** What the thread of a live run sends to the main thread. */
export type LiveMessage =
  | {
      readonly type: "lines";
      readonly bytes: Uint8Array;
      readonly facts: ArrayBuffer;
      readonly factCount: number;
      readonly gated: GatedRows | undefined;
      readonly forwarded: ForwardedSteps | undefined;
      readonly clock: number;
      /** Events by kind since the start. */
      readonly kinds: ReadonlyMap<string, number>;
    }
  | { readonly type: "part"; readonly part: LivePart; readonly source: SourceState }
  | { readonly type: "end"; readonly part: LivePart; readonly source: SourceState }
  | RuleAnswer;

export interface SourceState {
  readonly name: string;
  readonly kind: Source["kind"];
  readonly counters: SourceCounters;
  readonly damage: readonly Damage[];
}

export interface LiveLoopOptions extends Omit<ShardOptions, "view"> {
  readonly source: Source;
  readonly port: MessagePort;
  readonly backlog: Backlog;
}

/**
 * Body of a thread that captures, or plays as if it did: reads blocks until the source ends, and posts lines several
 * times and a part of the live summary once a second.
 */
export async function runLiveLoop(options: LiveLoopOptions): Promise<void> {
  const { source, port } = options;
  const view = new LiveView(options.platform.places);
  const shard = new Shard({ ...options, view });
  await source.start();
  let posted = performance.now();
  let summed = posted;
  let clock = 0;
  const reload = new RuleReload(shard, options, port, () => postLines(shard, options, clock));
  reload.announce();
  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    clock = block.clock;
    options.recorder?.record(block);
    shard.block(block);
    const isIdle = block.count === 0;
    source.release(block);
    reload.step(isIdle);
    const now = performance.now();
    if (shard.lines.json.length >= postBytes || (now - posted >= postMs && hasNews(shard))) {
      postLines(shard, options, clock);
      posted = now;
      // A source that is behind its time never waits: timers, and with them the word to stop, would not be heard.
      await setImmediate();
      if (options.backlog.isFull && source.kind !== "live") await options.backlog.room();
    }
    if (now - summed >= summaryMs) {
      port.postMessage(summary("part", shard, view, options, clock));
      summed = now;
    }
  }
  const last = summary("end", shard, view, options, clock);
  for (let partition = 0; partition < shard.partitions.length; partition++)
    for (let slot = 0; slot >= 0; ) {
      slot = shard.finish(partition, slot);
      if (shard.lines.json.length < postBytes) continue;
      postLines(shard, options, clock);
      // The capture is over: nothing is lost any more by waiting.
      if (options.backlog.isFull) await options.backlog.room();
    }
  postLines(shard, options, clock);
  port.postMessage(last);
  await source[Symbol.asyncDispose]();
}

function summary(type: "part" | "end", shard: Shard, view: LiveView, { source, recorder }: LiveLoopOptions, clock: number): LiveMessage {
  const counters = source.counters;
  shard.counters[M.kernelDrops] = counters.dropped;
  shard.counters[M.interfaceDrops] = counters.missed;
  if (recorder !== undefined) {
    const { recorded, behind, failed } = recorder.counts;
    shard.counters[M.recorded] = recorded;
    shard.counters[M.recordBehind] = behind;
    shard.counters[M.recordFailed] = failed;
  }
  return {
    type,
    part: view.take(shard.partitions, shard.counters, clock),
    source: { name: source.name, kind: source.kind, counters: { ...counters }, damage: source.damage.slice() },
  };
}

/** True when something waits to be posted: facts too, because others join what they see to our flows. */
const hasNews = ({ lines, facts, gated, forwarded }: Shard): boolean =>
  lines.count > 0 || facts.count > 0 || gated.count > 0 || forwarded.count > 0;

function postLines(shard: Shard, { port, backlog, source }: LiveLoopOptions, clock: number): void {
  const { lines, facts } = shard;
  if (backlog.isFull && source.kind === "live") {
    // What waits is older and stays in order; captured frames do not wait.
    shard.counters[M.eventsDropped] = (shard.counters[M.eventsDropped] as number) + lines.count;
    lines.clear();
    facts.clear();
  }
  const bytes = lines.json.bytes.slice(0, lines.json.length);
  const message: LiveMessage = {
    type: "lines",
    bytes,
    facts: facts.copy(),
    factCount: facts.count,
    gated: shard.gated.take(),
    forwarded: shard.forwarded.take(),
    clock,
    kinds: lines.kinds,
  };
  lines.clear();
  facts.clear();
  backlog.add(bytes.length + message.facts.byteLength);
  port.postMessage(message, [bytes.buffer, message.facts]);
}
