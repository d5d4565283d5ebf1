import { useEffect, useState } from "react";
import type { FindingRow } from "#schema/finding-mark.ts";
import type { FindingsQuestion } from "#web/state/api.ts";
import { useLive, useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";

/** Most rows of one answer. */
const answerRowsMax = 1000;
/** How often it is asked again for what others have marked. */
const everyMs = 15_000;
/** A store needs a moment to write what the live stream has told already. */
const settleMs = 1500;

export interface Findings {
  readonly findings: readonly FindingRow[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

/** The first `wanted` findings. Asked again when the live stream tells of findings, unless they are more than one answer holds. */
export function useFindings(question: Omit<FindingsQuestion, "limit" | "cursor">, wanted: number): Loaded<Findings> {
  const { api } = useServices();
  const loaded = useLoaded(
    JSON.stringify([question, wanted]),
    async (signal): Promise<Findings> => {
      const findings: FindingRow[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.findings.list({ ...question, limit: Math.min(wanted - findings.length, answerRowsMax), cursor }, signal);
        findings.push(...page.findings);
        cursor = page.next;
      } while (cursor !== undefined && findings.length < wanted);
      return { findings, more: cursor !== undefined };
    },
    everyMs,
  );
  useFreshFindings(wanted <= answerRowsMax ? loaded.reload : undefined);
  return loaded;
}

/** Calls `reload` a moment after the live stream has told of findings. */
export function useFreshFindings(reload: (() => void) | undefined): void {
  const told = useLive((state) => state.arrived["finding"] ?? 0);
  const [seen, setSeen] = useState(told);
  const stale = told !== seen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stream that never rests must not put the question off for ever
  useEffect(() => {
    if (!stale || reload === undefined) return undefined;
    const timer = setTimeout(() => {
      setSeen(told);
      if (document.visibilityState === "visible") reload();
    }, settleMs);
    return () => clearTimeout(timer);
  }, [stale, reload]);
}
