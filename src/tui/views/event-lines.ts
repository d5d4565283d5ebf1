import { moment } from "#base/time-words.ts";
import { memberOf } from "#client/flow-row.ts";
import { becauseOf, reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { fact, heading, type Line, line, span } from "#tui/parts/line.ts";
import { style } from "#tui/screen/style.ts";
import { endsText, eventTime, severityLook, valueText } from "./reading.ts";

/** Members that the first lines tell already. */
const told = new Set(["timestamp", "event_type", "src_ip", "src_port", "dest_ip", "dest_port"]);
/** Deepest member that is shown in lines of its own. */
const depthMax = 8;

/** An event in full: what it says in words first, then everything that it holds. */
export function eventLines(event: OddwireEvent): readonly Line[] {
  const { title, severity } = reasonOf(event);
  const isJudged = event.event_type === "finding" || event.event_type === "alert" || event.event_type === "anomaly";
  return [
    isJudged ? [span(`${severity}  `, severityLook[severity]), span(title, style.strong)] : line(event.event_type, style.strong),
    [],
    fact("when", moment(eventTime(event))),
    fact("who", endsText(event)),
    ...whyLines(event),
    ...heading("everything"),
    ...Object.entries(event)
      .filter(([name]) => !told.has(name))
      .flatMap(([name, value]) => memberLines(name, value, 0)),
  ];
}

/** The reasons in words, each with value, threshold and sample, and what could not be looked at. */
export function whyLines(event: OddwireEvent): readonly Line[] {
  if (event.event_type !== "finding") {
    const { why } = reasonOf(event);
    return why === "" ? [] : [fact("why", why)];
  }
  const finding = memberOf(event, "finding");
  const why = Array.isArray(finding["why"]) ? (finding["why"] as readonly unknown[]) : [];
  const coverage = Object.entries(memberOf(finding, "coverage")).filter(([, value]) => value !== 0);
  return [
    ...["detector", "category", "score", "confidence", "signs", "since", "techniques"].flatMap((name) =>
      finding[name] === undefined ? [] : [fact(name, valueText(finding[name]))],
    ),
    ...heading("why"),
    ...(why.length === 0 ? [line("no reasons were given", style.dim)] : why.map((reason) => bullet(becauseOf(reason)))),
    ...(coverage.length === 0
      ? []
      : [...heading("what could not be looked at"), ...coverage.map(([name, value]) => fact(name, valueText(value), style.warning, 24))]),
  ];
}

const bullet = (text: string): Line => [span("• ", style.dim), span(text)];

function memberLines(name: string, value: unknown, depth: number): readonly Line[] {
  const indent = "  ".repeat(depth);
  if (typeof value === "object" && value !== null && depth < depthMax) {
    const entries = Array.isArray(value) ? listEntries(value) : Object.entries(value);
    if (entries !== undefined)
      return [line(`${indent}${name}`, style.dim), ...entries.flatMap(([key, each]) => memberLines(key, each, depth + 1))];
  }
  return [[span(`${indent}${name}  `, style.dim), span(valueText(value))]];
}

/** A list of objects gets a line for each; one of plain values stands in one line. */
function listEntries(list: readonly unknown[]): readonly (readonly [string, unknown])[] | undefined {
  return list.some((each) => typeof each === "object" && each !== null) ? list.map((each, i) => [String(i + 1), each]) : undefined;
}
