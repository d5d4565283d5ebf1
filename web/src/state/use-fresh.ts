import { useEffect, useState } from "react";
import { useLive } from "./context.ts";

/** A store needs a moment to write what the live stream has told already. */
const settleMs = 1500;

/** Calls `reload` a moment after the live stream has told of events of a kind. */
export function useFresh(kind: string, reload: (() => void) | undefined): void {
  const told = useLive((state) => state.arrived[kind] ?? 0);
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
