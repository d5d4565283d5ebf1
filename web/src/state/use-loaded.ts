import { useCallback, useEffect, useRef, useState } from "react";

/** What came of asking the API. While a newer answer is awaited, `data` stays the last one. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Asks when the view appears and whenever `key` changes; `undefined` as key asks nothing. An answer that comes after
 * the question has changed is thrown away. `everyMs` asks again and again, but not while the tab is hidden.
 */
export function useLoaded<T>(key: string | undefined, load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ key: string | undefined; data?: T; error?: Error; loading: boolean }>({
    key: undefined,
    loading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => setRound((value) => value + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same question again
  useEffect(() => {
    if (key === undefined) return undefined;
    const aborter = new AbortController();
    setState((before) => (before.key === key ? { ...before, loading: true } : { key, loading: true }));
    latest.current(aborter.signal).then(
      (data) => {
        if (!aborter.signal.aborted) setState({ key, data, loading: false });
      },
      (cause: unknown) => {
        if (aborter.signal.aborted) return;
        const error = cause instanceof Error ? cause : new Error(String(cause));
        setState((before) => ({ ...before, key, error, loading: false }));
      },
    );
    return () => aborter.abort();
  }, [key, round]);

  // Asking again does not mend a question that is wrong in itself.
  const hopeless = state.key === key && state.error !== undefined && "status" in state.error && state.error.status === 400;
  useEffect(() => {
    if (everyMs === undefined || hopeless) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload, hopeless]);

  const mine = state.key === key;
  return { data: mine ? state.data : undefined, error: mine ? state.error : undefined, loading: !mine || state.loading, reload };
}
