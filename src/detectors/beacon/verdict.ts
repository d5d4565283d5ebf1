import type { Reason } from "#contract/detector.ts";
import { judgeBeacon } from "#engine/beacon/periodicity.ts";
import { ritaBeacon } from "#engine/beacon/rita-score.ts";

/** What the contacts of a pair look like. */
export interface Verdict {
  readonly score: number;
  /** Seconds. */
  readonly period: number | undefined;
  readonly meanGap: number;
  readonly contacts: number;
  /** Seconds from the first to the last. */
  readonly lasting: number;
  readonly why: readonly Reason[];
}

/** Reasons that are told, the heaviest. */
const reasonsMax = 5;
const words = {
  rate: "clumping of the rate (below 0: a clock)",
  pauses: "share of time in pauses",
  bursts: "share of contacts in bursts",
  gaps: "spread of the gaps (1: no clock)",
  memory: "memory from gap to gap",
  period: "period, s",
  sizes: "share of one size",
  duration: "duration, s",
  coverage: "share of the watched time",
  "switched-off": "one long pause, s",
} as const;

/** Judges times in seconds, ascending, with their bytes; undefined for too few. */
export function judgeContacts({ times, bytes }: { readonly times: number[]; readonly bytes: number[] }): Verdict | undefined {
  const isSized = bytes.some((size) => size > 0);
  const judgement = judgeBeacon(isSized ? { times, bytes } : { times });
  if (judgement === undefined) return undefined;
  const first = times[0] as number;
  const last = times[times.length - 1] as number;
  const why: Reason[] = judgement.reasons.slice(0, reasonsMax).map(({ name, value }) => ({ feature: words[name], value }));
  const rita = ritaBeacon(times, bytes, first, last);
  if (rita !== undefined) why.push({ feature: "RITA's score, for comparison", value: rita.score, sample: times.length });
  return { ...judgement, lasting: last - first, why };
}
