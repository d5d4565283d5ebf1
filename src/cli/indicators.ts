import type { Command } from "commander";
import { configOf } from "./common.ts";

interface Flags {
  readonly output?: string;
  readonly json?: boolean;
  readonly type?: string;
  readonly source?: string;
  readonly expires?: string;
  readonly note?: string;
  readonly severity?: string;
  readonly allow?: boolean;
}

const language = `
Lists are text: one value a line, a hosts file, or CSV with a header (value,type,source,expires,note,severity,action);
exports of MISP and of abuse.ch are read as they are. A value that begins with ! never alerts, whatever lists say.
Digests of files are compared where they are told: MD5 and SHA-1 need --set files.digests=md5,sha1,sha256.
A running engine that watches the lists takes a change within a second or two.
`;

const inFolder = (command: Command): Command =>
  command.option("-o, --output <dir>", "output folder whose lists are meant (default: oddwire-live, else oddwire-out)");

/** `oddwire indicators list|check|add|remove|test`. */
export function registerIndicators(root: Command): void {
  const indicators = root
    .command("indicators")
    .description("addresses, names and fingerprints that somebody has listed")
    .addHelpText("after", language);
  inFolder(indicators.command("list"))
    .description("the lists that live capture uses, and what is on the own one")
    .option("--json", "as JSON")
    .action(list);
  indicators
    .command("check")
    .description("whether lists are right, and what is wrong where")
    .argument("<file...>", "lists of indicators")
    .option("--json", "as JSON")
    .action(check);
  inFolder(indicators.command("add"))
    .description("put a value on the own list")
    .argument("<value>", "address, network, domain, URL, JA3, JA4, certificate or digest")
    .option("--type <type>", "what it is, when it does not show: ja3, certificate, md5 …")
    .option("--source <text>", "who says so")
    .option("--expires <time>", "when it stops counting: 2027-01-31")
    .option("--note <text>", "what it is")
    .option("--severity <word>", "critical, high, medium, low or info")
    .option("--allow", "never alert about it")
    .action(add);
  inFolder(indicators.command("remove")).description("take a value off the own list").argument("<value>", "as it was added").action(remove);
  inFolder(indicators.command("test"))
    .description("what the lists say about a value")
    .argument("<value>", "address, name, URL, fingerprint or digest")
    .option("--type <type>", "what it is, when it does not show")
    .option("--json", "as JSON")
    .action(test);
}

async function filesOf(flags: Flags, command: Command) {
  const { listDirectoryOf } = await import("#app/list-directory.ts");
  const { IndicatorFiles } = await import("#app/indicators.ts");
  return new IndicatorFiles(listDirectoryOf(await configOf(command, []), flags.output));
}

const print = (text: string): void => void process.stdout.write(text);
const json = (value: unknown): void => print(`${JSON.stringify(value, undefined, 2)}\n`);
const typesText = (types: Readonly<Record<string, number>>): string =>
  Object.entries(types)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `${count} ${type}`)
    .join(", ") || "none";

async function list(flags: Flags, command: Command): Promise<void> {
  const state = (await filesOf(flags, command)).state();
  if (flags.json === true) return json(state);
  const { tableText } = await import("./table.ts");
  const columns = [
    { title: "list", right: false },
    { title: "state", right: false },
    { title: "entries", right: true },
    { title: "wrong lines", right: true },
  ];
  print(
    tableText(
      columns,
      state.lists.map(({ name, on, entries, rejected }) => [name, on ? "on" : "off", String(entries), String(rejected)]),
    ),
  );
  print(`\nindicators: ${typesText(state.types)}; allowed: ${state.allowed}\n`);
  for (const { type, value, allow, source, expires, note } of state.own)
    print(
      `  ${allow ? "allow " : ""}${type} ${value}${source === "" ? "" : `, ${source}`}${expires === "" ? "" : `, until ${expires}`}${note === "" ? "" : ` — ${note}`}\n`,
    );
}

async function check(paths: string[], flags: Flags): Promise<void> {
  const { checkIndicators } = await import("#app/indicators.ts");
  const { readLists } = await import("#app/list-directory.ts");
  const report = checkIndicators(readLists(paths));
  process.exitCode = report.rejected === 0 ? 0 : 1;
  if (flags.json === true) return json(report);
  for (const { list: name, line, column, cause, mend } of report.troubles) print(`${name}:${line}:${column}: ${cause}\n  ${mend}\n`);
  print(
    `${report.loaded} entries (${typesText(report.types)}; ${report.allowed} allowed), ${report.rejected === 0 ? "nothing is wrong" : `${report.rejected} lines are wrong`}\n`,
  );
}

async function add(value: string, flags: Flags, command: Command): Promise<void> {
  const { type, value: told, allow } = (await filesOf(flags, command)).add({ ...flags, value });
  print(`added ${allow ? "what is allowed: " : ""}${type} ${told}\n`);
}

async function remove(value: string, flags: Flags, command: Command): Promise<void> {
  (await filesOf(flags, command)).remove(value);
  print(`removed ${value}\n`);
}

async function test(value: string, flags: Flags, command: Command): Promise<void> {
  const { hit, allowed } = (await filesOf(flags, command)).test(value, flags.type);
  process.exitCode = hit === undefined ? 1 : 0;
  if (flags.json === true) return json({ ...(hit === undefined ? {} : { listed: hit }), allowed });
  if (hit === undefined) print(`${value}: ${allowed ? "allowed, never alerts" : "not listed"}\n`);
  else
    print(
      `${value}: ${hit.type} ${hit.value} on ${hit.list}${hit.source === "" ? "" : `, by ${hit.source}`}${hit.note === "" ? "" : ` — ${hit.note}`}\n`,
    );
}
