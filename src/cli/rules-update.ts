import type { Command } from "commander";

interface Flags {
  readonly from?: string[];
  readonly into: string;
  readonly enable?: string;
  readonly disable?: string;
  readonly modify?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Sids that are named in the text for people. */
const SHOWN_MAX = 8;
const collect = (value: string, all: string[] = []): string[] => [...all, value];

const sids = (all: readonly number[]): string =>
  all.length === 0 ? "" : ` (${all.slice(0, SHOWN_MAX).join(", ")}${all.length > SHOWN_MAX ? " …" : ""})`;

/** `oddwire rules update`. The command `rules` may be there already. */
export function registerRulesUpdate(root: Command): void {
  const rules =
    root.commands.find((command) => command.name() === "rules") ?? root.command("rules").description("rules in Suricata's language");
  rules
    .command("update")
    .description("fetch rules into one file, with what changed told; nothing is asked but what is named")
    .option("--from <source>", "file (.rules, .tar.gz), directory or URL; may come several times", collect)
    .option("--into <dir>", "directory of oddwire.rules; the set before it is kept beside", "oddwire-rules")
    .option("--enable <file>", "list of rules to switch on: SID, group:NAME, re:EXPRESSION")
    .option("--disable <file>", "list of rules to switch off")
    .option("--modify <file>", 'list of changes: WHICH "EXPRESSION" "TEXT"')
    .option("--dry-run", "only say what would change")
    .option("--json", "as JSON")
    .action(async (flags: Flags) => {
      const { updateRules } = await import("#app/rules-update.ts");
      const { from = [], into, enable, disable, modify } = flags;
      const update = await updateRules({ from, into, enable, disable, modify, dry: flags.dryRun === true });
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(update, undefined, 2)}\n`);
        return;
      }
      for (const { where, cause } of update.bad) process.stderr.write(`oddwire: ${where}: ${cause}; left out\n`);
      const lines = [
        `rules    ${update.rules}, ${update.enabled} on, ${update.disabled} off`,
        `added    ${update.added.length}${sids(update.added)}`,
        `removed  ${update.removed.length}${sids(update.removed)}`,
        `changed  ${update.changed.length}${sids(update.changed)}`,
        ...(update.badCount > 0 ? [`bad      ${update.badCount}`] : []),
        ...(update.duplicates > 0 ? [`double   ${update.duplicates}, the highest revision counts`] : []),
        update.written
          ? `written  ${update.path}`
          : `nothing was written: ${flags.dryRun === true ? "a dry run" : "the set is the one that is there"}`,
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}
