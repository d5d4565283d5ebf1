import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import type { FindingAnswer, FindingRow, FindingsAnswer } from "#schema/finding-mark.ts";
import { findingStates } from "#schema/finding-mark.ts";
import { configOf } from "./common.ts";
import { registerAllow } from "./findings-allow.ts";
import { askRunning } from "./running.ts";
import { harmless, tableText } from "./table.ts";

interface Flags {
  readonly url?: string;
  readonly json?: boolean;
  readonly state?: string;
  readonly host?: string;
  readonly limit?: string;
  readonly note?: string;
  readonly who?: string;
}

const filters = [...findingStates, "open"] as const;
const where = ["--url <address>", "where the engine or `oddwire serve` is; api.listen of the configuration when absent"] as const;

/** `oddwire findings list | show | mark | allow`: what was found, each cause once, and where it stands. */
export function registerFindings(root: Command): void {
  const findings = root.command("findings").description("what was found, each cause once, and where it stands; asks the running engine");
  findings
    .command("list [expression...]", { isDefault: true })
    .description("findings, newest first")
    .option("--state <state>", `${filters.join(", ")} (open: new or seen)`)
    .option("--host <address>", "those with this source or target")
    .option("--limit <n>", "most findings", "50")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (words: string[], flags: Flags, command: Command) => {
      const state = oneOf(filters, flags.state, "--state");
      const question = { q: words.join(" "), state, host: flags.host, limit: Number(flags.limit) };
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.findings(question));
      print(flags, answer, listText(answer));
    });
  findings
    .command("show <id>")
    .description("a finding: reasons, tellings, state, what earlier verdicts say, and how to keep it back")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (id: string, flags: Flags, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.finding(id));
      print(flags, answer, oneText(answer));
    });
  registerAllow(findings);
  findings
    .command("mark <id> <state>")
    .description(`say where a finding stands: ${findingStates.join(", ")}; verdicts are learned from`)
    .option("--note <text>", "write a note on it too")
    .option("--who <name>", "who says so")
    .option(...where)
    .option("--json", "as JSON")
    .action(async (id: string, state: string, { note, who, ...flags }: Flags, command: Command) => {
      const change = {
        state: oneOf(findingStates, state, "the state") ?? "seen",
        ...(note !== undefined && { note }),
        ...(who !== undefined && { who }),
      };
      const mark = await askRunning(await configOf(command, []), flags.url, (client) => client.markFinding(id, change));
      print(flags, mark, `${mark.finding} is ${mark.state}${mark.note === "" ? "" : `: ${mark.note}`}\n`);
    });
}

function oneOf<T extends string>(values: readonly T[], given: string | undefined, what: string): T | undefined {
  const found = values.find((value) => value === given);
  if (given !== undefined && found === undefined)
    throw new OddwireError("ODW_USAGE", { cause: `${what} must be one of ${values.join(", ")}, not ${given}` });
  return found;
}

const print = ({ json }: Flags, answer: object, text: string): void =>
  void process.stdout.write(json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : text);

function listText({ findings, next }: FindingsAnswer): string {
  if (findings.length === 0) return "nothing was found\n";
  const columns = ["id", "severity", "category", "state", "signs", "last", "what"].map((title) => ({ title, right: title === "signs" }));
  const cells = findings.map((row) => [row.id, row.severity, row.category, row.state, String(row.signs), row.last.slice(0, 19), row.title]);
  const more = next === undefined ? "" : "there are more: --limit\n";
  return tableText(columns, cells, process.stdout.isTTY ? process.stdout.columns : undefined) + more;
}

const shown = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function oneText({ finding, tellings, allow, advice }: FindingAnswer): string {
  const newest = (tellings[0]?.["finding"] ?? {}) as { readonly why?: readonly { readonly [name: string]: unknown }[] };
  const reasons = (newest.why ?? []).map(({ feature, value, threshold, sample }) => {
    const limit = threshold === undefined ? "" : ` (threshold ${shown(threshold)})`;
    return `  ${shown(feature)}: ${shown(value)}${limit}${sample === undefined ? "" : `, of ${shown(sample)}`}`;
  });
  const lines = [
    `${finding.severity} ${finding.category}: ${finding.title}`,
    `state       ${finding.state}${finding.note === "" ? "" : `: ${finding.note}`}${finding.who === "" ? "" : ` (${finding.who})`}`,
    ...opinionLines(finding),
    `detector    ${finding.detector}, score ${finding.score}, confidence ${finding.confidence}`,
    `signs       ${finding.signs} since ${finding.first}, told ${tellings.length} times, last ${finding.last}`,
    ...(finding.techniques.length === 0 ? [] : [`techniques  ${finding.techniques.join(", ")}`]),
    "because",
    ...reasons,
    ...(advice === undefined ? [] : [`means       ${advice.meaning}`, `next        ${advice.next}`]),
    "to keep it back from now on, `oddwire findings allow add` with one of",
    ...allow.map((entry) => `  ${entry}`),
  ];
  return lines.map((line) => `${harmless(line)}\n`).join("");
}

const opinionLines = ({ opinion }: FindingRow): readonly string[] =>
  opinion === undefined || opinion.verdict === "unknown"
    ? []
    : [`seems       ${opinion.verdict} by ${opinion.verdicts} earlier verdicts, ${Math.round(opinion.probability * 100)} % sure`];
