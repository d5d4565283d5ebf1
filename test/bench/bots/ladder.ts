/** The table of the bench: true positives at 1 % false ones, for each disguise and sample size, worst of the seeds. */
import { RhythmBench } from "#engine/bots/judge.ts";
import { benchConfig, samplesOf } from "./feed.ts";
import { makeAccount } from "./generator.ts";
import { type Disguise, disguises } from "./script.ts";
import { share, tableText } from "./table-text.ts";

const sizes = [50, 200, 400] as const;

/** By size: what each account scores, the scorer under test and the trivial one. */
interface Scores {
  readonly rhythm: Map<number, number[]>;
  readonly trivial: Map<number, number[]>;
}

export interface Row {
  readonly disguise: Disguise;
  /** By size: worst of the seeds. */
  readonly rhythm: readonly number[];
  readonly trivial: readonly number[];
}

export interface LadderPlan {
  readonly seeds: readonly number[];
  readonly people: number;
  readonly scripts: number;
  /** Withholds positions and the server's events: only opcodes and times are left. */
  readonly bare: boolean;
}

export function runLadder(plan: LadderPlan): Row[] {
  const worst = disguises.map((disguise) => ({ disguise, rhythm: sizes.map(() => 1), trivial: sizes.map(() => 1) }));
  for (const seed of plan.seeds) {
    const people = scoresOf(seed, "person", plan.people, plan.bare);
    for (const row of worst) {
      const scripts = scoresOf(seed, row.disguise, plan.scripts, plan.bare);
      sizes.forEach((size, i) => {
        row.rhythm[i] = Math.min(row.rhythm[i] as number, caught(people.rhythm, scripts.rhythm, size));
        row.trivial[i] = Math.min(row.trivial[i] as number, caught(people.trivial, scripts.trivial, size));
      });
    }
  }
  return worst;
}

function scoresOf(seed: number, label: "person" | Disguise, count: number, bare: boolean): Scores {
  const bench = new RhythmBench(benchConfig);
  const scores: Scores = { rhythm: new Map(), trivial: new Map() };
  const offset = label === "person" ? 0 : (disguises.indexOf(label) + 1) * 10_000;
  for (let i = 0; i < count; i++) {
    const account = makeAccount(seed * 1_000_000 + offset + i, label, 401, !bare);
    for (const sample of samplesOf(account, bench, bare)) {
      push(scores.rhythm, sample.size, sample.judgement.ratio);
      push(scores.trivial, sample.size, -sample.variation);
    }
  }
  return scores;
}

function push(map: Map<number, number[]>, size: number, value: number): void {
  const list = map.get(size);
  if (list === undefined) map.set(size, [value]);
  else list.push(value);
}

/** Share of scripts above the threshold that 1 % of the people exceed. */
function caught(people: Map<number, number[]>, scripts: Map<number, number[]>, size: number): number {
  const sorted = (people.get(size) ?? []).toSorted((a, b) => b - a);
  const threshold = sorted[Math.floor(sorted.length * 0.01)] ?? Number.POSITIVE_INFINITY;
  const list = scripts.get(size) ?? [];
  return list.filter((value) => value > threshold).length / Math.max(1, list.length);
}

export function ladderText(rows: readonly Row[]): string {
  return tableText([
    ["disguise", ...sizes.map((size) => `n=${size}`), ...sizes.map((size) => `CV n=${size}`)],
    ...rows.map((row) => [row.disguise, ...row.rhythm.map(share), ...row.trivial.map(share)]),
  ]);
}
