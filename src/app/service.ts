import { existsSync } from "node:fs";
import { join } from "node:path";
import { createApiServer } from "#api/server.ts";
import { type BaselineControl, nobodyLearns } from "#contract/baseline-control.ts";
import type { OddwireError } from "#contract/errors.ts";
import type { ControlledReader } from "#contract/game-control.ts";
import { openPlugins } from "#contract/plugin.ts";
import type { Sink } from "#contract/sink.ts";
import { EveFileSink } from "#deliver/eve-file.ts";
import type { NoticeSink } from "#deliver/notice-sink.ts";
import { AllowList } from "#pipeline/allow-list.ts";
import type { Config } from "#schema/config.ts";
import { M } from "#schema/metrics.ts";
import { SqliteSink } from "#store/sqlite/sink.ts";
import { SqliteStore } from "#store/sqlite/store.ts";
import { AllowFile } from "./allow-file.ts";
import type { ConfigSources } from "./config.ts";
import { KeptTrials } from "./detector-trials.ts";
import { EngineDetectors } from "./engine-detectors.ts";
import type { SourceSpec } from "./engine-source.ts";
import { openFindingMarks } from "./finding-marks.ts";
import { KeptPackets, recordedFiles } from "./flow-packets.ts";
import type { FolderOfCaptures } from "./given-captures.ts";
import { LearntFile } from "./learnt.ts";
import { ListDirectory } from "./list-directory.ts";
import { LiveEngine, type LiveTotals } from "./live-engine.ts";
import { recordingOf } from "./outputs.ts";
import { readPlaceFiles } from "./place-files.ts";
import { openPlayerMarks, whitelistOf } from "./player-marks.ts";
import { adviceOf, allKinds, detectorsOf, enabledPlugins } from "./plugins.ts";
import { Recording } from "./recording.ts";
import { EngineRules } from "./rule-control.ts";
import { ruleMaterial } from "./rule-material.ts";
import type { Beside, BesideOptions } from "./suricata-beside.ts";
import { version } from "./version.ts";

/** What a reader of games asks the service. */
export interface ReaderFacts {
  /** True for players of whom nothing is to be found. */
  readonly isWhitelisted: (player: string) => boolean;
}

export interface ServiceOptions {
  readonly config: Config;
  /** Where the configuration came from: it is loaded anew when its file changes. */
  readonly configSources?: ConfigSources | undefined;
  /** Directory of eve.json and oddwire.db; made already. */
  readonly out: string;
  readonly store: boolean;
  readonly eve: boolean;
  /** Frames to capture or play; empty to serve what is stored. */
  readonly sources: readonly SourceSpec[];
  /** Packets are kept in `record.directory`, which is made already. */
  readonly record?: boolean;
  readonly log: (text: string) => void;
  /** Goes on serving when the sources have ended, until a signal comes. */
  readonly stay: boolean;
  /** Run directory of a Suricata that was started for this run. */
  readonly suricata?: string | undefined;
  /** Called when the page can be opened. */
  readonly onReady: (url: string) => void;
  /** Opens what reads flows of games; the service starts and ends it. */
  readonly reader?: ((facts: ReaderFacts) => Promise<ControlledReader | undefined>) | undefined;
}

const webRoot = join(import.meta.dirname, "../../web/dist");

/**
 * Engine, sinks, store and API as one running whole: starts them in order, waits for a signal or the end of the
 * sources, stops them in reverse. Returns what was seen; `undefined` when there was nothing to run.
 */
export async function runService(options: ServiceOptions): Promise<LiveTotals | undefined> {
  const startedAt = Date.now();
  const signal = signalled();
  await using stack = new AsyncDisposableStack();
  const notices = await noticesOf(options);
  const sinks = await openSinks(options, notices, stack);
  const storePath = join(options.out, "oddwire.db");
  let store: SqliteStore | undefined;
  if (options.store && existsSync(storePath)) {
    store = stack.use(new SqliteStore(storePath, allKinds));
    await store.start();
  }
  const marks = options.store ? stack.use(openPlayerMarks(options.out)) : undefined;
  const findings = options.store ? stack.use(openFindingMarks(options.out)) : undefined;
  const captures = await capturesOf(options, stack);
  const recorded = options.record === true ? options.config["record.directory"] : recordingOf(options.out);
  const packets = recorded === undefined ? undefined : new KeptPackets((from, to) => recordedFiles(recorded, from, to));
  // Without a store nothing is said of players, but what was said before holds.
  const reader = await options.reader?.({ isWhitelisted: whitelistOf(marks ?? openPlayerMarks(options.out)) });
  if (reader !== undefined) await stack.use(reader).start();
  let engine: LiveEngine | undefined;
  const beside = await besideOf(options, {
    tell: (events) => engine?.tell(events),
    packets: () => engine?.bus.counters()[M.packets] ?? 0,
  });
  const directory = new ListDirectory(
    options.config,
    options.config["lists.directory"] || join(options.out, "lists"),
    options.sources.length > 0,
  );
  const recording = options.record === true ? stack.use(new Recording(options.config, options.sources.length, options.log)) : undefined;
  recording?.start();
  const material = options.sources.length === 0 ? undefined : ruleMaterial(options.config, directory);
  const learnt = options.sources.length === 0 ? undefined : new LearntFile(options.config["detect.learnt"] || options.out, options.log);
  const allowed = new AllowList(options.config["detect.allow"]);
  const allow = stack.use(
    new AllowFile({
      directory: options.out,
      configured: options.config["detect.allow"],
      list: allowed,
      now: () => engine?.bus.summary?.time ?? Date.now() * 1000,
      onChange: () => engine?.allowChanged(),
      log: options.log,
    }),
  );
  const detectors = stack.use(
    new EngineDetectors({
      config: options.config,
      sources: options.configSources,
      directory: options.out,
      detectors: detectorsOf(options.config),
      engine: () => engine,
      onAllow: (entries) => allow.configure(entries),
      log: options.log,
    }),
  );
  engine =
    options.sources.length === 0
      ? undefined
      : stack.use(
          new LiveEngine({
            ...options,
            config: detectors.config,
            detectors: detectorsOf(options.config),
            reader,
            recording,
            saved: learnt?.load(),
            allow: allowed,
            plugins: await openPlugins(enabledPlugins(options.config)),
            rules: material,
            places: readPlaceFiles(options.config),
            sinks,
            listeners: beside === undefined ? [] : [beside.listener],
          }),
        );
  const trials =
    engine === undefined
      ? undefined
      : stack.use(
          new KeptTrials({
            config: () => detectors.config,
            allowed: () => allow.list().entries.flatMap(({ entry, origin, expired }) => (origin === "list" && !expired ? [entry] : [])),
            paths: [
              ...(options.record === true ? [options.config["record.directory"]] : []),
              ...options.sources.flatMap((source) => (source.kind === "replay" ? source.files : [])),
            ],
            isSetting: (key) => detectors.isSetting(key),
          }),
        );
  const rules = stack.use(
    new EngineRules({
      config: options.config,
      directory,
      material,
      started: () => engine?.reports ?? [],
      use: engine === undefined ? undefined : (fresh) => engine.use(fresh),
      log: options.log,
    }),
  );
  const api = stack.use(
    createApiServer({
      kinds: allKinds,
      config: options.config,
      webRoot,
      version,
      startedAt,
      rules,
      adviceOf,
      allow,
      detectors,
      ...(trials === undefined ? {} : { trials }),
      ...(store === undefined ? {} : { store }),
      ...(marks === undefined ? {} : { marks }),
      ...(findings === undefined ? {} : { findings }),
      ...(captures === undefined ? {} : { captures }),
      ...(packets === undefined ? {} : { packets }),
      ...(reader === undefined ? {} : { games: reader.control }),
      ...(notices === undefined ? {} : { deliveries: () => notices.state }),
      ...(engine === undefined ? {} : { live: engine.bus }),
      ...(engine === undefined ? {} : { baselines: baselinesOf(engine) }),
      ...(beside === undefined ? {} : { beside: () => beside.status() }),
      onBug: (error) => options.log(`bug in the API: ${error instanceof Error ? error.stack : String(error)}`),
    }),
  );
  const { url } = await api.start();
  rules.start();
  allow.start();
  if (engine !== undefined) detectors.start();
  options.onReady(url);
  if (engine === undefined) {
    await signal;
    return undefined;
  }
  engine.start();
  const running = engine;
  const save = (): void => {
    learnt?.save(running.learnt());
    allow.save();
  };
  const saving = setInterval(save, options.config["detect.save-interval-s"] * 1000);
  stack.defer(() => clearInterval(saving));
  await beside?.start();
  const ended = await Promise.race([signal.then(() => false), engine.done.then(() => true)]);
  if (ended && options.stay) await signal;
  await beside?.[Symbol.asyncDispose]();
  engine.stop();
  await engine.done;
  save();
  return engine.totals();
}

/** Captures that people give are read by the same lists as what runs here; without a directory to keep them in none are taken. */
async function capturesOf({ store, config, out }: ServiceOptions, stack: AsyncDisposableStack): Promise<FolderOfCaptures | undefined> {
  if (!store || config["api.capture-bytes-max"] === 0) return undefined;
  const { FolderOfCaptures } = await import("./given-captures.ts");
  const lists = config["lists.directory"] || join(out, "lists");
  return stack.use(new FolderOfCaptures(join(out, "captures"), { ...config, "lists.directory": existsSync(lists) ? lists : "" }));
}

/** What is learnt of the network by whichever detector learns it now: it may be made anew or switched off. */
const baselinesOf = (engine: LiveEngine): BaselineControl => ({
  baselines: (question) => engine.baselines?.baselines(question) ?? nobodyLearns,
  forget: (name) => engine.baselines?.forget(name) ?? { forgotten: 0 },
});

/** What reads a Suricata or Zeek beside the engine, when the configuration asks for one and there is an engine. */
async function besideOf(options: ServiceOptions, engine: Pick<BesideOptions, "tell" | "packets">): Promise<Beside | undefined> {
  const { config } = options;
  if (options.sources.length === 0 || (!besides(options) && config["zeek.logs"] === "")) return undefined;
  const { Beside } = await import("./suricata-beside.ts");
  return new Beside({ config, directory: options.suricata, ...engine });
}

/** A Suricata that was to be started was started by whoever had the rights: where nobody had, there is none. */
const besides = ({ config, suricata }: ServiceOptions): boolean =>
  config["suricata.mode"] === "start" ? suricata !== undefined : config["suricata.mode"] !== "off";

/** What sends findings and alerts, when the configuration names somebody who is to get them. */
async function noticesOf({ config, out, log, sources }: ServiceOptions): Promise<NoticeSink | undefined> {
  if (sources.length === 0 || config["deliver.webhooks"].length + config["deliver.syslog"].length === 0) return undefined;
  return (await import("./deliveries.ts")).deliveriesOf(config, out, log);
}

async function openSinks(options: ServiceOptions, notices: NoticeSink | undefined, stack: AsyncDisposableStack): Promise<Sink[]> {
  const { config } = options;
  const sinks: Sink[] = [];
  if (options.sources.length === 0) return sinks;
  const onFailure = (error: OddwireError): void => options.log(error.message);
  if (options.eve) {
    const eve = new EveFileSink(options.out, {
      mode: "live",
      rotateBytes: config["eve.rotate-bytes"],
      rotateKeep: config["eve.rotate-keep"],
      onFailure,
    });
    process.on("SIGHUP", () => eve.reopen());
    sinks.push(eve);
  }
  if (options.store)
    sinks.push(
      new SqliteSink(join(options.out, "oddwire.db"), allKinds, {
        mode: "live",
        flushMs: config["store.flush-ms"],
        retentionDays: config["store.retention-days"],
        bytesMax: config["store.bytes-max"],
        onFailure,
      }),
    );
  if (notices !== undefined) sinks.push(notices);
  for (const sink of sinks) {
    await sink.start();
    stack.use(sink);
  }
  return sinks;
}

/**
 * Resolves with the first SIGINT or SIGTERM. Those that follow are ignored while everything is written: a terminal and
 * npm both send one for a single Ctrl-C. Whoever cannot wait has SIGQUIT.
 */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.on("SIGINT", () => resolve());
    process.on("SIGTERM", () => resolve());
  });
}
