/**
 * Tries detectors on captures in a process of its own, behind all others in line. Tells on standard output, a JSON line
 * each, how far it is, and at last what changes or why it could not.
 */
import type { Config } from "#schema/config.ts";
import type { DetectorTrial } from "#schema/detector.ts";
import { backtestDetectors } from "./detector-backtest.ts";

export interface TrialGiven {
  readonly captures: readonly string[];
  readonly truncated: boolean;
  readonly config: Config;
  readonly tried: Config;
}

export type TrialLine = { readonly share: number } | { readonly report: DetectorTrial["report"] } | { readonly cause: string };

const tell = (line: TrialLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const iso = (micros: number): string => new Date(micros / 1000).toISOString();

if (import.meta.main) {
  const { captures, truncated, config, tried } = JSON.parse(process.argv[2] ?? "{}") as TrialGiven;
  let passes = 0;
  let before = 0;
  try {
    const report = await backtestDetectors({
      paths: captures,
      config,
      tried,
      onProgress: (share = 0) => {
        // The second pass begins where the share falls.
        if (share < before) passes = 1;
        before = share;
        tell({ share: (passes + share) / 2 });
      },
    });
    const detectors = report.detectors.map(({ detector, category, now, tried: then, mostPerDay, hosts, added, lost }) => ({
      detector,
      category,
      now,
      tried: then,
      most_per_day: mostPerDay,
      hosts,
      added,
      lost,
    }));
    const { packets, from, to } = report;
    tell({ report: { captures: captures.length, truncated, packets, from: iso(from), to: iso(to), detectors } });
  } catch (error) {
    tell({ cause: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
}
