import type { DetectorBacktestReport } from "#app/detector-backtest.ts";
import { countText } from "#base/count-text.ts";
import type { TriedFinding } from "#schema/detector.ts";
import { tableText } from "./table.ts";

const listed = (mark: string, findings: readonly TriedFinding[]): string[] =>
  findings.map(({ time, detector, severity, title }) => `${mark} ${time.slice(0, 19)}  ${detector}, ${severity}: ${title}`);

/** What detectors find, and what would change, for people. `isTrial` when other settings were tried. */
export function detectorReportText(report: DetectorBacktestReport, isTrial: boolean, width: number | undefined): string {
  const hours = Math.max(0, report.to - report.from) / 3.6e9;
  const head = `${countText(report.packets)} packets, ${hours.toFixed(1)} h of traffic\n`;
  if (report.detectors.length === 0) return `${head}No detector finds anything in it.\n`;
  const rows = report.detectors.map((one) => [
    one.detector,
    one.category,
    countText(one.now),
    ...(isTrial ? [countText(one.tried)] : []),
    countText(one.mostPerDay),
    countText(one.hosts),
    countText(one.history),
  ]);
  const columns = [
    { title: "detector", right: false },
    { title: "category", right: false },
    { title: "findings", right: true },
    ...(isTrial ? [{ title: "tried", right: true }] : []),
    { title: "most a day", right: true },
    { title: "hosts", right: true },
    { title: "in the history", right: true },
  ];
  const changes = report.detectors.flatMap(({ added, lost }) => [...listed("+", added), ...listed("-", lost)]);
  const tail = !isTrial ? "" : changes.length === 0 ? "\nNothing comes or goes.\n" : `\n${changes.join("\n")}\n`;
  return `${head}\n${tableText(columns, rows, width)}${tail}`;
}
