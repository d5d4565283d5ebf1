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
  /** It went on through all the time watched. */
  readonly isThroughout: boolean;
  readonly why: readonly Reason[];
}

/** Reasons that are told, the heaviest. */
const reasonsMax = 5;
const words = {
  rate: "unevenness of the calls (0: by chance, below: by a clock)",
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

/**
 * A short time speaks against a beacon. Where no more was watched, and the calls go on all through it, they cannot have
 * lasted longer: a part of that is given back, as log-odds.
 */
const throughoutMin = 0.9;
const throughoutOdds = 1;
const moved = (score: number, odds: number): number => 1 / (1 + ((1 - score) / score) * Math.exp(-odds));

/** Judges times in seconds, ascending, with their bytes, watched since and until when, and log-odds of another source; undefined for too few. */
export function judgeContacts(
  { times, bytes }: { readonly times: number[]; readonly bytes: number[] },
  from: number,
  to: number,
  odds = 0,
): Verdict | undefined {
  const isSized = bytes.some((size) => size > 0);
  const judgement = judgeBeacon(isSized ? { times, bytes, from, to } : { times, from, to });
  if (judgement === undefined) return undefined;
  const first = times[0] as number;
  const last = times[times.length - 1] as number;
  const why: Reason[] = judgement.reasons.slice(0, reasonsMax).map(({ name, value }) => ({ feature: words[name], value }));
  const rita = ritaBeacon(times, bytes, first, last);
  if (rita !== undefined) why.push({ feature: "RITA's score, for comparison", value: rita.score, sample: times.length });
  const isThroughout = last - first >= throughoutMin * (to - from);
  if (isThroughout) why.push({ feature: "share of the watched time", value: (last - first) / (to - from), threshold: throughoutMin });
  return {
    ...judgement,
    score: moved(judgement.score, odds + (isThroughout ? throughoutOdds : 0)),
    lasting: last - first,
    isThroughout,
    why,
  };
}
