import { expect, test } from "vitest";
import type { ForwardedEvent, ForwardReader } from "#contract/forward.ts";
import type { Severity } from "#schema/finding.ts";
import { FindingTally, type ReadFinding } from "./read-findings.ts";

const finding = (id: string, more: Partial<ReadFinding> = {}): ReadFinding => ({
  id,
  detector: "scan",
  category: "scan",
  severity: "low",
  title: id,
  signs: 1,
  why: [],
  ...more,
});

function tallied(findings: readonly ReadFinding[]) {
  const tally = new FindingTally();
  for (const one of findings) tally.take(one);
  return tally.result([]);
}

test.each<[string, readonly ReadFinding[], readonly (readonly [string, Severity, number])[]]>([
  ["what is told again counts once, as it was last told", [finding("a"), finding("a", { signs: 10 })], [["a", "low", 10]]],
  [
    "who becomes graver changes places",
    [finding("a"), finding("b"), finding("b", { severity: "high", signs: 3 })],
    [
      ["b", "high", 3],
      ["a", "low", 1],
    ],
  ],
  [
    "within a severity, who is accused comes first",
    [finding("a", { category: "policy" }), finding("b")],
    [
      ["b", "low", 1],
      ["a", "low", 1],
    ],
  ],
  [
    "else the order is that of the capture",
    [finding("a"), finding("b"), finding("c"), finding("a", { signs: 10 })],
    [
      ["a", "low", 10],
      ["b", "low", 1],
      ["c", "low", 1],
    ],
  ],
])("%s", (_case, findings, expected) => {
  const { count, gravest } = tallied(findings);
  expect(gravest.map(({ id, severity, signs }) => [id, severity, signs])).toEqual(expected);
  expect(count).toBe(expected.length);
});

test("200 of a severity are kept; all are counted, each once", () => {
  const many = Array.from({ length: 300 }, (_, i) => finding(`f${i}`));
  const { count, bySeverity, gravest } = tallied([...many, finding("f299", { signs: 10 }), finding("grave", { severity: "critical" })]);
  expect([count, bySeverity, gravest.length, gravest[0]?.id]).toEqual([301, { critical: 1, low: 300 }, 201, "grave"]);
});

const detector = (name: string) => ({
  name,
  summary: "",
  category: "scan" as const,
  advice: { meaning: name, next: "" },
  create: () => ({}),
});

test("advice is that of the detectors that have found something", () => {
  const tally = new FindingTally();
  tally.take(finding("a"));
  expect(tally.result([{ name: "scan", summary: "", detectors: [detector("scan"), detector("flood")] }]).advice).toEqual({
    scan: { meaning: "scan", next: "" },
  });
});

test("findings of a reader of games are heard, and go on", async () => {
  const event = {
    kind: "finding",
    time: 1,
    number: 1,
    members: {
      finding: { detector: "game-bot", category: "policy", title: "A program plays", severity: "medium", score: 1, why: [], player: "7" },
    },
  };
  const reader: ForwardReader = {
    claims: [],
    start: async () => undefined,
    block: async (_each, _clock, emit) => emit(event),
    finish: async (_clock, emit) => emit({ ...event, kind: "player" }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const tally = new FindingTally();
  const passed: string[] = [];
  const emit: ForwardedEvent = ({ kind }) => void passed.push(kind);
  const heard = tally.heard(reader);
  await heard.block(() => undefined, 0, emit);
  await heard.finish(0, emit);
  expect(passed).toEqual(["finding", "player"]);
  expect(tally.result([]).gravest).toMatchObject([{ detector: "game-bot", severity: "medium", title: "A program plays" }]);
});
