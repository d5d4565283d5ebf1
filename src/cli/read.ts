import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import { countText } from "#base/count-text.ts";
import type { Config } from "#schema/config.ts";
import { type CommonFlags, configOf, say, withRuleFiles, withSettings } from "./common.ts";
import { ProgressBar } from "./progress.ts";
import { summaryText } from "./summary.ts";

interface Flags extends CommonFlags {
  readonly output: string;
  readonly filter?: string;
  readonly checksums?: string;
  readonly keyLog?: string;
  readonly rules?: string[];
  readonly keywords?: string[];
  readonly indicators?: string[];
  readonly plugin?: string[];
  readonly store: boolean;
  readonly eve: boolean;
  readonly json?: boolean;
}

/** `oddwire read FILE…` */
export function registerRead(root: Command): void {
  withSettings(root.command("read"))
    .description("read capture files as fast as the machine allows; write eve.json and oddwire.db")
    .argument("<file...>", "pcap or pcapng files, gzip and zstd too, or folders of them; - for standard input")
    .option("-o, --output <dir>", "directory for the results", "oddwire-out")
    .option("--filter <bpf>", "read only the packets that a BPF expression selects")
    .option("--checksums <mode>", "auto, yes or ignore")
    .option("--key-log <file>", "decrypt TLS with the secrets of this file (SSLKEYLOGFILE)")
    .option("--rules <file...>", "judge by the rules of these files (Suricata's language)")
    .option("--keywords <file...>", "look for the keywords of these files")
    .option("--indicators <file...>", "look for the addresses, names and fingerprints that these lists hold")
    .option("--plugin <file...>", "read game servers with these plugins")
    .option("--no-store", "do not write oddwire.db")
    .option("--no-eve", "do not write eve.json")
    .option("--json", "print the summary as JSON")
    .action(async (files: string[], flags: Flags, command: Command) => run(files, flags, command));
}

async function run(files: readonly string[], flags: Flags, command: Command): Promise<void> {
  const { readFiles } = await import("#app/read.ts");
  const { capturesOf } = await import("#app/captures.ts");
  const configured = await configOf(command, settings(flags));
  const config: Config = {
    ...withRuleFiles(configured, flags),
    "plugins.files": [...configured["plugins.files"], ...(flags.plugin ?? [])],
    "indicators.files": [...configured["indicators.files"], ...(flags.indicators ?? [])],
  };
  const { verbose } = command.optsWithGlobals<{ verbose?: boolean }>();
  const bar = new ProgressBar(process.stderr);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const summary = await readFiles({
    files: capturesOf(files),
    out: flags.output,
    config,
    filter: flags.filter,
    store: flags.store,
    eve: flags.eve,
    signal: stop.signal,
    onProgress: (share, packets) => bar.show(share, `${countText(packets)} packets`),
    onRemark: say,
    onBug: (where, error) => {
      if (verbose === true) say(`bug in ${where}: ${error instanceof Error ? error.stack : String(error)}`);
    },
  });
  bar.clear();
  for (const { offset, reason } of summary.damage.slice(0, 10)) say(`damage at offset ${offset}: ${reason}`);
  if (summary.damaged > 10) say(`${summary.damaged} damaged places in all`);
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const { judgedByName } = await import("#app/rule-remarks.ts");
  process.stdout.write(summaryText(summary, flags, judgedByName(summary.counters, config)));
  if (summary.findings.count === 0) return;
  const { foundText, paperOf } = await import("./found-text.ts");
  process.stdout.write(`\n${foundText(summary.findings, furtherLines(flags), paperOf())}`);
}

/** Where all findings can be looked at. */
const furtherLines = ({ store, eve, output }: Flags): readonly string[] =>
  store
    ? [`oddwire query findings -o ${output}`, `oddwire serve -o ${output}     as a page`]
    : [eve ? `grep '"event_type":"finding"' ${output}/eve.json` : "nothing was kept; without --no-store they can be looked at on a page"];

function settings(flags: Flags): string[] {
  const all = [...flags.set];
  if (flags.workers !== undefined) all.push(`engine.workers=${flags.workers}`);
  if (flags.keyLog !== undefined) all.push(`tls.key-log=${flags.keyLog}`);
  if (flags.checksums !== undefined) {
    const mode = { ignore: "no", no: "no", none: "no", auto: "auto", yes: "yes" }[flags.checksums];
    if (mode === undefined) throw new OddwireError("ODW_USAGE", { cause: `--checksums ${flags.checksums} is none of auto, yes, ignore` });
    all.push(`capture.checksum-validation=${mode}`);
  }
  return all;
}
