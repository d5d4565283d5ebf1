import type { AlertGate } from "#contract/inspector.ts";
import { PARTITIONS } from "#flow/key.ts";
import { M } from "#schema/metrics.ts";
import type { EventLines } from "./event-lines.ts";
import { ForwardRun } from "./forward-run.ts";
import { Output } from "./output.ts";
import { Reducer } from "./reducer.ts";
import { addKinds, type RunOptions, type RunResult } from "./run.ts";
import { Shard } from "./shard.ts";
import { writeStats } from "./stats-event.ts";

/** Reads a whole source on the calling thread: all 16 partitions in one shard. */
export async function runInline(options: RunOptions): Promise<RunResult> {
  const { config, source, plugins, platform } = options;
  const reducer = new Reducer({ ...options, claims: options.reader?.claims, places: options.platform.places });
  const shard = new Shard({
    config,
    plugins,
    platform,
    partitions: Array.from({ length: PARTITIONS }, (_, id) => id),
    facts: reducer.wish,
    sharesMessages: true,
    rules: options.rules,
    claims: options.reader?.claims,
    ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
  });
  const gates = shard.inspectors.map(({ definition, rules }) => definition.createGate(rules));
  const forward = options.reader === undefined ? undefined : new ForwardRun(options.reader, reducer.desk.allow);
  const output = new Output(options.sinks);
  const { lines } = shard;
  let from = 0;
  let clock = 0;

  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    if (from === 0 && block.count > 0) from = block.time[0] as number;
    clock = block.clock;
    shard.block(block);
    source.release(block);
    reduce(shard, reducer, gates, clock);
    if (forward !== undefined) await forwarded(shard, forward, clock);
    if (output.isDue(lines.json.length)) await output.write(lines.swap());
    options.onBlock?.(block);
  }
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (let slot = 0; slot >= 0; ) {
      slot = shard.finish(partition, slot);
      if (output.isDue(lines.json.length)) await output.write(lines.swap());
    }
    reduce(shard, reducer, gates, clock);
    if (forward !== undefined) await forwarded(shard, forward, clock);
  }
  reducer.end();
  moveLines(reducer.lines, lines);
  if (forward !== undefined) {
    await forward.finish(clock);
    moveLines(forward.lines, lines);
  }
  shard.counters[M.kernelDrops] = source.counters.dropped;
  reducer.count(shard.counters);
  const events = new Map(lines.kinds);
  addKinds(events, reducer.lines.kinds);
  if (forward !== undefined) addKinds(events, forward.lines.kinds);
  lines.json.append(writeStats(shard.counters, events, clock));
  await output.write(lines.swap());
  await output.flush();
  return { counters: shard.counters, events, from, to: clock, learnt: () => reducer.save() };
}

/** Lets the reducer read the block's facts; its findings go behind the block's events. */
function reduce(shard: Shard, reducer: Reducer, gates: readonly AlertGate[], clock: number): void {
  const gated = shard.gated.take();
  if (gated !== undefined) reducer.alerts([gated], gates);
  else if (reducer.idle) return;
  reducer.block([{ rows: shard.facts }], clock);
  shard.facts.clear();
  moveLines(reducer.lines, shard.lines);
}

/** Lets the reader of claimed flows have the block; its events go behind all others of the block. */
async function forwarded(shard: Shard, forward: ForwardRun, clock: number): Promise<void> {
  const steps = shard.forwarded.take();
  await forward.block(steps === undefined ? [] : [steps], clock);
  moveLines(forward.lines, shard.lines);
}

function moveLines(from: EventLines, to: EventLines): void {
  if (from.count === 0) return;
  to.json.append(from.json.bytes.subarray(0, from.json.length));
  from.clear();
}
