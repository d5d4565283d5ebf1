import type { FindingRow } from "#schema/finding-mark.ts";
import type { FindingsQuestion } from "#web/state/api.ts";
import { useServices } from "#web/state/context.ts";
import { answerRowsMax, rowsUpTo } from "#web/state/rows-up-to.ts";
import { useFresh } from "#web/state/use-fresh.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";

/** How often it is asked again for what others have marked. */
const everyMs = 15_000;

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
      const { rows, more } = await rowsUpTo(
        wanted,
        (page) => api.findings.list({ ...question, ...page }, signal),
        ({ findings }) => findings,
      );
      return { findings: rows, more };
    },
    everyMs,
  );
  useFresh("finding", wanted <= answerRowsMax ? loaded.reload : undefined);
  return loaded;
}
