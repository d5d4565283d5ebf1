import { join } from "node:path";
import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import { type CommonFlags, configOf, configSourcesOf, say, withSettings } from "./common.ts";
import { type BesideFlags, besideSettings } from "./suricata-flags.ts";

interface LiveFlags extends CommonFlags, BesideFlags {
  readonly interface?: string[];
  readonly filter?: string;
  readonly output: string;
  readonly promisc: boolean;
  readonly listen?: string;
  readonly store: boolean;
  readonly eve: boolean;
  readonly speed?: string;
  readonly seed?: string;
  readonly record?: string | true;
  readonly seconds?: string;
  readonly actors?: string[];
}

const many = (value: string, all: string[] = []): string[] => [...all, ...value.split(",")];

/** `oddwire live`, `demo`, `replay` and `serve`: whatever opens the page. */
export function registerLive(root: Command): void {
  withSettings(root.command("live"))
    .description("capture, detect, store, and serve page and API")
    .option("-i, --interface <names>", "interfaces; the default route's when absent", many)
    .option("--filter <bpf>", "capture only what a BPF expression selects")
    .option("-o, --output <dir>", "directory of eve.json and oddwire.db", "oddwire-live")
    .option("--no-promisc", "do not capture frames for other machines")
    .option("--listen <address>", "address and port of the page")
    .option("--no-store", "do not write oddwire.db")
    .option("--no-eve", "do not write eve.json")
    .option("--record [dir]", "keep the packets in a bounded ring of pcap files: in this folder, else in recording/ of the output")
    .option("--suricata [how]", "with a Suricata beside: start (one of our own), follow=EVE_JSON or socket=PATH")
    .option("--zeek <path>", "with the logs of a Zeek: a directory of them, or one")
    .action(async (flags: LiveFlags, command: Command) => {
      const config = await configOf(command, settingsOf(flags));
      const { runLive } = await import("#app/live.ts");
      const { interface: interfaces = [], filter, output: out, store, eve } = flags;
      process.exitCode = await runLive({
        config,
        configSources: configSourcesOf(command, settingsOf(flags)),
        interfaces,
        filter,
        out,
        store,
        eve,
      });
    });
  withSettings(root.command("demo"))
    .description("play the built-in scenario through the whole system and serve the page; needs no rights")
    .option("-o, --output <dir>", "directory of the results; a temporary one when absent")
    .option("--seed <n>", "seed of the scenario", "1")
    .option("--speed <factor>", "1x, 16x …", "1x")
    .option("--listen <address>", "address and port of the page")
    .option("--record <file>", "write the scenario to a pcap file instead of playing it")
    .option("--seconds <n>", "how much of it is written", "300")
    .option("--actors <names>", "who takes part in what is written: game-people,game-bots …", many)
    .action(async (flags: LiveFlags, command: Command) => {
      if (typeof flags.record === "string") return record(flags.record, flags);
      const { speedOf } = await import("./speed.ts");
      await play(command, flags, { kind: "scenario", seed: seedOf(flags.seed), speed: speedOf(flags.speed) }, "the demo");
    });
  withSettings(root.command("replay"))
    .description("play captures at their recorded pace and serve the page")
    .argument("<file...>", "pcap or pcapng files")
    .option("-o, --output <dir>", "directory of the results; a temporary one when absent")
    .option("--speed <factor>", "1x, 16x … or max", "1x")
    .option("--filter <bpf>", "play only what a BPF expression selects")
    .option("--listen <address>", "address and port of the page")
    .action(async (files: string[], flags: LiveFlags, command: Command) => {
      const { speedOf } = await import("./speed.ts");
      await play(
        command,
        flags,
        { kind: "replay", files, speed: speedOf(flags.speed), filter: flags.filter },
        files.length === 1 ? String(files[0]) : `${files.length} captures`,
      );
    });
  withSettings(root.command("serve"))
    .description("serve page and API over an existing store")
    .option("-o, --output <dir>", "directory of oddwire.db: oddwire-live, else oddwire-out, when absent")
    .option("--listen <address>", "address and port of the page")
    .action(async (flags: LiveFlags, command: Command) => {
      const config = await configOf(command, settingsOf(flags));
      const { runServe } = await import("#app/live.ts");
      await runServe({
        config,
        out: (flags as { output?: string }).output,
        log: say,
        onReady: (url) => say(`the page is at ${url} (Ctrl-C ends it)`),
      });
    });
}

async function record(file: string, flags: LiveFlags): Promise<void> {
  const { recordScenario } = await import("#app/record.ts");
  const frames = recordScenario(file, { seed: seedOf(flags.seed), seconds: secondsOf(flags.seconds), actors: flags.actors ?? [] });
  say(`${frames} packets are in ${file}`);
}

/** Same seed, same scenario: what is no number would quietly be another one. */
function seedOf(text = "1"): number {
  if (!/^\d{1,9}$/.test(text)) throw new OddwireError("ODW_USAGE", { cause: `--seed ${text} is no whole number` });
  return Number(text);
}

function secondsOf(text = "300"): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new OddwireError("ODW_USAGE", { cause: `--seconds ${text} is no length of time` });
  return seconds;
}

async function play(
  command: Command,
  flags: LiveFlags,
  source: Parameters<typeof import("#app/live.ts")["runPlay"]>[0]["source"],
  what: string,
): Promise<void> {
  const config = await configOf(command, settingsOf(flags));
  const { runPlay } = await import("#app/live.ts");
  let written = flags.output ?? "";
  const totals = await runPlay({
    config,
    configSources: configSourcesOf(command, settingsOf(flags)),
    out: (flags as { output?: string }).output,
    source,
    stay: true,
    log: say,
    onReady: (url, out) => {
      written = out;
      say(`playing ${what}; the page is at ${url}, the events are in ${out} (Ctrl-C ends it)`);
    },
  });
  if (totals === undefined) return;
  const { liveSummaryText } = await import("#app/live-summary.ts");
  process.stdout.write(liveSummaryText(totals, written, { ...config, "record.directory": "" }));
}

function settingsOf(flags: LiveFlags): string[] {
  const settings = [...besideSettings(flags), ...flags.set];
  if (flags.listen !== undefined) settings.push(`api.listen=${flags.listen}`);
  if (!flags.promisc && "promisc" in flags) settings.push("capture.promiscuous=false");
  if (flags.record === true) settings.push(`record.directory=${join(flags.output, "recording")}`);
  else if (flags.record !== undefined) settings.push(`record.directory=${flags.record}`);
  if (flags.workers !== undefined) settings.push(`engine.workers=${flags.workers}`);
  return settings;
}
