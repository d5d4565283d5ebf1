import { type FindingCategory, isAttackCategory } from "#schema/finding.ts";
import { corpus } from "#test/e2e/corpora.ts";
import { eventsIn, reading } from "#test/e2e/reading.ts";
import { boxplotFires, packetsPerSecond, robustZFires } from "./trivial.ts";
import { wantedCategories } from "./wanted.ts";

/** A finding as the tables tell it. */
export interface FoundRow {
  readonly detector: string;
  readonly category: FindingCategory;
  readonly severity: string;
  readonly title: string;
}

/** What was found in one capture. */
export interface CaptureRow {
  readonly file: string;
  readonly category: string;
  readonly findings: readonly FoundRow[];
  /** Whether the trivial detectors fire. */
  readonly boxplot: boolean;
  readonly robustZ: boolean;
}

/** Reads all captures of the corpora, or those whose name holds `part`, and gathers the findings. */
export async function readCaptures(
  part: string,
  settings: readonly string[],
  onFile: (done: number, all: number) => void,
): Promise<CaptureRow[]> {
  const files = corpus().filter(({ file }) => file.includes(part));
  const rows: CaptureRow[] = [];
  for (const { path, file, category } of files) {
    const events = eventsIn(await reading([path], { settings }));
    const findings = new Map<string, FoundRow>();
    for (const { event_type, ...members } of events) {
      if (event_type !== "finding") continue;
      const finding = members["finding"] as FoundRow & { readonly id?: string };
      findings.set(finding.id ?? finding.title, finding);
    }
    const counts = await packetsPerSecond(path);
    rows.push({ file, category, findings: [...findings.values()], boxplot: boxplotFires(counts), robustZ: robustZFires(counts) });
    onFile(rows.length, files.length);
  }
  return rows.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

export const isLabelled = ({ category }: CaptureRow): boolean => category.startsWith("attack-");

/** True when one of the findings has a category that is right for the capture. */
export const isHit = ({ category, findings }: CaptureRow): boolean =>
  findings.some((finding) => wantedCategories[category]?.includes(finding.category) === true);

export const accusations = ({ findings }: CaptureRow): readonly FoundRow[] => findings.filter(({ category }) => isAttackCategory(category));

const percent = (part: number, all: number): string => (all === 0 ? "–" : `${((100 * part) / all).toFixed(1)} %`);
const tell = ({ category, detector, title }: FoundRow): string => `      ${category.padEnd(12)} ${detector}: ${title}`;

/** The tables as lines of text. */
export function captureTables(rows: readonly CaptureRow[]): string[] {
  const labelled = rows.filter(isLabelled);
  const judged = labelled.filter(({ category }) => category !== "attack-exploit");
  const background = rows.filter((row) => !isLabelled(row));
  const accused = background.filter((row) => accusations(row).length > 0);
  const lines = ["Labelled captures (the class is the collectors'):"];
  for (const row of labelled) {
    lines.push(`  ${isHit(row) ? "found " : "missed"} ${row.file.replace("pcaps/", "")}`);
    for (const finding of row.findings.slice(0, 6)) lines.push(tell(finding));
  }
  lines.push("", `Other captures that are accused of an attack (${accused.length} of ${background.length}):`);
  for (const row of accused) lines.push(`  ${row.file.replace("pcaps/", "")}`, ...accusations(row).slice(0, 4).map(tell));
  const count = (list: readonly CaptureRow[], test: (row: CaptureRow) => boolean): number => list.filter(test).length;
  lines.push("", "                                   labelled, right category      others accused");
  const row = (name: string, hit: (one: CaptureRow) => boolean, accuses: (one: CaptureRow) => boolean): void => {
    const hits = count(judged, hit);
    const wrong = count(background, accuses);
    lines.push(
      `  ${name.padEnd(32)} ${`${hits} of ${judged.length} = ${percent(hits, judged.length)}`.padEnd(28)} ${wrong} of ${background.length} = ${percent(wrong, background.length)}`,
    );
  };
  row("Oddwire", isHit, (one) => accusations(one).length > 0);
  // The trivial detectors know no categories: whatever they say counts as right.
  row(
    "packet-rate boxplot, any alarm",
    ({ boxplot }) => boxplot,
    ({ boxplot }) => boxplot,
  );
  row(
    "packet-rate robust z, any alarm",
    ({ robustZ }) => robustZ,
    ({ robustZ }) => robustZ,
  );
  return lines;
}

/** How many captures each detector speaks of, by whether its category is an attack. */
export function detectorTable(rows: readonly CaptureRow[]): string[] {
  const counts = new Map<string, [number, number]>();
  for (const row of rows)
    for (const name of new Set(row.findings.map(({ detector, category }) => `${category} ${detector}`))) {
      const pair = counts.get(name) ?? [0, 0];
      pair[isLabelled(row) ? 0 : 1]++;
      counts.set(name, pair);
    }
  return [
    "Captures by category and detector (labelled, others):",
    ...[...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, [labelled, others]]) => `  ${name.padEnd(40)} ${labelled} ${others}`),
  ];
}
