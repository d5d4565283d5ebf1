import type { ReadSummary } from "#app/read.ts";
import { countText } from "#base/count-text.ts";

/** Characters of a line behind its name. */
const lineCharactersMax = 70;

/** Bytes with a decimal unit: `971 MB`. */
export function bytesText(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? rest : rest.toFixed(rest < 10 ? 2 : rest < 100 ? 1 : 0)} ${units[unit]}`;
}

/** What `oddwire read` prints for people. `judged` is what it says of rules. */
export function summaryText(
  summary: ReadSummary,
  flags: { readonly output: string; readonly store: boolean; readonly eve: boolean },
  judged?: string,
): string {
  const rows: [string, string][] = [
    ["packets", `${countText(summary.packets)} (${bytesText(summary.bytes)})`],
    ["flows", countText(summary.flows)],
    ...eventRows(summary.events),
    ...(judged === undefined ? [] : [["rules", judged] satisfies [string, string]]),
    ["time", `${summary.seconds.toFixed(2)} s (${countText(Math.round(summary.packets / Math.max(summary.seconds, 0.001)))} packets/s)`],
    ["not seen", notSeen(summary)],
  ];
  const written = [flags.eve ? `${flags.output}/eve.json` : "", flags.store ? `${flags.output}/oddwire.db` : ""].filter(
    (path) => path !== "",
  );
  if (written.length > 0) rows.push(["written", written.join(", ")]);
  return rows.map(([name, value]) => `${name.padEnd(9)}${value}\n`).join("");
}

/** Coverage in words, so that "nothing found" is not taken for "nothing there". */
function notSeen(summary: ReadSummary): string {
  const labels: readonly [string, string][] = [
    ["capture.kernel_drops", "dropped by the kernel"],
    ["decoder.truncated", "cut by the snap length"],
    ["decoder.invalid", "malformed"],
    ["decoder.unknown_ethertype", "not decoded"],
    ["tcp.gap_bytes", "bytes of TCP missing"],
    ["flow.evicted", "flows evicted"],
  ];
  const parts = labels
    .filter(([name]) => (summary.counters[name] ?? 0) > 0)
    .map(([name, label]) => `${countText(summary.counters[name] as number)} ${label}`);
  if (summary.damaged > 0) parts.push(`${countText(summary.damaged)} damaged places in the file`);
  return parts.length === 0 ? "nothing: all packets were decoded" : parts.join(", ");
}

/** The kinds in lines that fit a terminal of 80 columns. */
function eventRows(events: Readonly<Record<string, number>>): [string, string][] {
  const lines: string[] = [];
  for (const [kind, n] of Object.entries(events)) {
    const text = `${kind} ${countText(n)}`;
    const last = lines.at(-1);
    if (last === undefined || last.length + text.length + 2 > lineCharactersMax) lines.push(text);
    else lines[lines.length - 1] = `${last}, ${text}`;
  }
  return lines.map((line, index) => [index === 0 ? "events" : "", index < lines.length - 1 ? `${line},` : line]);
}
