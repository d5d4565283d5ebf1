import type { CostVerdict, RuleCost, RuleCostReport } from "#app/rule-cost.ts";
import { countText } from "#base/count-text.ts";
import { bytesText } from "./summary.ts";
import { harmless, tableText } from "./table.ts";

/** Rules that are shown; the others are in the JSON. */
const rowsMax = 25;

const columns = [
  { title: "rule", right: false },
  { title: "tried", right: true },
  { title: "a million packets", right: true },
  { title: "matched", right: true },
  { title: "µs each", right: true },
  { title: "verdict", right: false },
  { title: "literal", right: false },
  { title: "message", right: false },
];

/** What rules cost: how many of each verdict, those tried most often, and what would make the dear ones cheaper. */
export function costText(report: RuleCostReport, width: number | undefined): string {
  const { rules, packets, bytes, seconds } = report;
  const tried = rules.filter((one) => one.tried > 0);
  const counts = (["dear", "fair", "cheap", "idle"] as const)
    .map((verdict) => [verdict, rules.filter((one) => one.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${countText(count)} ${names[verdict]}`);
  const lines = [
    `on ${countText(packets)} packets (${bytesText(bytes)}), ${(report.microseconds / 1e6).toFixed(2)} s of ${seconds.toFixed(2)} s in rules: ${counts.join(", ")}`,
  ];
  if (tried.length > 0) lines.push("", tableText(columns, tried.slice(0, rowsMax).map(row), width).trimEnd());
  if (tried.length > rowsMax) lines.push(`… and ${countText(tried.length - rowsMax)} more that were tried (--json has all)`);
  const advised = rules.filter(({ advice }) => advice !== "");
  if (advised.length > 0) lines.push("", ...advised.slice(0, rowsMax).map(({ rule, advice }) => harmless(`${rule.sid}: ${advice}`)));
  return `${lines.join("\n")}\n`;
}

const names: Readonly<Record<CostVerdict, string>> = { dear: "dear", fair: "fair", cheap: "cheap", idle: "never tried" };

const row = ({ rule, tried, matched, triedPerMillionPackets, microseconds, verdict }: RuleCost): string[] => [
  `${rule.gid}:${rule.sid}`,
  countText(tried),
  countText(triedPerMillionPackets),
  countText(matched),
  (microseconds / tried).toFixed(1),
  verdict,
  rule.prefilter?.literal ?? "none",
  rule.message,
];
