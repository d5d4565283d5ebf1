import { type Measurement, median } from "./measure.ts";

/** All runs of one contender on one capture. */
export interface Result {
  readonly name: string;
  readonly version: string;
  readonly command: string;
  /** One for each round; a single one for slow contenders. */
  readonly runs: readonly Measurement[];
  /** Why there are no runs, or what is special about them. */
  readonly remark?: string;
  /** Bytes of eve.json, where it writes one. */
  readonly eveBytes: number | undefined;
}

const figures = { wall: "wall s", cpu: "CPU s", megabytes: "MB" } as const;
type Figure = keyof typeof figures;

const middle = (result: Result, figure: Figure): number => median(result.runs.map((run) => run[figure] ?? Number.NaN));

/**
 * How many times more a contender needs than the first one: the median of the rounds' own ratios, since what disturbs a
 * round disturbs both; for a single run the ratio to the other's median.
 */
export function ratio(result: Result, base: Result, figure: Figure): number {
  if (result.runs.length !== base.runs.length) return middle(result, figure) / middle(base, figure);
  return median(result.runs.map((run, i) => (run[figure] ?? Number.NaN) / (base.runs[i]?.[figure] ?? Number.NaN)));
}

/** The results on one capture as a table for people, with ratios to the first of them. */
export function table(results: readonly Result[], packets: number): string {
  const base = results[0];
  const head = ["", "version", "runs", ...Object.values(figures), "Mpps", "eve MB", "wall ×", "CPU ×", "memory ×"];
  const rows = results.map((result) => {
    if (result.runs.length === 0 || base === undefined) return [result.name, result.version, "0"];
    const eve = result.eveBytes === undefined ? "" : (result.eveBytes / 1e6).toFixed(1);
    return [
      result.name,
      result.version,
      String(result.runs.length),
      ...(["wall", "cpu", "megabytes"] as const).map((figure) => text(middle(result, figure), figure === "megabytes" ? 0 : 2)),
      text(packets / middle(result, "wall") / 1e6, 2),
      eve,
      ...(["wall", "cpu", "megabytes"] as const).map((figure) => text(ratio(result, base, figure), 2)),
    ];
  });
  const remarks = results.filter(({ remark }) => remark !== undefined).map(({ name, remark }) => `${name}: ${remark}`);
  const commands = results.map(({ name, command }) => `${name}: ${command}`);
  return [...align([head, ...rows]), "", ...remarks, ...commands].join("\n");
}

const text = (value: number, digits: number): string => (Number.isNaN(value) ? "?" : value.toFixed(digits));

/** Two columns of words to the left, figures to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
