import type { BufferView, CheckedRules, RuleRemark, RuleView } from "#app/rules.ts";
import { countText } from "#base/count-text.ts";
import { harmless, tableText } from "./table.ts";

const KINDS: Readonly<Record<RuleRemark["kind"], string>> = {
  error: "wrong",
  unsupported: "not supported",
  skipped: "left out",
  warning: "warning",
};

/** What is wrong, a line each, then how many of each kind. */
export function checkText({ rules, refused, warnings }: CheckedRules): string {
  const lines = [...warnings, ...refused].map(remarkText);
  const count = (kind: RuleRemark["kind"]): number => refused.filter((remark) => remark.kind === kind).length;
  const parts = (["error", "unsupported", "skipped"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${countText(count(kind))} ${KINDS[kind]}`);
  const total = rules.length + refused.length;
  lines.push(`${countText(rules.length)} of ${countText(total)} rules accepted${parts.length === 0 ? "" : `; ${parts.join(", ")}`}`);
  const slow = rules.filter((rule) => rule.prefilter === undefined && (rule.scope === "packet" || rule.scope === "stream")).length;
  if (slow > 0) lines.push(`${countText(slow)} have no literal to filter by and are tried on every packet (see \`oddwire rules explain\`)`);
  return `${lines.join("\n")}\n`;
}

function remarkText({ file, line, column, sid, kind, cause, mend }: RuleRemark): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const number = sid === undefined ? "" : ` sid ${sid}:`;
  return harmless(`${place}: ${KINDS[kind]}:${number} ${cause}${mend === "" ? "" : ` (${mend})`}`);
}

/** One row a rule. */
export function listText(rules: readonly RuleView[]): string {
  const columns = [
    { title: "sid", right: true },
    { title: "rev", right: true },
    { title: "action", right: false },
    { title: "protocol", right: false },
    { title: "msg", right: false },
  ];
  const rows = rules.map(({ sid, rev, action, protocol, message }) => [String(sid), String(rev), action, protocol, message]);
  return tableText(columns, rows, process.stdout.isTTY ? process.stdout.columns : undefined);
}

const SCOPES: Readonly<Record<RuleView["scope"], string>> = {
  once: "a flow's addresses and protocol, once for each direction",
  packet: "each packet",
  stream: "the bytes of TCP in order, and packets of other protocols",
  transaction: "the messages of an application",
  event: "an event of the decoder, the stream or a parser, when it happens",
};

/** What a rule is judged on and what it costs. */
export function explainText(rule: RuleView): string {
  const side = rule.side === "toServer" ? ", of the client" : rule.side === "toClient" ? ", of the server" : "";
  const both = rule.payload === "both" ? ", and each packet of it by itself" : "";
  const lines = [
    `${rule.sid} rev ${rule.rev}  ${rule.action} ${rule.protocol}  ${rule.message}`,
    `  stands at    ${rule.file}:${rule.line}`,
    `  judged on    ${SCOPES[rule.scope]}${both}${side}`,
  ];
  if (rule.applications.length > 0) lines.push(`  application  ${rule.applications.join(", ")}`);
  for (const buffer of rule.buffers) lines.push(`  looks into   ${bufferText(buffer)}`);
  if (rule.words.length > 0) lines.push(`  compares     ${rule.words.join(", ")}`);
  lines.push(`  prefilter    ${prefilterText(rule)}`);
  return lines.map((line) => `${harmless(line)}\n`).join("");
}

function bufferText({ name, transforms, tests }: BufferView): string {
  const counts = Object.entries(tests).map(([type, count]) => `${count} ${type}`);
  return `${[name, ...transforms].join(" → ")}: ${counts.length === 0 ? "absent" : counts.join(", ")}`;
}

function prefilterText({ prefilter, scope }: RuleView): string {
  if (prefilter !== undefined)
    return `"${prefilter.literal}" in ${prefilter.buffer}${prefilter.nocase ? ", in any case" : ""}; tried only where it is found`;
  if (scope === "transaction") return "none: tried on every message";
  return scope === "packet" || scope === "stream" ? "none: tried on every packet that its header lets through" : "none needed";
}
