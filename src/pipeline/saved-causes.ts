import { severities } from "#schema/finding.ts";

/** What the finding desk knows of one cause. */
export interface Cause {
  readonly id: string;
  /** Times of its first and its last sign, µs. */
  readonly first: number;
  last: number;
  signs: number;
  /** Signs at which it is told again. */
  retellAt: number;
  /** Place in `severities`. */
  severity: number;
  score: number;
}

/** Causes as a file keeps them; another version is not understood, and its causes are met anew. */
const version = 1;

/** Of each: key, id, first, last, signs, retellAt, severity, score. */
type SavedCause = readonly [string, string, number, number, number, number, number, number];

/** The causes in their order, beside the time at which they stood so. */
export const causesToSaved = (clock: number, causes: Iterable<[string, Cause]>): unknown => ({
  version,
  clock,
  causes: Array.from(
    causes,
    ([key, { id, first, last, signs, retellAt, severity, score }]): SavedCause => [key, id, first, last, signs, retellAt, severity, score],
  ),
});

/** What `causesToSaved` has made; `undefined` when it is anything else, as a damaged file or one of another version. */
export function causesFromSaved(
  saved: unknown,
): { readonly clock: number; readonly causes: readonly (readonly [string, Cause])[] } | undefined {
  const { version: found, clock, causes } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  if (found !== version || !isTime(clock) || !Array.isArray(causes) || !causes.every(isSavedCause)) return undefined;
  return {
    clock,
    causes: causes.map(([key, id, first, last, signs, retellAt, severity, score]) => [
      key,
      { id, first, last, signs, retellAt, severity, score },
    ]),
  };
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

function isSavedCause(saved: unknown): saved is SavedCause {
  if (!Array.isArray(saved) || saved.length !== 8) return false;
  const [key, id, first, last, signs, retellAt, severity, score] = saved as readonly unknown[];
  return (
    typeof key === "string" &&
    /^[0-9a-f]{16}$/.test(typeof id === "string" ? id : "") &&
    isTime(first) &&
    isTime(last) &&
    isCount(signs) &&
    isCount(retellAt) &&
    severities[severity as number] !== undefined &&
    Number.isFinite(score)
  );
}
