import { countText } from "#base/count-text.ts";
import type { RuleReport } from "#contract/inspector.ts";
import type { Config } from "#schema/config.ts";
import { M } from "#schema/metrics.ts";

/** Files that are named in the command that says more. */
const filesMax = 3;

/** Counters by place (`M`), or by the dotted names of `schema/metrics.ts`. */
type Counter = (metric: "loaded" | "failed" | "benched") => number;

const kinds = [
  { inspector: "signature", command: "rules", key: "rules.files" },
  { inspector: "keyword", command: "keywords", key: "keywords.files" },
  { inspector: "indicator", command: "indicators", key: "indicators.files" },
] as const;

/** The command that says why rules of this kind are rejected. */
function checkCommand({ command, key }: (typeof kinds)[number], config: Config): string {
  const files = config[key];
  const more = files.length > filesMax ? " …" : "";
  return `oddwire ${command} check ${files.slice(0, filesMax).map(quoted).join(" ")}${more}`.trimEnd();
}

const quoted = (file: string): string => (/^[\w./+:@-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`);

/** How many rules, keywords and indicators a run has judged by and how many it did not; `undefined` when there were none. */
export function judgedText(counter: Counter, config: Config): string | undefined {
  const [loaded, failed, benched] = [counter("loaded"), counter("failed"), counter("benched")];
  if (loaded + failed === 0) return undefined;
  const parts = [`${countText(loaded)} judged`];
  if (failed > 0) {
    const configured = kinds.filter(({ key }) => config[key].length > 0);
    parts.push(
      `${countText(failed)} rejected${configured.length === 0 ? "" : `: ${configured.map((kind) => checkCommand(kind, config)).join("; ")}`}`,
    );
  }
  if (benched > 0) parts.push(`${countText(benched)} given up while they were judged`);
  return parts.join(", ");
}

/** The same of counters by their place. */
export const judgedOf = (counters: Float64Array, config: Config): string | undefined =>
  judgedText((metric) => counters[{ loaded: M.rulesLoaded, failed: M.rulesFailed, benched: M.rulesBenched }[metric]] as number, config);

/** The same of counters by their names. */
export const judgedByName = (counters: Readonly<Record<string, number>>, config: Config): string | undefined =>
  judgedText((metric) => counters[`detect.rules_${metric}`] ?? 0, config);

/** A line for each kind of which something was rejected: how many, the first of them, and how to see all. */
export function rejectionTexts(
  reports: readonly (RuleReport & { readonly inspector: string; readonly rejectedCount: number })[],
  config: Config,
): string[] {
  return reports.flatMap(({ inspector, loaded, rejected, rejectedCount }) => {
    const kind = kinds.find((one) => one.inspector === inspector);
    const [first] = rejected;
    if (kind === undefined || first === undefined) return [];
    const { file, line, column, cause } = first;
    const all = rejectedCount === 1 ? "" : `; all of them: ${checkCommand(kind, config)}`;
    return [
      `${countText(rejectedCount)} of ${countText(loaded + rejectedCount)} ${kind.command} rejected: ${file}:${line}:${column}: ${cause}${all}`,
    ];
  });
}
