import type { Command } from "commander";
import { configOf } from "./common.ts";

interface Flags {
  readonly json?: boolean;
  readonly sid?: string;
  readonly set: string[];
}

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
  reading("check", "say which rules are wrong or not supported, where, and what mends them").action(
    async (files: string[], flags: Flags, command: Command) => {
      const checked = await checkedRules(files, flags, command);
      const { checkText } = await import("./rules-text.ts");
      if (checked.refused.some(({ kind }) => kind === "error")) process.exitCode = 1;
      process.stdout.write(flags.json === true ? `${JSON.stringify(checked, undefined, 2)}\n` : checkText(checked));
    },
  );
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
