import type { Command } from "commander";
import type { FeedSource } from "#app/suricata.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { type CommonFlags, configOf, withSettings } from "./common.ts";
import { alertLine, countersText, overviewText, totalsText } from "./suricata-text.ts";

interface Flags extends CommonFlags {
  readonly interface?: string[];
  readonly readFile?: string;
  readonly rules?: string[];
  readonly output: string;
  readonly eve?: string;
  readonly tell?: string[];
  readonly fromStart?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

const many = (value: string, all: string[] = []): string[] => [...all, ...value.split(",")];
const withJson = (command: Command): Command => command.option("--json", "as JSON");
const withInterfaces = (command: Command): Command => command.option("-i, --interface <names>", "interfaces", many);
const withRules = (command: Command): Command =>
  command.option("--rules <files>", "files of rules; those of its own configuration when absent", many);
const withTell = (command: Command): Command => command.option("--tell <kinds>", "kinds printed beside alerts: dns, tls … or all", many);

/** `oddwire suricata` and `oddwire zeek`. */
export function registerSuricata(root: Command): void {
  const suricata = root.command("suricata").description("a Suricata beside Oddwire: find, check, start, watch, follow, stop");
  withJson(withSettings(suricata.command("status")))
    .description("which Suricata is installed, what it can do, and which of ours run")
    .action(async (flags: Flags, command: Command) => {
      const { suricataOverview } = await import("#app/suricata.ts");
      print(flags, await suricataOverview(await configured(command, flags)), overviewText);
    });
  withJson(withRules(withInterfaces(withSettings(suricata.command("check")))))
    .description("make its configuration and let it check it (suricata -T), without starting it")
    .action(async (flags: Flags, command: Command) => {
      const { checkSuricata } = await import("#app/suricata.ts");
      const found = await checkSuricata(await configured(command, flags), { interfaces: flags.interface ?? ["lo"] });
      print(flags, { ok: true, found }, () => `Suricata ${found.version} accepts its configuration\n`);
    });
  withJson(withRules(withInterfaces(withSettings(suricata.command("start")))))
    .description("start one that goes on when this command ends")
    .action(async (flags: Flags, command: Command) => {
      const { startSuricata } = await import("#app/suricata.ts");
      const status = await startSuricata(await configured(command, flags), await interfacesOf(flags));
      print(
        flags,
        status,
        () => `Suricata ${status.version} runs (process ${status.process.pid}); its events are in ${status.directory}/log/eve.json\n`,
      );
    });
  withJson(withInterfaces(suricata.command("stop")))
    .description("stop those that Oddwire started, of these interfaces or all; never anybody else's")
    .action(async (flags: Flags) => {
      const { stopSuricata } = await import("#app/suricata.ts");
      const stopped = await stopSuricata(flags.interface ?? []);
      print(flags, { stopped }, () => (stopped.length === 0 ? "none of ours runs\n" : `stopped ${stopped.length}\n`));
    });
  registerRun(suricata);
  registerFollow(root, suricata);
}

function registerRun(suricata: Command): void {
  withJson(withTell(withRules(withInterfaces(withSettings(suricata.command("run"))))))
    .description("run one in the foreground and print its alerts; over a file, join them to Oddwire's flows")
    .option("-r, --read-file <file>", "capture file that both read")
    .option("-o, --output <dir>", "directory of the results of a file", "oddwire-out")
    .action(async (flags: Flags, command: Command) => {
      const config = await configured(command, flags);
      if (flags.readFile !== undefined) {
        const { runSuricataOnFile } = await import("#app/suricata-file.ts");
        const result = await runSuricataOnFile(config, flags.readFile, flags.output);
        const { fileText } = await import("./suricata-text.ts");
        print(flags, result, fileText);
        return;
      }
      const { prepareSuricata, startKeeper } = await import("#app/suricata-setup.ts");
      const { directory, setup } = await prepareSuricata(config, { interfaces: await interfacesOf(flags) });
      const keeper = startKeeper(setup);
      try {
        await printUntilSignal({ kind: "file", path: `${directory}/log/eve.json`, from: "start" }, flags, keeper.ended);
      } finally {
        await keeper.end();
      }
    });
  withJson(suricata.command("counters"))
    .description("its newest counters: capture, decoder, flow, TCP, memory; losses are marked")
    .option("--eve <file>", "an eve.json; of the one that Oddwire started when absent")
    .option("--all", "also those at zero")
    .action(async (flags: Flags) => {
      const { newestCounters } = await import("#app/suricata.ts");
      print(flags, newestCounters(flags.eve), (counters) => countersText(counters, flags.all === true));
    });
}

const fromStart = (command: Command): Command => command.option("--from-start", "also what is there already");

function registerFollow(root: Command, suricata: Command): void {
  withJson(withTell(fromStart(suricata.command("follow"))))
    .description("print the alerts of somebody else's Suricata as they come")
    .argument("<eve.json>", "its events; rotation is followed")
    .action((path: string, flags: Flags) => printUntilSignal({ kind: "file", path, from: fromOf(flags) }, flags));
  withJson(withTell(suricata.command("socket")))
    .description("the same over a Unix socket that it connects to (filetype: unix_stream)")
    .argument("<path>", "the socket, which is made")
    .action((path: string, flags: Flags) => printUntilSignal({ kind: "socket", path }, flags));
  const zeek = root.command("zeek").description("the logs of a Zeek beside Oddwire");
  withJson(withTell(fromStart(zeek.command("follow"))))
    .description("print its notices as alerts as they come; JSON and TSV are read")
    .argument("<path>", "a log, or the directory of the current ones")
    .action((path: string, flags: Flags) => printUntilSignal({ kind: "zeek", path, from: fromOf(flags) }, flags));
}

const fromOf = (flags: Flags): "start" | "end" => (flags.fromStart === true ? "start" : "end");

/** Prints events until Ctrl-C, then what came. With `--json` an event a line, as everywhere. */
async function printUntilSignal(source: FeedSource, flags: Flags, ended?: Promise<unknown>): Promise<void> {
  const { printFeed } = await import("#app/suricata.ts");
  const signal = new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, resolve);
  });
  const show = (event: OddwireEvent): void =>
    void process.stdout.write(flags.json === true ? `${JSON.stringify(event)}\n` : alertLine(event));
  const totals = await printFeed(source, flags.tell ?? [], show, ended === undefined ? signal : Promise.race([signal, ended]));
  process.stderr.write(totalsText(totals));
}

function configured(command: Command, flags: Flags): ReturnType<typeof configOf> {
  const settings = [...flags.set];
  if (flags.rules !== undefined) settings.push(`suricata.rules=${flags.rules.join(",")}`);
  if (flags.tell !== undefined) settings.push(`suricata.tell=${flags.tell.join(",")}`);
  return configOf(command, settings);
}

async function interfacesOf(flags: Flags): Promise<readonly string[]> {
  const { chosenInterfaces } = await import("#app/live.ts");
  return chosenInterfaces(flags.interface ?? []);
}

function print<T>(flags: Flags, value: T, text: (value: T) => string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value, undefined, 2)}\n` : text(value));
}
