import type { FeedTotals, SuricataOverview } from "#app/suricata.ts";
import type { SuricataFileResult } from "#app/suricata-file.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { CounterGroup } from "#schema/suricata.ts";

/** What strangers sent must not steer the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, "·");
const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** One alert, or another event, as a line for people. */
export function alertLine(event: OddwireEvent): string {
  const alert = (event["alert"] ?? {}) as { readonly [name: string]: unknown };
  const foreign = (event["foreign"] ?? {}) as { readonly [name: string]: unknown };
  const rule = [alert["severity"], alert["signature_id"], alert["signature"]].map(text).join("  ");
  const end = (ip: string | undefined, port: number | undefined): string => [ip ?? "?", text(port)].filter((part) => part !== "").join(" ");
  const flow = event.flow_id === undefined ? "" : `  flow ${event.flow_id}`;
  const ends = `${end(event.src_ip, event.src_port)} → ${end(event.dest_ip, event.dest_port)}`;
  const what = event.event_type === "alert" ? rule : text(foreign["kind"]);
  return `${printable(`${event.timestamp}  ${what}  ${event.proto ?? ""} ${ends}${flow}`)}\n`;
}

export function totalsText({ lines, bad, alerts, kinds }: FeedTotals): string {
  const each = Object.entries(kinds).map(([kind, count]) => `${printable(kind)} ${count}`);
  return `oddwire: ${lines} lines (${bad} bad), ${alerts} alerts${each.length === 0 ? "" : `: ${each.join(", ")}`}\n`;
}

export function overviewText({ found, missing, running }: SuricataOverview): string {
  const can = found === undefined ? [] : Object.entries(found.can).map(([name, yes]) => `${name} ${yes ? "yes" : "no"}`);
  const installed =
    found === undefined
      ? [missing ?? ""]
      : [
          `installed      ${found.binary}, ${found.version}`,
          `configuration  ${found.configuration ?? "none; Suricata's defaults"}`,
          `can            ${can.join(", ")}`,
        ];
  const ours = running.map(
    ({ state, interfaces, files, process, directory }) =>
      `runs           ${[...interfaces, ...files].join(", ")}: ${state}, process ${process.pid ?? "–"}, ${process.restarts} restarts, ${directory}`,
  );
  return `${[...installed, ...(ours.length === 0 ? ["runs           none of ours"] : ours)].join("\n")}\n`;
}

export function countersText(
  { source, time, groups }: { source: string; time: string; groups: readonly CounterGroup[] },
  all: boolean,
): string {
  const blocks = groups.flatMap(({ name, counters }) => {
    const rows = counters.filter(({ value }) => all || value !== 0);
    return rows.length === 0
      ? []
      : [`${name}\n`, ...rows.map((row) => `  ${row.name.padEnd(44)} ${String(row.value).padStart(14)}${row.loss ? "  lost" : ""}\n`)];
  });
  return `${time}  ${source}\n${blocks.join("")}`;
}

export function fileText({ out, flows, alerts, counts }: SuricataFileResult): string {
  const { community_id, five_tuple, none } = counts.joined;
  return [
    ...alerts.map(alertLine),
    `flows    ${flows} of Oddwire's\n`,
    `alerts   ${counts.alerts} of Suricata's; joined ${community_id} by community ID, ${five_tuple} by addresses and ports, ${none} not\n`,
    `written  ${out}\n`,
  ].join("");
}
