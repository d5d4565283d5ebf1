import { expect, test } from "vitest";
import type { ReadFinding, ReadFindings } from "#app/read-findings.ts";
import type { Severity } from "#schema/finding.ts";
import { foundText } from "./found-text.ts";

const finding = (detector: string, severity: Severity, title: string): ReadFinding => ({
  id: title,
  detector,
  category: "scan",
  severity,
  title,
  signs: 1,
  why: ["ports", "hosts", "share without an answer", "a fourth"].map((feature) => ({ feature, value: 0.5, threshold: 0.25 })),
});

const findingsOf = (gravest: readonly ReadFinding[], more: Partial<ReadFindings> = {}): ReadFindings => ({
  count: gravest.length,
  bySeverity: { high: gravest.length },
  gravest,
  advice: { scan: { meaning: "Somebody looks around.", next: "Ask who it is." } },
  ...more,
});

const paper = { width: 40, hasColour: false };

test("a finding is told with its first reasons, what it means and what to do, in lines that fit", () => {
  const text = foundText(findingsOf([finding("scan", "high", "10.0.0.5 knocked at 403 TCP ports of 10.0.0.9")]), ["oddwire serve"], paper);
  expect(text).toBe(`\
found    1 high

high     10.0.0.5 knocked at 403 TCP
         ports of 10.0.0.9
why      ports: 0.5 (threshold 0.25);
         hosts: 0.5 (threshold 0.25);
         share without an answer: 50 %
         (threshold 25 %) (detector
         scan)
means    Somebody looks around.
next     Ask who it is.

look     oddwire serve
`);
});

test("advice stands once for a detector; three of one detector and ten in all are shown, the others counted", () => {
  const same = Array.from({ length: 5 }, (_, i) => finding("scan", "high", `scan ${i}`));
  const others = Array.from({ length: 12 }, (_, i) => finding(`other ${i}`, "low", `other ${i}`));
  const all = findingsOf([...same, ...others], { count: 1234, bySeverity: { high: 5, low: 1229 } });
  const lines = foundText(all, ["oddwire query findings"], paper).split("\n");
  expect(lines[0]).toBe("found    5 high, 1,229 low");
  expect(lines.filter((line) => line.startsWith("means"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("high "))).toHaveLength(3);
  expect(lines.filter((line) => line.startsWith("low "))).toHaveLength(7);
  expect(lines).toContain("more     1,224 that are not shown here");
});

test.each<[string, string, string]>([
  ["what steers a terminal does not get through", "\u001b[2Jgone", "high     ·[2Jgone"],
  ["a word that is longer than the line is cut", "x".repeat(40), `high     ${"x".repeat(31)}\n         ${"x".repeat(9)}\n`],
  ["a title of spaces does not throw", "   ", "high     "],
])("%s", (_case, title, part) => {
  expect(foundText(findingsOf([finding("scan", "high", title)]), [], paper)).toContain(part);
});

test("only the severity is coloured", () => {
  const text = foundText(findingsOf([finding("scan", "critical", "it")]), [], { width: 40, hasColour: true });
  expect(text).toContain("\n\u001b[1;31mcritical\u001b[0m it\n");
});

test("nothing is printed when nothing was found", () => {
  expect(foundText(findingsOf([]), ["oddwire serve"], paper)).toBe("");
});
