import type { Command } from "commander";
import type { AllowAnswer, AllowRow } from "#schema/allow.ts";
import { configOf } from "./common.ts";
import { askRunning } from "./running.ts";
import { harmless, tableText } from "./table.ts";

interface Flags {
  readonly url?: string;
  readonly json?: boolean;
  readonly note?: string;
  readonly who?: string;
  readonly expires?: string;
}

const where = ["--url <address>", "where the engine or `oddwire serve` is; api.listen of the configuration when absent"] as const;

const entries = `
An entry is WHO (an address, a network, or a name with all below it), WHO>WHOM (a pair), or of one detector
DETECTOR=WHO, DETECTOR=WHO>WHOM. It holds from the next finding on and over restarts; detect.allow of the configuration
holds besides. Quote entries with > for the shell.
`;

/** `oddwire findings allow [list | add ENTRY | remove ENTRY]`: who is never told. */
export function registerAllow(findings: Command): void {
  const allow = findings
    .command("allow")
    .description("who is never told, and how often that kept something back; asks the running engine")
    .addHelpText("after", entries);
  allow
    .command("list", { isDefault: true })
    .description("all entries, with whom they have protected from what")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (flags: Flags, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.detection.allowed());
      print(flags, answer, listText(answer));
    });
  allow
    .command("add <entry>")
    .description("never tell of somebody again, from now on")
    .option("--note <text>", "why")
    .option("--who <name>", "who says so")
    .option("--expires <time>", "until when: 12h, 7d, 2027-01-31; for ever when absent")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (entry: string, { note, who, expires, ...flags }: Flags, command: Command) => {
      const given = {
        entry,
        ...(note !== undefined && { note }),
        ...(who !== undefined && { who }),
        ...(expires !== undefined && { expires }),
      };
      const row = await askRunning(await configOf(command, []), flags.url, (client) => client.detection.allow(given));
      print(flags, row, `${harmless(`${row.entry} is not told any more${row.expires === undefined ? "" : `, until ${row.expires}`}`)}\n`);
    });
  allow
    .command("remove <entry>")
    .description("tell of somebody again")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (entry: string, flags: Flags, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.detection.disallow(entry));
      print(flags, answer, `${harmless(`${entry} is told again`)}\n`);
    });
}

const print = ({ json }: Flags, answer: object, text: string): void =>
  void process.stdout.write(json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : text);

const untilText = ({ expires, expired }: AllowRow): string =>
  expires === undefined ? "" : `${expired ? "over since" : "until"} ${expires.slice(0, 16)}`;

function listText({ entries: rows, hits }: AllowAnswer): string {
  if (rows.length === 0) return "nobody is allowed: everything that is found is told\n";
  const columns = ["entry", "kept back", "last", "until", "note"].map((title) => ({ title, right: title === "kept back" }));
  const cells = rows.map((row) => [
    row.entry,
    String(row.hits),
    row.last?.slice(0, 19) ?? "never",
    untilText(row),
    [row.origin === "configuration" ? "in the configuration" : "", row.note, row.who === "" ? "" : `(${row.who})`]
      .filter((part) => part !== "")
      .join(" "),
  ]);
  const table = tableText(columns, cells, process.stdout.isTTY ? process.stdout.columns : undefined);
  const pairs = rows.flatMap(({ entry, pairs: met }) =>
    met
      .slice(0, 5)
      .map(
        ({ detector, source, target, hits: times }) => `  ${entry}: ${detector} ${source}${target === "" ? "" : ` > ${target}`}, ${times}`,
      ),
  );
  return `${table}${hits} kept back in all\n${pairs.map((line) => `${harmless(line)}\n`).join("")}`;
}
