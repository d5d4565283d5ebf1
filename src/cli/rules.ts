import type { Command } from "commander";
import { countText } from "#base/count-text.ts";
import { configOf } from "./common.ts";

interface Flags {
  readonly json?: boolean;
  readonly sid?: string;
  readonly against?: string[];
  readonly set: string[];
}

const help = `
With --against, a rule is tried where its literal is found (see \`oddwire rules explain\`); what is tried often and matches
seldom is dear. All rules are in the output of --json, those that are tried most often first.

Examples:
  oddwire rules check own.rules
  oddwire rules check own.rules --against monday.pcap --against recording/
`;

const collect = (value: string, all: string[]): string[] => [...all, value];

/** `oddwire rules check`, `list` and `explain`. */
export function registerRules(root: Command): void {
  const rules =
    root.commands.find((command) => command.name() === "rules") ?? root.command("rules").description("rules in Suricata's language");
  const reading = (name: string, summary: string): Command =>
    rules
      .command(name)
      .description(summary)
      .argument("[files...]", "files of rules; those of the configuration when none is named")
      .option("--set <key=value>", "set a configuration key", collect, [])
      .option("--json", "as JSON");
  reading("check", "say which rules are wrong or not supported, where, and what mends them")
    .option("--against <capture>", "say what each rule costs on this capture, or folder of captures", collect, [])
    .addHelpText("after", help)
    .action(async (files: string[], flags: Flags, command: Command) => {
      const checked = await checkedRules(files, flags, command);
      if (checked.refused.some(({ kind }) => kind === "error")) process.exitCode = 1;
      const cost = flags.against?.length ? await costs(files, flags.against, flags, command) : undefined;
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify({ ...checked, ...(cost === undefined ? {} : { cost }) }, undefined, 2)}\n`);
        return;
      }
      const { checkText } = await import("./rules-text.ts");
      process.stdout.write(checkText(checked));
      if (cost === undefined) return;
      const { costText } = await import("./rule-cost-text.ts");
      process.stdout.write(`\n${costText(cost, process.stdout.isTTY ? process.stdout.columns : undefined)}`);
    });
  reading("list", "list the rules that are accepted").action(async (files: string[], flags: Flags, command: Command) => {
    const { rules: all } = await checkedRules(files, flags, command);
    const { listText } = await import("./rules-text.ts");
    process.stdout.write(flags.json === true ? all.map((rule) => `${JSON.stringify(rule)}\n`).join("") : listText(all));
  });
  reading("explain", "say what each rule is judged on, what it looks into and what lets it be tried")
    .option("--sid <sid>", "only this rule")
    .action(async (files: string[], flags: Flags, command: Command) => {
      const { rules: all } = await checkedRules(files, flags, command);
      const { explainText } = await import("./rules-text.ts");
      const shown = flags.sid === undefined ? all : all.filter(({ sid }) => String(sid) === flags.sid);
      if (shown.length === 0) process.stderr.write(`oddwire: no rule ${flags.sid ?? ""} is accepted (see \`oddwire rules check\`)\n`);
      process.stdout.write(flags.json === true ? `${JSON.stringify(shown, undefined, 2)}\n` : shown.map(explainText).join("\n"));
    });
}

async function checkedRules(files: readonly string[], flags: Flags, command: Command) {
  const config = await configOf(command, flags.set);
  const { checkRules } = await import("#app/rules.ts");
  return checkRules(files, config);
}

async function costs(files: readonly string[], captures: readonly string[], flags: Flags, command: Command) {
  const config = await configOf(command, flags.set);
  const { costOfRules } = await import("#app/rule-cost.ts");
  const { ProgressBar } = await import("./progress.ts");
  const bar = new ProgressBar(process.stderr);
  const onProgress = (share: number | undefined, packets: number): void => bar.show(share, `${countText(packets)} packets`);
  const cost = await costOfRules({ files, captures, config, onProgress });
  bar.clear();
  return cost;
}
