import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import type { ForwardReader } from "#contract/forward.ts";
import { openPlugins, type Plugin } from "#contract/plugin.ts";
import type { Sink } from "#contract/sink.ts";
import type { Damage, FrameBlock, FrameFilter } from "#contract/source.ts";
import { pluginsIn } from "#game/plugin-files.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import type { RunOptions, RunResult } from "#pipeline/run.ts";
import { runInline } from "#pipeline/run-inline.ts";
import type { Config } from "#schema/config.ts";
import { M, namedCounters } from "#schema/metrics.ts";
import { keyLogOf } from "./key-log-file.ts";
import { LearntFile } from "./learnt.ts";
import { readModelFile } from "./model-file.ts";
import { freshOutput } from "./outputs.ts";
import { type PlaceFile, placesOf, readPlaceFiles } from "./place-files.ts";
import { allKinds, enabledPlugins } from "./plugins.ts";
import { FindingTally, type ReadFindings } from "./read-findings.ts";
import { ruleLiterals } from "./rule-literals.ts";
import type { ShardWorkerData } from "./shard-worker.ts";

export interface ReadOptions {
  readonly files: readonly string[];
  /** Directory for eve.json and oddwire.db. */
  readonly out: string;
  readonly config: Config;
  readonly filter?: string | undefined;
  readonly store: boolean;
  readonly eve: boolean;
  /** Stops the run early; what was read so far is written. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second with the share that has been read, 0 to 1, when it is known. */
  readonly onProgress?: (share: number | undefined, packets: number) => void;
  readonly onBug?: (where: string, error: unknown) => void;
  /** Called with what people should know: a plugin that is not used, a header that is wrong. */
  readonly onRemark?: (text: string) => void;
  /** Hears the events too, as lines. */
  readonly listener?: Sink;
  /** Reads the flows that it claims, in place of the readers that the configuration asks for; started and ended by the run. */
  readonly reader?: ForwardReader | undefined;
  /** In place of the plugins that the configuration leaves on; for runs with one worker. */
  readonly plugins?: readonly Plugin[];
  /** True overwrites every block that is given back, so that a test sees who kept a view on it. */
  readonly poison?: boolean;
}

/** What a run over files found; `oddwire read --json` prints it. */
export interface ReadSummary {
  readonly files: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  /** Events by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly damage: readonly Damage[];
  readonly damaged: number;
  readonly findings: ReadFindings;
}

const progressInterval = 100;
/** Half a megabyte stays in the cache together with the flow table; larger blocks are slower. */
const blockLayout = { bytesMax: 1 << 19, framesMax: 8192 };

/**
 * Input up to which V8's last compiler is left out, bytes: it takes a second of a core to compile what then runs for
 * less (docs/performance.md).
 */
const shortRunBytes = 250_000_000;

/** Size of the files on the disk; pipes count as endless. */
const inputBytes = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY), 0);

/** Workers for a file run: all cores but the one that reads and merges, at most 4. */
export const workersOf = (config: Config): number => config["engine.workers"] || Math.min(4, Math.max(1, availableParallelism() - 1));

/** Reads capture files as fast as the machine allows, into eve.json and oddwire.db. */
export async function readFiles(options: ReadOptions): Promise<ReadSummary> {
  const started = performance.now();
  const { config } = options;
  const workers = workersOf(config);
  if (inputBytes(options.files) < shortRunBytes) setFlagsFromString("--no-turbofan");
  const pool = new BlockPoolMemory({
    ...blockLayout,
    blocks: workers === 1 && options.poison !== true ? 1 : workers * 3 + 2,
    shared: workers > 1,
    poison: options.poison ?? false,
  });
  await using filter = await openFilter(options.filter);
  await using source = await openCaptures(options.files, { pool, ...(filter === undefined ? {} : { filter: filter.filter }) });
  options.signal?.addEventListener("abort", () => source.stop());
  await using reader = options.reader ?? (await readerOf(options));
  await reader?.start();
  const sinks = await openSinks(options);
  const findings = new FindingTally();
  try {
    let last = started;
    const onBlock = (): void => {
      const now = performance.now();
      if (now - last < progressInterval) return;
      last = now;
      options.onProgress?.(source.totalBytes === undefined ? undefined : source.readBytes / source.totalBytes, source.counters.frames);
    };
    const rules = await rulesOf(config);
    const places = readPlaceFiles(config);
    const plugins = options.plugins ?? enabledPlugins(config);
    // Workers open a library of their own.
    const literals = workers === 1 ? await ruleLiterals(config, rules) : undefined;
    const learnt =
      config["detect.learnt"] === "" ? undefined : new LearntFile(config["detect.learnt"], options.onRemark ?? (() => undefined));
    const run: RunOptions = {
      config,
      saved: learnt?.load(),
      source,
      sinks,
      plugins: rules === undefined ? plugins : await openPlugins(plugins),
      platform: createNodePlatform(keyLogOf(config), config["files.extract"], literals, placesOf(places)),
      rules,
      listeners: [findings.listener],
      reader: reader === undefined ? undefined : findings.heard(reader),
      readFile: readModelFile,
      onBlock,
      ...(options.onRemark === undefined ? {} : { onRemark: options.onRemark }),
      ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
    };
    const result = workers === 1 ? await runInline(run) : await runOnWorkers(run, workers, pool, places);
    learnt?.save(result.learnt());
    for (const sink of sinks) await sink[Symbol.asyncDispose]();
    return { ...summarise(options.files, result, source, (performance.now() - started) / 1000), findings: findings.result(run.plugins) };
  } catch (error) {
    for (const sink of sinks) await sink[Symbol.asyncDispose]().catch(() => undefined);
    throw error;
  }
}

/** The reader of games, with the whitelist that stands beside the results; its code is loaded only where there is a plugin. */
async function readerOf({ config, out, onRemark }: ReadOptions): Promise<ForwardReader | undefined> {
  if (config["plugins.files"].length === 0 && pluginsIn(config["plugins.folder"]).length === 0) return undefined;
  const { gamesOf } = await import("./games.ts");
  const { openPlayerMarks, whitelistOf } = await import("./player-marks.ts");
  return gamesOf(config, onRemark ?? (() => undefined), { isWhitelisted: whitelistOf(openPlayerMarks(out)) });
}

/** What rules are made of; its reader is loaded only when there is something to read. */
async function rulesOf(config: Config): Promise<RunOptions["rules"]> {
  const named = config["rules.files"].length + config["keywords.files"].length + config["indicators.files"].length;
  if (named === 0 && config["lists.directory"] === "" && config["keywords.default"] !== ("yes" as string)) return undefined;
  const { readRuleMaterial } = await import("./rule-material.ts");
  return readRuleMaterial(config);
}

/** File runs on several threads load their code only when they are asked for. */
async function runOnWorkers(run: RunOptions, workers: number, pool: BlockPoolMemory, places: readonly PlaceFile[]): Promise<RunResult> {
  const { runSharded } = await import("#pipeline/run-sharded.ts");
  const { Worker } = await import("node:worker_threads");
  const blocks = pool.blocks.map(({ buffer, layout }) => ({ memory: buffer as SharedArrayBuffer, layout }));
  return runSharded({
    ...run,
    workers,
    indexOf: (block) => (pool.blocks as readonly FrameBlock[]).indexOf(block),
    spawn: (partitions, ring, facts) => {
      const workerData: ShardWorkerData = {
        config: run.config,
        partitions,
        ring,
        facts,
        rules: run.rules,
        claims: run.reader?.claims,
        places,
        blocks,
      };
      return new Worker(new URL("./shard-worker.ts", import.meta.url), { workerData });
    },
  });
}

async function openFilter(expression: string | undefined): Promise<(AsyncDisposable & { filter: FrameFilter }) | undefined> {
  if (expression === undefined) return undefined;
  const { createFrameFilter } = await import("#capture/filter.ts");
  const filter = await createFrameFilter(expression);
  return { filter, [Symbol.asyncDispose]: async () => filter[Symbol.dispose]() };
}

async function openSinks(options: ReadOptions): Promise<Sink[]> {
  const sinks: Sink[] = options.listener === undefined ? [] : [options.listener];
  if (!options.eve && !options.store) return sinks;
  freshOutput(options.out);
  if (options.eve) {
    const { EveFileSink } = await import("#deliver/eve-file.ts");
    sinks.push(
      new EveFileSink(options.out, {
        mode: "file",
        rotateBytes: options.config["eve.rotate-bytes"],
        rotateKeep: options.config["eve.rotate-keep"],
      }),
    );
  }
  if (options.store) {
    const { SqliteSink } = await import("#store/sqlite/sink.ts");
    sinks.push(new SqliteSink(join(options.out, "oddwire.db"), allKinds, { mode: "file", bytesMax: options.config["store.bytes-max"] }));
  }
  for (const sink of sinks) await sink.start();
  return sinks;
}

function summarise(
  files: readonly string[],
  result: RunResult,
  source: { readonly damage: readonly Damage[]; readonly counters: { damaged: number } },
  seconds: number,
): Omit<ReadSummary, "findings"> {
  const { counters } = result;
  return {
    files,
    packets: counters[M.packets] as number,
    bytes: counters[M.bytes] as number,
    flows: counters[M.flowsTotal] as number,
    events: Object.fromEntries([...result.events].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    seconds: Math.round(seconds * 1000) / 1000,
    from: result.from,
    to: result.to,
    counters: namedCounters(counters),
    damage: source.damage,
    damaged: source.counters.damaged,
  };
}
