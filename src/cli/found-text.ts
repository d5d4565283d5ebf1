import type { ReadFinding, ReadFindings } from "#app/read-findings.ts";
import { countText } from "#base/count-text.ts";
import { becauseOf } from "#client/reason.ts";
import { type Severity, severities } from "#schema/finding.ts";
import { harmless } from "./table.ts";
import { wrapped } from "./wrap.ts";

/** Findings that are printed, of them by one detector, and reasons of each. */
const shownMax = 10;
const sameDetectorMax = 3;
const reasonsMax = 3;
/** Where the text behind a label begins. */
const indent = 9;
/** A narrower terminal breaks the lines itself. */
const widthMin = 40;
/** Where there is no terminal. */
const widthDefault = 80;

/** SGR parameters. */
const colours: Readonly<Record<Severity, string>> = { critical: "1;31", high: "31", medium: "33", low: "36", info: "2" };

/** What a text is printed on. */
export interface Paper {
  /** Columns. */
  readonly width: number;
  readonly hasColour: boolean;
}

/** The standard output as it is. */
export function paperOf(): Paper {
  const { isTTY, columns } = process.stdout;
  return isTTY
    ? { width: Math.max(widthMin, columns), hasColour: (process.env["NO_COLOR"] ?? "") === "" }
    : { width: widthDefault, hasColour: false };
}

/**
 * What was found, the gravest first: why, what it means and what to do, the last two once for each detector. `further`
 * says how to look at all of them.
 */
export function foundText({ count, bySeverity, gravest, advice }: ReadFindings, further: readonly string[], paper: Paper): string {
  if (count === 0) return "";
  const shown = firstOf(gravest);
  const advised = new Set<string>();
  const lines = [labelled("found", countsText(bySeverity), paper)];
  for (const finding of shown) {
    const { detector } = finding;
    lines.push("", titleText(finding, paper), labelled("why", reasonsText(finding), paper));
    const advices = advised.has(detector) ? undefined : advice[detector];
    advised.add(detector);
    if (advices !== undefined) lines.push(labelled("means", advices.meaning, paper), labelled("next", advices.next, paper));
  }
  const more = count - shown.length;
  if (more > 0) lines.push("", labelled("more", `${countText(more)} that are not shown here`, paper));
  // Commands are in one line, so that they can be copied.
  lines.push("", ...further.map((line, index) => `${(index === 0 ? "look" : "").padEnd(indent)}${harmless(line)}`));
  return lines.map((line) => `${line}\n`).join("");
}

/** The first ones, but of no detector so many that others would not be seen. */
function firstOf(gravest: readonly ReadFinding[]): readonly ReadFinding[] {
  const seen = new Map<string, number>();
  return gravest
    .filter(({ detector }) => {
      const before = seen.get(detector) ?? 0;
      seen.set(detector, before + 1);
      return before < sameDetectorMax;
    })
    .slice(0, shownMax);
}

/** `1 high, 3 low`. */
const countsText = (bySeverity: ReadFindings["bySeverity"]): string =>
  severities
    .toReversed()
    .flatMap((severity) => (bySeverity[severity] === undefined ? [] : [`${countText(bySeverity[severity])} ${severity}`]))
    .join(", ");

function titleText({ severity, title }: ReadFinding, paper: Paper): string {
  const text = labelled(severity, title, paper);
  return paper.hasColour ? `\u001b[${colours[severity]}m${severity}\u001b[0m${text.slice(severity.length)}` : text;
}

const reasonsText = ({ why, detector }: ReadFinding): string =>
  `${why.slice(0, reasonsMax).map(becauseOf).join("; ")} (detector ${detector})`.trimStart();

/** A text behind its label, in lines of its own column. */
const labelled = (label: string, text: string, { width }: Paper): string =>
  wrapped(harmless(text), width - indent)
    .map((line, index) => `${(index === 0 ? label : "").padEnd(indent)}${line}`)
    .join("\n");
