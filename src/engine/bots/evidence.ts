import { type Conditional, responseEdges } from "./conditional.ts";
import { windowFeatures } from "./features.ts";
import type { Judgement, RhythmBench } from "./judge.ts";
import type { Evidence, FeatureValue } from "./verdict.ts";

const sequenceMax = 64;
const evidenceEdges = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60, Number.POSITIVE_INFINITY];
const logEdges = evidenceEdges.map(Math.log);

/** Reasons for a judgement, from the window that still stands in the bench: numbers in words first, then what can be drawn. */
export function gatherEvidence(
  bench: RhythmBench,
  judgement: Judgement,
  conditional: Conditional,
  opcodeOf: (token: number) => number,
): Evidence[] {
  const features = judgement.parts.flatMap((part) => part.features);
  const told = features.filter((feature) => (feature.pValue ?? 1) <= bench.config.evidencePValue);
  const evidence: Evidence[] = told
    .toSorted((a, b) => (a.pValue as number) - (b.pValue as number))
    .map((feature) => ({ kind: "text", text: sentence(feature) }));
  evidence.push(intervals(bench));
  const names = new Set(told.map((feature) => feature.name));
  if (names.has("longest-run") || names.has("action-match") || names.has("self-match") || names.has("timing-distance"))
    evidence.push(sequence(bench, names, opcodeOf));
  if (names.has("path-repeat")) evidence.push(path(bench));
  if (names.has("fast-answers") || names.has("answer-modes")) evidence.push(responses(bench, conditional));
  return evidence;
}

function sentence(feature: FeatureValue): string {
  const meaning = windowFeatures.find((known) => known.name === feature.name)?.meaning ?? otherMeanings[feature.name] ?? feature.name;
  const range = feature.people === undefined ? "" : `; of people 90 % lie in ${round(feature.people[0])}…${round(feature.people[2])}`;
  return `${meaning}: ${round(feature.value)} (${feature.name}), ${oneIn(feature.pValue ?? 1)}${range}`;
}

const otherMeanings: Readonly<Record<string, string>> = {
  "path-repeat": "share of the way points that lie on a path walked again",
  "fast-answers": "share of answers to the server that came faster than people can",
  "answer-modes": "how far the answers to the server are from having one usual delay (dip)",
  "delay-reaction": "rank correlation of pace and round trip, which is below 0 where people wait for a slow line",
  "awake-hours": "hours of play without a pause for sleep",
};

const round = (value: number): string => String(Number(value.toPrecision(3)));
const oneIn = (pValue: number): string =>
  pValue < 1e-5 ? "fewer than 1 of 100000 people come as far" : `1 of ${Math.round(1 / pValue)} people comes as far`;

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

/** The loop: what was played once, how often it came. A recording shows in its waits, a macro in its actions. */
function sequence(bench: RhythmBench, names: ReadonlySet<string>, opcodeOf: (token: number) => number): Evidence {
  const { workspace, repetition } = bench;
  const byTiming = names.has("timing-distance") && !names.has("longest-run");
  const lag = byTiming ? repetition.timingLag : repetition.longestRunLag;
  const from = byTiming ? workspace.n - 2 * lag : repetition.longestRunAt;
  const length = byTiming ? lag : Math.min(lag, repetition.longestRunLength);
  const to = Math.min(from + Math.min(length, sequenceMax), workspace.n);
  const repeats = byTiming ? Math.floor(workspace.n / lag) : Math.max(2, Math.floor(repetition.longestRunLength / lag) + 1);
  return {
    kind: "sequence",
    text: `the same ${length} actions ${repeats} times, ${lag} actions apart`,
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
  return { kind: "path", text: `the same path over ${points.length} way points, ${repeats} times`, points, repeats };
}

function responses(bench: RhythmBench, conditional: Conditional): Evidence {
  const share = Math.round((conditional.fastShare ?? 0) * 100);
  return {
    kind: "responses",
    text: `${share} % of ${conditional.responses} answers came within ${bench.config.fastResponseSeconds * 1000} ms of the server's event`,
    edgesMilliseconds: responseEdges(bench.config),
    counts: conditional.histogram,
  };
}
