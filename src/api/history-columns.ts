import type { LiveSummary } from "#contract/live.ts";
import type { History } from "#schema/api.ts";

/** Protocols that get a column of their own. */
const PROTOCOLS_MAX = 16;

/**
 * Summaries as columns, at most `points` rows. Beyond that, neighbours are averaged by their intervals, and the row has
 * the time of the last one.
 */
export function historyColumns(history: readonly LiveSummary[], from: number | undefined, points: number): History {
  const chosen = from === undefined ? history : history.filter((summary) => summary.time >= from);
  const size = Math.max(1, Math.ceil(chosen.length / points));
  const rows: (readonly LiveSummary[])[] = [];
  // Counted from the end, so that the newest row is whole and the others stay the same from one second to the next.
  for (let end = chosen.length; end > 0; end -= size) rows.unshift(chosen.slice(Math.max(0, end - size), end));
  return {
    time: rows.map((row) => (row.at(-1) as LiveSummary).time),
    packets_per_second: rows.map((row) => mean(row, (summary) => summary.packets_per_second)),
    bits_per_second: rows.map((row) => mean(row, (summary) => summary.bits_per_second)),
    events_per_second: rows.map((row) => mean(row, (summary) => summary.events_per_second)),
    live_flows: rows.map((row) => mean(row, (summary) => summary.live_flows)),
    protocols: protocolColumns(chosen, rows),
  };
}

function mean(row: readonly LiveSummary[], value: (summary: LiveSummary) => number): number {
  let sum = 0;
  let seconds = 0;
  for (const summary of row) {
    const weight = summary.interval > 0 ? summary.interval : 1;
    sum += value(summary) * weight;
    seconds += weight;
  }
  return Math.round((sum / seconds) * 1000) / 1000;
}

function protocolColumns(chosen: readonly LiveSummary[], rows: readonly (readonly LiveSummary[])[]): History["protocols"] {
  const bytes = new Map<string, number>();
  for (const summary of chosen) for (const share of summary.protocols) bytes.set(share.name, (bytes.get(share.name) ?? 0) + share.bytes);
  const largest = [...bytes].toSorted((a, b) => b[1] - a[1]).slice(0, PROTOCOLS_MAX);
  return largest.map(([name]) => ({
    name,
    bits_per_second: rows.map((row) => rate(row, name, "bytes") * 8),
    packets_per_second: rows.map((row) => rate(row, name, "packets")),
  }));
}

function rate(row: readonly LiveSummary[], name: string, measure: "bytes" | "packets"): number {
  const perSecond = (summary: LiveSummary): number => {
    const share = summary.protocols.find((candidate) => candidate.name === name);
    return share === undefined ? 0 : share[measure] / (summary.interval > 0 ? summary.interval : 1);
  };
  return mean(row, perSecond);
}
