import { type Conditional, responseEdges } from "./conditional.ts";
import { windowFeatures } from "./features.ts";
import type { Judgement, RhythmBench } from "./judge.ts";
import type { Evidence, FeatureValue } from "./verdict.ts";

const sequenceMax = 64;
const evidenceEdges = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60, Number.POSITIVE_INFINITY];
const logEdges = evidenceEdges.map(Math.log);

const loopNames = ["longest-run", "action-match", "self-match", "timing-distance"] as const;

const toldOf = ({ config }: RhythmBench, { parts }: Judgement): FeatureValue[] =>
  parts.flatMap((part) => part.features).filter((feature) => (feature.pValue ?? 1) <= config.evidencePValue);
const drawsLoop = (names: ReadonlySet<string>): boolean => loopNames.some((name) => names.has(name));

/** True when the loop and the path that the evidence draws have not left the window since they were found. */
export function stands(bench: RhythmBench, judgement: Judgement): boolean {
  const names = new Set(toldOf(bench, judgement).map(({ name }) => name));
  return (!drawsLoop(names) || loopOf(bench, names).from >= 0) && (!names.has("path-repeat") || bench.path.at >= 0);
}

/** Reasons for a judgement, from the window that still stands in the bench: numbers in words first, then what can be drawn. */
export function gatherEvidence(
  bench: RhythmBench,
  judgement: Judgement,
  conditional: Conditional,
  opcodeOf: (token: number) => number,
): Evidence[] {
  const told = toldOf(bench, judgement);
  const evidence: Evidence[] = told
    .toSorted((a, b) => (a.pValue as number) - (b.pValue as number))
    .map((feature) => ({ kind: "text", text: sentence(feature) }));
  evidence.push(intervals(bench));
  const names = new Set(told.map((feature) => feature.name));
  if (drawsLoop(names)) evidence.push(sequence(bench, names, opcodeOf));
  if (names.has("path-repeat")) evidence.push(path(bench));
  if (names.has("fast-answers") || names.has("answer-modes")) evidence.push(responses(bench, conditional));
  return evidence;
}

/** What it means, then what was measured. */
function sentence(feature: FeatureValue): string {
  const { name, value, people } = feature;
  const range = people === undefined ? "" : `, 90 % of people have ${round(people[0])} to ${round(people[2])}`;
  return `${meaning(feature)}: ${name} ${round(value)}${range}; ${oneIn(feature.pValue ?? 1)}`;
}

function meaning({ name, value, people }: FeatureValue): string {
  const known = windowFeatures.find((feature) => feature.name === name);
  if (known === undefined) return otherMeanings[name] ?? name;
  const isLow = known.bots === "low" || (known.bots === "both" && value < (people?.[1] ?? 0));
  return isLow ? known.low : known.high;
}

const otherMeanings: Readonly<Record<string, string>> = {
  "path-repeat": "the same path is walked again, share of the way points",
  "fast-answers": "it answers the server faster than people can, share of the answers",
  "answer-modes": "its answers to the server gather at several fixed times",
  "delay-reaction": "it does not slow down when the line does",
  "awake-hours": "it plays without a pause for sleep, hours",
};

const round = (value: number): string => String(Number(value.toPrecision(3)));
const oneIn = (pValue: number): string =>
  pValue < 1e-5 ? "fewer than 1 in 100,000 people" : `1 in ${thousands(Math.round(1 / pValue))} people`;
const thousands = (count: number): string => String(count).replace(/(\d)(?=(\d{3})+$)/g, "$1,");

function intervals(bench: RhythmBench): Evidence {
  const { workspace, peopleWaits } = bench;
  const { n, sorted } = workspace;
  const middle = sorted[n >> 1] as number;
  const people = countsBelow(peopleWaits, peopleWaits.length, middle);
  return {
    kind: "intervals",
    text: `waits between ${n} actions, median ${round(Math.exp(middle))} s; people's are drawn around the same median`,
    edgesSeconds: evidenceEdges.slice(0, -1),
    counts: countsBelow(sorted, n, 0),
    people: people.map((count) => Math.round((count * n * 10) / peopleWaits.length) / 10),
  };
}

/** Sorted ln(seconds), moved by as much, in the bins of the evidence. */
function countsBelow(sorted: ArrayLike<number>, n: number, moved: number): number[] {
  let at = 0;
  return logEdges.map((edge) => {
    const from = at;
    while (at < n && (sorted[at] as number) + moved <= edge) at += 1;
    return at - from;
  });
}

/** Where the loop stands in the workspace. A recording shows in its waits, a macro in its actions. */
function loopOf(bench: RhythmBench, names: ReadonlySet<string>): { byTiming: boolean; lag: number; from: number } {
  const { measuredActions, movedActions, repetition } = bench;
  const byTiming = names.has("timing-distance") && !names.has("longest-run");
  const lag = byTiming ? repetition.timingLag : repetition.longestRunLag;
  const from = (byTiming ? measuredActions - 2 * lag : repetition.longestRunAt) - movedActions;
  return { byTiming, lag, from };
}

/** The loop: what was played once, how often it came. */
function sequence(bench: RhythmBench, names: ReadonlySet<string>, opcodeOf: (token: number) => number): Evidence {
  const { workspace, repetition, measuredActions } = bench;
  const { byTiming, lag, from } = loopOf(bench, names);
  const length = byTiming ? lag : Math.min(lag, repetition.longestRunLength);
  const to = Math.min(from + Math.min(length, sequenceMax), workspace.n);
  const repeats = byTiming ? Math.floor(measuredActions / lag) : Math.max(2, Math.floor(repetition.longestRunLength / lag) + 1);
  return {
    kind: "sequence",
    text: length === lag ? `the same ${lag} actions, ${repeats} times in a row` : `the same ${length} actions again, ${lag} actions later`,
    opcodes: Array.from(workspace.tokens.subarray(from, to), opcodeOf),
    intervalsSeconds: Array.from(workspace.gaps.subarray(from, to), (gap) => Number(gap.toFixed(3))),
    repeats,
  };
}

function path(bench: RhythmBench): Evidence {
  const { workspace, path: found } = bench;
  const points: (readonly [number, number])[] = [];
  for (let i = found.at; i < found.at + Math.min(found.lag, found.length); i++)
    points.push([Number((workspace.x[i] as number).toFixed(2)), Number((workspace.y[i] as number).toFixed(2))]);
  const repeats = Math.floor(found.length / found.lag) + 1;
  return { kind: "path", text: `the same path of ${points.length} way points, walked ${repeats} times`, points, repeats };
}

function responses(bench: RhythmBench, conditional: Conditional): Evidence {
  const share = Math.round((conditional.fastShare ?? 0) * 100);
  return {
    kind: "responses",
    text: `${conditional.responses} answers to events of the server, ${share} % of them within ${bench.config.fastResponseSeconds * 1000} ms`,
    edgesMilliseconds: responseEdges(bench.config),
    counts: conditional.histogram,
  };
}
