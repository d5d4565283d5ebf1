import type { Command } from "commander";
import type { BacktestReport, RuleOutcome } from "#app/backtest.ts";
import { OddwireError } from "#app/errors.ts";
import { countText } from "#base/count-text.ts";
import { type CommonFlags, configOf, withRuleFiles, withSettings } from "./common.ts";
import { ProgressBar } from "./progress.ts";
import { tableText } from "./table.ts";

interface Flags extends CommonFlags {
  readonly rules?: string[];
  readonly keywords?: string[];
  readonly output: string;
  readonly history?: string;
  readonly filter?: string;
  readonly detectors?: boolean;
  readonly try?: string[];
  readonly json?: boolean;
}

const help = `
Nothing is written. The alerts are counted by rule, by day and by host; "repeats" are alerts whose flow another rule of
the run, or with --history an alert of the store, names as well.

With --detectors it is the detectors that are tried: what they find in the captures as they are configured, and, with
--try, what they would find with other settings; findings that would come or go are named.

Examples:
  oddwire backtest capture.pcap --rules new.rules
  oddwire backtest recording/ --rules new.rules --history oddwire-live
  oddwire backtest --rules new.rules             on the packets that \`oddwire live --record\` has kept
  oddwire backtest capture.pcap --keywords words.txt --json
  oddwire backtest capture.pcap --detectors --try brute-force.failures-min=3 --try flood.enabled=false
`;

/** `oddwire backtest CAPTURE…` */
export function registerBacktest(root: Command): void {
  withSettings(root.command("backtest"))
    .description("try rules or keywords on captures before they are switched on: alerts per rule, day and host")
    .argument("[capture...]", "captures, or folders of captures; what live capture has recorded when none is named")
    .option("-o, --output <dir>", "directory of that live capture", "oddwire-live")
    .option("--rules <file...>", "rules to try")
    .option("--keywords <file...>", "keywords to try")
    .option("--detectors", "try detectors instead of rules")
    .option("--try <key=value...>", "settings to try, beside those that are configured; implies --detectors")
    .option("--history <dir>", "compare with the alerts or findings of the store in this directory")
    .option("--filter <bpf>", "read only the packets that a BPF expression selects")
    .option("--json", "as JSON")
    .addHelpText("after", help)
    .action(async (captures: string[], flags: Flags, command: Command) => run(captures, flags, command));
}

async function run(captures: readonly string[], flags: Flags, command: Command): Promise<void> {
  if (flags.detectors === true || flags.try !== undefined) return tryDetectors(captures, flags, command);
  const { backtest, recordedBy } = await import("#app/backtest.ts");
  const workers = flags.workers === undefined ? [] : [`engine.workers=${flags.workers}`];
  const config = withRuleFiles(await configOf(command, [...flags.set, ...workers]), flags);
  if (config["rules.files"].length + config["keywords.files"].length + config["indicators.files"].length === 0)
    throw new OddwireError("ODW_USAGE", { cause: "nothing to try: give --rules FILE or --keywords FILE" });
  const bar = new ProgressBar(process.stderr);
  const report = await backtest({
    paths: captures.length > 0 ? captures : [recordedBy(flags.output)],
    config,
    history: flags.history,
    filter: flags.filter,
    onProgress: (share, packets) => bar.show(share, `${countText(packets)} packets`),
  });
  bar.clear();
  process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : reportText(report, process.stdout.columns));
}

async function tryDetectors(captures: readonly string[], flags: Flags, command: Command): Promise<void> {
  const { recordedBy } = await import("#app/backtest.ts");
  const { backtestDetectors } = await import("#app/detector-backtest.ts");
  const { detectorReportText } = await import("./detector-backtest-text.ts");
  const settings = [...flags.set, ...(flags.workers === undefined ? [] : [`engine.workers=${flags.workers}`])];
  const bar = new ProgressBar(process.stderr);
  const report = await backtestDetectors({
    paths: captures.length > 0 ? captures : [recordedBy(flags.output)],
    config: withRuleFiles(await configOf(command, settings), flags),
    tried: flags.try === undefined ? undefined : withRuleFiles(await configOf(command, [...settings, ...flags.try]), flags),
    history: flags.history,
    filter: flags.filter,
    onProgress: (share, packets) => bar.show(share, `${countText(packets)} packets`),
  });
  bar.clear();
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report)}\n` : detectorReportText(report, flags.try !== undefined, process.stdout.columns),
  );
}

function reportText(report: BacktestReport, width: number | undefined): string {
  const hours = Math.max(0, report.to - report.from) / 3.6e9;
  const head = `${countText(report.packets)} packets, ${hours.toFixed(1)} h of traffic, read in ${report.seconds.toFixed(1)} s: ${countText(report.alerts)} alerts of ${report.rules.length} rules\n`;
  if (report.rules.length === 0) return head;
  const rows = report.rules.map((rule) => [
    `${rule.gid}:${rule.sid}`,
    countText(rule.alerts),
    countText(Math.max(...Object.values(rule.days))),
    countText(rule.hostCount),
    countText(rule.alerts - rule.alone),
    repeats(rule),
    rule.signature,
  ]);
  const columns = [
    { title: "rule", right: false },
    { title: "alerts", right: true },
    { title: "most a day", right: true },
    { title: "hosts", right: true },
    { title: "repeats", right: true },
    { title: "of", right: false },
    { title: "message", right: false },
  ];
  return `${head}\n${tableText(columns, rows, width)}`;
}

const repeats = (rule: RuleOutcome): string =>
  rule.duplicates
    .slice(0, 3)
    .map(({ rule: name, alerts }) => `${name} (${countText(alerts)})`)
    .join(", ");
