import type { History } from "#schema/api.ts";
import type { LiveSummary } from "#schema/live.ts";

/** An hour of summaries, one a second. */
const POINTS_MAX = 3600;
/** Protocols with a column of their own; what comes later counts as "other". */
const PROTOCOLS_MAX = 32;
const OVERTAKEN_INTERVALS = 5;

/** What is drawn over time. `bits` and `packets` are also kept for each protocol. */
export type Measure = "bits" | "packets";

interface ProtocolColumns {
  readonly bits: Float64Array;
  readonly packets: Float64Array;
}

/** Rows of a window, oldest first, ready for uPlot. The arrays are the caller's to keep. */
export interface Window {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  readonly total: Float64Array;
  /** One column for each protocol, largest sum first; the sum of what is left is called `other`. */
  readonly parts: readonly { readonly name: string; readonly values: Float64Array; readonly sum: number }[];
}

/**
 * The last hour in columns, outside React. The newest row is last; when the columns are full they move down by one
 * (`copyWithin`), which costs less than a microsecond a second and keeps every window a plain slice.
 */
export class Series {
  /** Grows with every change; charts redraw when it differs. */
  version = 0;
  count = 0;
  readonly times = new Float64Array(POINTS_MAX);
  readonly bits = new Float64Array(POINTS_MAX);
  readonly packets = new Float64Array(POINTS_MAX);
  readonly events = new Float64Array(POINTS_MAX);
  readonly flows = new Float64Array(POINTS_MAX);
  readonly #protocols = new Map<string, ProtocolColumns>();

  get newest(): number {
    return this.times[this.count - 1] ?? 0;
  }

  /**
   * Adds a row. A summary of the same time replaces its row; one that is a little older was overtaken by the history and
   * is left out; one that is much older starts the series anew (another source, a replay).
   */
  push(summary: LiveSummary): void {
    const time = summary.time / 1e6;
    if (this.count > 0 && time < this.newest) {
      if (this.newest - time <= OVERTAKEN_INTERVALS * summary.interval) return;
      this.clear();
    }
    if (this.count > 0 && time === this.newest) this.count--;
    if (this.count === POINTS_MAX) this.#moveDown();
    const row = this.count++;
    this.times[row] = time;
    this.bits[row] = summary.bits_per_second;
    this.packets[row] = summary.packets_per_second;
    this.events[row] = summary.events_per_second;
    this.flows[row] = summary.live_flows;
    this.#pushProtocols(row, summary);
    this.version++;
  }

  /** Replaces everything by the server's history. */
  load(history: History): void {
    this.clear();
    const from = Math.max(0, history.time.length - POINTS_MAX);
    this.count = history.time.length - from;
    this.times.set(history.time.slice(from).map((time) => time / 1e6));
    this.bits.set(history.bits_per_second.slice(from));
    this.packets.set(history.packets_per_second.slice(from));
    this.events.set(history.events_per_second.slice(from));
    this.flows.set(history.live_flows.slice(from));
    for (const protocol of history.protocols) {
      const columns = this.#newProtocol(protocol.name);
      columns?.bits.set(protocol.bits_per_second.slice(from));
      columns?.packets.set(protocol.packets_per_second.slice(from));
    }
  }

  clear(): void {
    this.count = 0;
    this.#protocols.clear();
    this.version++;
  }

  /** The rows of the last `seconds`, with at most `partsMax` protocols beside `other`. */
  window(measure: Measure, seconds: number, partsMax: number): Window {
    const from = this.#firstRow(this.newest - seconds);
    const total = (measure === "bits" ? this.bits : this.packets).slice(from, this.count);
    const all = [...this.#protocols].map(([name, columns]) => {
      const values = columns[measure].slice(from, this.count);
      return { name, values, sum: sumOf(values) };
    });
    const sorted = all.filter((part) => part.sum > 0 && part.name !== OTHER).toSorted((a, b) => b.sum - a.sum);
    const parts = sorted.slice(0, partsMax);
    const rest = remainder(total, parts);
    return { times: this.times.slice(from, this.count), total, parts: rest.sum > sumOf(total) * 1e-6 ? [...parts, rest] : parts };
  }

  #pushProtocols(row: number, summary: LiveSummary): void {
    for (const columns of this.#protocols.values()) {
      columns.bits[row] = 0;
      columns.packets[row] = 0;
    }
    const seconds = summary.interval > 0 ? summary.interval : 1;
    for (const share of summary.protocols) {
      const columns = this.#protocols.get(share.name) ?? this.#newProtocol(share.name);
      if (columns === undefined) continue;
      columns.bits[row] = (share.bytes * 8) / seconds;
      columns.packets[row] = share.packets / seconds;
    }
  }

  #newProtocol(name: string): ProtocolColumns | undefined {
    if (this.#protocols.size >= PROTOCOLS_MAX) return undefined;
    const columns = { bits: new Float64Array(POINTS_MAX), packets: new Float64Array(POINTS_MAX) };
    this.#protocols.set(name, columns);
    return columns;
  }

  #moveDown(): void {
    for (const column of [this.times, this.bits, this.packets, this.events, this.flows]) column.copyWithin(0, 1);
    for (const columns of this.#protocols.values()) {
      columns.bits.copyWithin(0, 1);
      columns.packets.copyWithin(0, 1);
    }
    this.count--;
  }

  #firstRow(time: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const OTHER = "other";

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function remainder(total: Float64Array, parts: readonly { values: Float64Array }[]): Window["parts"][number] {
  const values = total.slice();
  for (const part of parts) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) - (part.values[i] as number);
  for (let i = 0; i < values.length; i++) if ((values[i] as number) < 0) values[i] = 0;
  return { name: OTHER, values, sum: sumOf(values) };
}
