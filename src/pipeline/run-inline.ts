import { PARTITIONS } from "#flow/key.ts";
import { M } from "#schema/metrics.ts";
import { Output } from "./output.ts";
import { Reducer } from "./reducer.ts";
import { addKinds, type RunOptions, type RunResult } from "./run.ts";
import { Shard } from "./shard.ts";
import { writeStats } from "./stats-event.ts";

/** Gathered lines are handed on at this size, so that a small block does not cause a small write. */
const handOverBytes = 1 << 19;

/** Reads a whole source on the calling thread: all 16 partitions in one shard. */
export async function runInline(options: RunOptions): Promise<RunResult> {
  const { config, source, plugins, platform } = options;
  const detectors = plugins.flatMap((plugin) => plugin.detectors ?? []);
  const reducer = new Reducer(detectors, options.onBug);
  const shard = new Shard({
    config,
    plugins,
    platform,
    partitions: Array.from({ length: PARTITIONS }, (_, id) => id),
    facts: !reducer.idle,
    ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
  });
  const output = new Output(options.sinks);
  const { lines } = shard;
  let from = 0;
  let clock = 0;

  const reduce = (): boolean => {
    if (reducer.idle) return lines.json.length >= handOverBytes;
    reducer.block([shard.facts], clock);
    shard.facts.count = 0;
    // Findings stand behind the events of their own block.
    return lines.json.length >= handOverBytes || reducer.lines.count > 0;
  };
  const handOver = async (): Promise<void> => {
    const mine = lines.json.bytes.slice(0, lines.json.length);
    const findings = reducer.lines.json.bytes.slice(0, reducer.lines.json.length);
    lines.clear();
    reducer.lines.clear();
    await output.add(mine);
    await output.add(findings);
  };

  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    if (from === 0 && block.count > 0) from = block.time[0] as number;
    clock = block.clock;
    shard.block(block);
    source.release(block);
    if (reduce()) await handOver();
    options.onBlock?.(block);
  }
  shard.finish();
  reduce();
  await handOver();
  shard.counters[M.kernelDrops] = source.counters.dropped;
  const events = new Map<string, number>();
  addKinds(events, lines.kinds);
  addKinds(events, reducer.lines.kinds);
  await output.add(writeStats(shard.counters, events, clock));
  await output.flush();
  return { counters: shard.counters, events, from, to: clock };
}
