/**
 * The engine process of `oddwire live`. It is started by the opener with sockets in hand and the few rights that its
 * start needs; it gives them up before it opens anything that a packet can reach.
 */
import { compileLiveFilter } from "#capture/live/filter.ts";
import type { RingOptions } from "#capture/live/live-options.ts";
import { OddwireError } from "#contract/errors.ts";
import type { SourceSpec } from "./engine-source.ts";
import { captureWorkers, type EngineArguments } from "./live.ts";
import { liveSummaryText } from "./live-summary.ts";
import { endWithOpener, type Opened, receiveSockets } from "./opener-channel.ts";
import { makeDirectory, markLive } from "./outputs.ts";
import { chooseUser, dropRights, prepareDirectory } from "./rights.ts";
import { runService } from "./service.ts";

const say = (text: string): void => {
  process.stderr.write(`oddwire: ${text}\n`);
};

/** Runs the engine until a signal; returns the exit code. `opened` is what the opener gave, if there is one. */
export async function runLiveEngine(given: EngineArguments, opened: Opened | undefined): Promise<number> {
  const { config } = given;
  const root = process.getuid?.() === 0;
  const user = config["engine.user"] === "" ? undefined : config["engine.user"];
  const recorded = config["record.directory"];
  for (const directory of recorded === "" ? [given.out] : [given.out, recorded])
    if (root) prepareDirectory(directory, chooseUser(user));
    else makeDirectory(directory);
  // The filter is compiled while libpcap may still ask the interface what its kernel offers.
  const sources = sourcesOf(given, opened);
  if (opened !== undefined || root) dropRights(user === undefined ? {} : { user });
  if (opened !== undefined && !endWithOpener(opened)) return 1;
  markLive(given.out, recorded);
  const totals = await runService({
    config,
    configSources: given.configSources,
    out: given.out,
    store: given.store,
    eve: given.eve,
    sources,
    suricata: given.suricata,
    reader: async (facts) => (await import("./games.ts")).gamesOf(config, say, { ...facts, reloads: true }),
    record: recorded !== "",
    log: say,
    stay: false,
    onReady: (url) => say(`capturing on ${given.interfaces.join(", ")}; the page is at ${url} (Ctrl-C ends it)`),
  });
  if (totals !== undefined) process.stdout.write(liveSummaryText(totals, given.out, config));
  return 0;
}

function sourcesOf(given: EngineArguments, opened: Opened | undefined): SourceSpec[] {
  const { config } = given;
  const workers = opened === undefined ? 1 : captureWorkers(config);
  return given.interfaces.flatMap((name, interfaceIndex) => {
    const filter = given.filter === undefined ? undefined : compileLiveFilter(name, given.filter, config["capture.snap-bytes"]);
    const gate = new Int32Array(new SharedArrayBuffer(4));
    return Array.from({ length: workers }, (_, worker): SourceSpec => {
      const mine = opened?.workers[worker];
      const options: RingOptions = {
        interface: name,
        interfaceIndex,
        ringBytes: config["capture.ring-bytes"],
        retireMs: config["capture.block-retire-ms"],
        snapBytes: config["capture.snap-bytes"],
        promiscuous: config["capture.promiscuous"],
        ...(filter === undefined ? {} : { filter }),
        ...(mine === undefined ? {} : { fd: mine.sockets[interfaceIndex] as number }),
        ...(workers === 1 ? {} : { fanout: { group: (process.pid + interfaceIndex) & 0xffff, workers, gate } }),
        countMissed: worker === 0,
      };
      return { kind: "live", options, channel: mine?.channel };
    });
  });
}

if (import.meta.main) {
  try {
    process.exitCode = await runLiveEngine(JSON.parse(process.argv[2] as string) as EngineArguments, receiveSockets());
  } catch (error) {
    say(error instanceof OddwireError ? error.message : error instanceof Error ? `a bug stopped it: ${error.stack}` : String(error));
    process.exitCode = 1;
  }
}
