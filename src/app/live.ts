import { existsSync, mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultInterface, requireInterface } from "#capture/live/interfaces.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import type { ConfigSources } from "./config.ts";
import { checkSource, type SourceSpec } from "./engine-source.ts";
import type { LiveTotals } from "./live-engine.ts";
import { makeDirectory, markLive, storeDirectory } from "./outputs.ts";
import { allKinds } from "./plugins.ts";
import { runService, type ServiceOptions } from "./service.ts";

export interface LiveOptions {
  readonly config: Config;
  /** Where it came from; its file is looked at while the engine runs. */
  readonly configSources: ConfigSources;
  readonly interfaces: readonly string[];
  readonly filter: string | undefined;
  readonly out: string;
  readonly store: boolean;
  readonly eve: boolean;
}

/** What the command line hands to the engine process, as JSON in its first argument. */
export interface EngineArguments extends LiveOptions {
  /** Run directory of the Suricata that was started for it. */
  readonly suricata?: string;
}

const engineModule = join(import.meta.dirname, "live-main.ts");

/** Threads that capture: one, unless the machine has cores to spare. */
export const captureWorkers = (config: Config): number =>
  config["engine.workers"] || Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));

/** The interfaces that were named, or the default route's. Throws ODW_INTERFACE_MISSING. */
export function chosenInterfaces(named: readonly string[]): readonly string[] {
  const chosen = named.length > 0 ? named : [defaultInterface()].filter((name) => name !== undefined);
  if (chosen.length === 0) throw new OddwireError("ODW_INTERFACE_MISSING", { interface: "(default)", choices: "none is up" });
  for (const name of chosen) requireInterface(name);
  return chosen;
}

/** `oddwire live`: opens the sockets and runs the engine in a process without rights. Returns the exit code. */
export async function runLive(options: LiveOptions): Promise<number> {
  const chosen = chosenInterfaces(options.interfaces);
  const directory = options.config["record.directory"];
  const config: Config = { ...options.config, "record.directory": directory === "" ? "" : resolve(directory) };
  const given: EngineArguments = { ...options, config, interfaces: chosen, out: resolve(options.out) };
  await checkFollowed(options.config);
  const keeper = options.config["suricata.mode"] === "start" ? await startSuricata(options.config, chosen) : undefined;
  try {
    return await runEngine(keeper === undefined ? given : { ...given, suricata: keeper.directory }, chosen);
  } finally {
    await keeper?.end();
  }
}

async function runEngine(given: EngineArguments, chosen: readonly string[]): Promise<number> {
  const { usesOpener, runOpened } = await import("./opener.ts");
  if (!usesOpener(chosen)) {
    const { runLiveEngine } = await import("./live-main.ts");
    return runLiveEngine(given, undefined);
  }
  const user = given.config["engine.user"];
  return runOpened(engineModule, [JSON.stringify(given)], {
    interfaces: chosen,
    workers: captureWorkers(given.config),
    ...(user === "" ? {} : { user }),
  });
}

/** Files of others are followed without rights: what the engine's user cannot read is told before anything starts. */
async function checkFollowed(config: Config): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { chooseUser, firstUnreadable } = await import("./rights.ts");
  const user = chooseUser(config["engine.user"]);
  const followed = [...(config["suricata.mode"] === "follow" ? [config["suricata.eve"]] : []), config["zeek.logs"]];
  const path = firstUnreadable(
    user,
    followed.filter((one) => one !== "" && existsSync(one)),
  );
  if (path !== undefined) throw new OddwireError("ODW_FEED_UNREADABLE", { path, cause: `${user.name}, who reads it, may not` });
}

/** Starts a Suricata on the same interfaces, while this process still has its rights (docs/adr/0013). */
async function startSuricata(config: Config, interfaces: readonly string[]): Promise<{ readonly directory: string; end(): Promise<void> }> {
  const { prepareSuricata, startKeeper } = await import("./suricata-setup.ts");
  const { directory, setup } = await prepareSuricata(config, { interfaces });
  const keeper = startKeeper(setup);
  return { directory, end: () => keeper.end() };
}

export interface PlayOptions {
  readonly config: Config;
  readonly configSources: ConfigSources;
  /** Directory for the results; a temporary one when absent. */
  readonly out: string | undefined;
  readonly source: SourceSpec;
  readonly stay: boolean;
  readonly onReady: (url: string, out: string) => void;
  readonly log: (text: string) => void;
}

/** `oddwire demo` and `oddwire replay`: the live pipeline without a network. */
export async function runPlay(options: PlayOptions): Promise<LiveTotals | undefined> {
  // Before a directory is made and a page told of: nobody should open one of a capture that there is not.
  await checkSource(options.source);
  const out = options.out ?? mkdtempSync(join(tmpdir(), "oddwire-"));
  makeDirectory(out);
  markLive(out);
  return runService({
    config: options.config,
    configSources: options.configSources,
    out,
    store: true,
    eve: true,
    sources: [options.source],
    reader: readerFor(options),
    log: options.log,
    stay: options.stay,
    onReady: (url) => options.onReady(url, out),
  });
}

/** Games are read by the plugins that are there; the demo brings one along. */
const readerFor =
  ({ config, source, log }: PlayOptions): ServiceOptions["reader"] =>
  async (facts) => {
    const { gamesOf, gamesOfDemo } = await import("./games.ts");
    return source.kind === "scenario" ? gamesOfDemo(config, log, facts) : gamesOf(config, log, { ...facts, reloads: true });
  };

/** `oddwire serve`: page and API over what is stored. */
export async function runServe(options: {
  readonly config: Config;
  readonly out: string | undefined;
  readonly log: (text: string) => void;
  readonly onReady: (url: string) => void;
}): Promise<void> {
  const out = storeDirectory(options.out);
  const path = join(out, "oddwire.db");
  if (!existsSync(path))
    throw new OddwireError("ODW_STORE_UNREADABLE", {
      path,
      cause: "there is no such file; `oddwire read FILE` or `oddwire live` makes one",
    });
  const { completeStore } = await import("#store/sqlite/sink.ts");
  await completeStore(path, allKinds);
  await runService({ ...options, out, store: true, eve: false, sources: [], stay: true });
}
