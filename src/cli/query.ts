import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import type { CheckedQuery, Query } from "#app/query.ts";
import { countText } from "#base/count-text.ts";

interface Flags {
  readonly output?: string;
  readonly limit?: string;
  readonly order?: string;
  readonly columns?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly top?: string;
  readonly sum?: string;
  readonly count?: boolean;
}

const language = `
Kinds: flows, dns, tls, http, anomalies, findings, stats … (singular or plural; all: oddwire query --kinds); their columns: oddwire query KIND --help-columns
"players" has each player of a game once, as its newest event tells it; "player" has every event.

The query language:
  src_ip = 10.0.0.0/8 and (dest_port in 80,443 or app_proto ~ tls) and not proto = UDP and time > -1h
  = != < <= > >=         compare; texts without regard to case
  ~ !~                   contains, contains not
  in 80,443  not in (a,b)  one of, none of
  exists sni             the member is there
  and or not ( )         "and" may be left out between two conditions
  word  "two words"      in any text of the event, or in an address
  ip  port  host         either side; host also looks into names
  10.0.0.0/8 2001:db8::/32   every address in the network
  1.5k 2M 2KiB           numbers with a unit
  2026-01-31  2026-01-31T10:00:00+01:00  -90m  now-7d   times, UTC unless a zone is said
Names are columns or paths in the event (dns.rrname). Quote the expression for the shell.

Examples:
  oddwire query flows "bytes_toclient > 1M" --order -bytes_toclient
  oddwire query dns "rrname ~ example.com and not rcode = NOERROR" --csv
  oddwire query tls --top sni --limit 20
  oddwire query flows --top dest_ip --sum bytes_toserver
  oddwire query players "verdict = bot" --order -score
`;

/** `oddwire query KIND [EXPR]` */
export function registerQuery(root: Command): void {
  root
    .command("query")
    .description("ask the history: events of a kind that an expression selects")
    .argument("[kind]", "flows, dns, tls, http, anomalies, findings …")
    .argument("[expression...]", "what is looked for; all when absent")
    .option("-o, --output <dir>", "directory of oddwire.db (default: oddwire-live, else oddwire-out)")
    .option("--limit <n>", "most events or groups; 0 for all events (default: 100 events, 10 groups)")
    .option("--order <column>", "column to sort by, - in front for descending (default: -time)")
    .option("--columns <names>", "columns to show, separated by commas")
    .option("--top <column>", "largest groups of a column instead of events")
    .option("--sum <column>", "with --top: sum of this column instead of the number of events")
    .option("--count", "only the number of events")
    .option("--csv", "as CSV")
    .option("--json", "as JSON, one event a line")
    .option("--kinds", "list the kinds")
    .option("--help-columns", "list the kind's columns")
    .addHelpText("after", language)
    .action(async (kind: string | undefined, words: string[], flags: Flags & { kinds?: boolean; helpColumns?: boolean }) => {
      if (flags.kinds === true) await kinds();
      else if (kind === undefined) usage("say which kind of events is asked for; `oddwire query --kinds` lists all");
      else await run(kind, words.join(" "), flags);
    });
}

async function kinds(): Promise<void> {
  const { namedKinds } = await import("#app/kinds.ts");
  const { tableText } = await import("./table.ts");
  const columns = ["kind", "event_type", "summary"].map((title) => ({ title, right: false }));
  const rows = namedKinds().map(({ name, kind, summary }) => [name, kind, summary]);
  await (await writer())(tableText(columns, rows, process.stdout.isTTY ? process.stdout.columns : undefined));
}

async function run(name: string, expression: string, flags: Flags & { helpColumns?: boolean }): Promise<void> {
  const { checkQuery, columnNamed, openQuery } = await import("#app/query.ts");
  if (flags.csv === true && flags.json === true) usage("--csv and --json exclude each other");
  if (flags.sum !== undefined && flags.top === undefined) usage("--sum needs --top COLUMN");
  if (flags.count === true && flags.top !== undefined) usage("--count and --top exclude each other");
  const limit = limitOf(flags);
  const columns = flags.columns?.split(",").map((text) => text.trim());
  const checked = checkQuery({ kind: name, expression, limit, order: flags.order, columns }, Date.now() * 1000);
  const write = await writer();
  if (flags.helpColumns === true) {
    const { columnsText } = await import("./query-text.ts");
    await write(columnsText(checked));
    return;
  }
  const top = flags.top === undefined ? undefined : columnNamed(checked.kind, flags.top, "--top");
  const sum = flags.sum === undefined ? undefined : columnNamed(checked.kind, flags.sum, "--sum");
  if (sum?.type === "text") usage(`--sum ${sum.name}: only numbers can be summed`);
  await using query = await openQuery(flags.output);
  if (flags.count === true) {
    const count = await query.count(checked.plan);
    await write(flags.json === true ? `${JSON.stringify({ count })}\n` : `${count}\n`);
  } else if (top !== undefined) {
    const { groupsText } = await import("./query-text.ts");
    const groups = await query.top(checked.plan, top, sum);
    await write(groupsText(formatOf(flags), top, sum, groups));
  } else await list(query, checked, limit, flags, write);
}

async function list(query: Query, checked: CheckedQuery, limit: number, flags: Flags, write: Write): Promise<void> {
  const { eventsText } = await import("./query-text.ts");
  const format = formatOf(flags);
  let shown = 0;
  let first = true;
  for await (const events of query.pages(checked.plan, limit)) {
    shown += events.length;
    if (!(await write(eventsText(format, checked, events, first)))) return;
    first = false;
  }
  if (format !== "table") return;
  if (shown === 0) process.stderr.write(`oddwire: no ${checked.kind.name} events match\n`);
  else if (shown === limit) {
    const count = await query.count(checked.plan);
    if (count > shown) process.stderr.write(`oddwire: ${shown} of ${countText(count)} events; --limit shows more\n`);
  }
}

const formatOf = (flags: Flags): "table" | "csv" | "json" => (flags.csv === true ? "csv" : flags.json === true ? "json" : "table");

function limitOf(flags: Flags): number {
  if (flags.limit === undefined) return flags.top === undefined ? 100 : 10;
  const limit = Number(flags.limit);
  if (!/^\d+$/.test(flags.limit) || !Number.isSafeInteger(limit)) usage(`--limit ${flags.limit} is no whole number`);
  return limit;
}

function usage(cause: string): never {
  throw new OddwireError("ODW_USAGE", { cause });
}

/** Writes to the standard output; `false` when nobody reads any more (`| head`). */
type Write = (text: string) => Promise<boolean>;

async function writer(): Promise<Write> {
  const { once } = await import("node:events");
  let open = true;
  const closed = new Promise<void>((resolve) => {
    process.stdout.once("error", () => {
      open = false;
      resolve();
    });
  });
  return async (text) => {
    if (open && !process.stdout.write(text)) await Promise.race([once(process.stdout, "drain").catch(() => undefined), closed]);
    return open;
  };
}
