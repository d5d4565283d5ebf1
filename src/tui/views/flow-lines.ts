import { clockMillis, duration, moment } from "#base/time-words.ts";
import { bytes, count } from "#base/units.ts";
import { ageOf, endText, type FlowRow, memberOf, protocolOf, rowOfEvent, rowOfLive } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { FlowAnswer } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { fact, heading, type Line, line, span } from "#tui/parts/line.ts";
import { style } from "#tui/screen/style.ts";
import { eventTime, severityLook, valueText } from "./reading.ts";

/** Kinds that say something is odd. */
const judged = new Set(["finding", "alert", "anomaly"]);

/** A flow: its ends, what went each way, and everything that was told about it, oldest first. */
export function flowLines({ flow_id: id, flow, live, events, truncated }: FlowAnswer, now: number | undefined): readonly Line[] {
  const row = live === undefined ? flow && rowOfEvent(flow) : rowOfLive(live);
  const rest = events.filter((event) => event.event_type !== "flow");
  return [
    line(`flow ${id}`, style.strong),
    ...(row === undefined ? [] : rowLines(row, now)),
    ...(flow === undefined ? [] : memberLines(flow)),
    ...heading(`what was told of it (${rest.length}${truncated ? " and more" : ""})`),
    ...(rest.length === 0 ? [line("nothing yet", style.dim)] : rest.map(timelineLine)),
  ];
}

function rowLines(row: FlowRow, now: number | undefined): readonly Line[] {
  const quiet = now === undefined || row.last === undefined ? "" : `, last packet ${duration(Math.max(0, now - row.last) / 1e6)} ago`;
  return [
    [],
    fact("client", endText(row.client, row.clientPort)),
    fact("server", endText(row.server, row.serverPort)),
    fact("protocol", `${row.proto}${row.app === undefined ? "" : ` ${protocolOf(row)}`}`),
    ...(row.host === undefined ? [] : [fact("host", row.host)]),
    ...(row.application === undefined ? [] : [fact("application", row.application)]),
    fact("state", row.reason === undefined ? `${row.state}${quiet}` : `${row.state}, ended by ${row.reason}`),
    fact("first packet", moment(row.start)),
    fact("last packet", moment(row.last)),
    fact("lasted", duration(ageOf(row))),
    fact("sent", `${bytes(row.bytesToServer)} in ${count(row.packetsToServer)} packets`),
    fact("received", `${bytes(row.bytesToClient)} in ${count(row.packetsToClient)} packets`),
  ];
}

/** What only the event of an ended flow tells. */
function memberLines(event: OddwireEvent): readonly Line[] {
  const flow = memberOf(event, "flow");
  const tcp = memberOf(event, "tcp");
  const facts: readonly (readonly [string, unknown])[] = [
    ["community id", event["community_id"]],
    [
      "undecoded",
      flow["undecoded"] === undefined ? undefined : `${valueText(flow["undecoded"])} bytes: ${valueText(flow["undecoded_why"])}`,
    ],
    ["TCP", tcp["state"]],
    ["retransmissions", tcp["retransmissions"]],
    ["out of order", tcp["out_of_order"]],
    ["missing bytes", tcp["gap_bytes"]],
  ];
  return facts.filter(([, value]) => value !== undefined).map(([name, value]) => fact(name, valueText(value)));
}

/** One event in one line. */
function timelineLine(event: OddwireEvent): Line {
  const { title, severity, why } = reasonOf(event);
  const time = span(`${clockMillis(eventTime(event))}  `, style.dim);
  if (judged.has(event.event_type))
    return [time, span(`${severity} `, severityLook[severity]), span(`${title}${why === "" ? "" : `: ${why}`}`)];
  const member = memberOf(event, event.event_type);
  const words = Object.entries(member)
    .filter(([, value]) => typeof value !== "object")
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join("  ");
  return [time, span(`${event.event_type}  `, style.accent), span(words)];
}
